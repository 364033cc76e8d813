create or replace function triage_data.unsummed()
returns table (
       hour timestamptz,
       next_hour timestamptz)
language sql
stable
parallel safe
rows 2
security definer
set search_path = pg_catalog, pg_temp
set enable_seqscan = off
set jit = off
begin atomic
select h.hour, h.hour + interval '1 hour'
  from (select u.hour
          from triage_data.unsummed_hour as u
         union
        select triage_data.hour_of(c.at)
          from triage_data.summed as s
         cross join lateral (
               select a.answered_at as at
                 from triage_data.answer as a
                where a.changed_by >= s.before_xid
                union all
               select r.closed_at
                 from triage_data.resolution as r
                where r.changed_by >= s.before_xid
                union all
               select k.acknowledged_at
                 from triage_data.acknowledgement as k
                where k.changed_by >= s.before_xid) as c) as h;
end;

comment on function triage_data.unsummed() is
'The hours whose sums are not there, or not true any more.';
