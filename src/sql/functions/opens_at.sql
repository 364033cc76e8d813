create or replace function triage_data.opens_at(
       hours text,
       at timestamptz)
returns timestamptz
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
begin atomic
    select (select min(n.opens_at)
              from triage_data.open_span as n
             where n.hours = opens_at.hours
               and n.opens_at > opens_at.at)
      from (select s.closes_at
              from triage_data.open_span as s
             where s.hours = opens_at.hours
               and s.opens_at <= opens_at.at
             order by s.opens_at desc
             limit 1) as l
     where l.closes_at <= opens_at.at;
end;

comment on function triage_data.opens_at(text, timestamptz) is
'When business hours begin again; null: they are on, or there are none.';
