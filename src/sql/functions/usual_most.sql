create or replace function triage_data.usual_most(
       brand text,
       kind text,
       subject text,
       now timestamptz)
returns int
language sql
stable
begin atomic
    -- The third highest of four weeks: so that what happens every Monday is
    -- usual, and a bad day or two are not.  With less than three weeks known
    -- the highest.
    select coalesce((
           select u.messages
             from triage_data.usual as u
            where u.brand = usual_most.brand
              and u.kind = usual_most.kind
              and u.subject = usual_most.subject
              and u.day < (usual_most.now at time zone 'UTC')::date
              and u.day >= (usual_most.now at time zone 'UTC')::date - 28
            order by u.messages desc
           offset case when (select o.since
                               from triage_data.observed as o)
                            < usual_most.now - interval '21 days'
                       then 2 else 0 end
            limit 1), 0);
end;

comment on function triage_data.usual_most(text, text, text, timestamptz) is
'How many messages of a kind in ten minutes are nothing unusual.';
