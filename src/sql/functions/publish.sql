create or replace function triage.publish()
returns table (
       queue text,
       forecast_at timestamptz,
       wait_p50 interval,
       wait_p90 interval,
       target interval,
       waiting int,
       published bigint,
       held bigint,
       spikes bigint,
       due_at timestamptz,
       opens_at timestamptz,
       opens text)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
begin atomic
    select f.queue, f.forecast_at, f.wait_p50, f.wait_p90, f.target,
           f.waiting, r.published, r.held,
           (select count(*)
              from triage_data.spike as s
             where s.ended_at is null
               and f.queue = any (s.queues)) as spikes,
           triage_data.due_after(f.hours, triage.now(), f.target) as due_at,
           o.opens_at,
           -- As the clock there shows it: the day of the week, if that is
           -- enough.
           to_char(o.opens_at at time zone h.zone,
                   case when o.opens_at < triage.now() + interval '144 hours'
                        then 'FMDay HH24:MI'
                        else 'FMDay, FMDD FMMonth, HH24:MI'
                   end) || ' (' || h.zone || ')' as opens
      from (select q.queue, q.respond as target, q.retired_at, q.hours,
                   l.forecast_at, l.wait_p50, l.wait_p90, l.waiting
              from triage_data.queue as q
              left join lateral (
                   select w.forecast_at, w.wait_p50, w.wait_p90, w.waiting
                     from triage_data.forecast as w
                    where w.queue = q.queue
                      and w.forecast_at <= triage.now()
                    order by w.forecast_at desc
                    limit 1) as l
                on true) as f
      left join triage_data.hours as h
        on h.hours = f.hours
     cross join lateral (
           select triage_data.opens_at(f.hours, triage.now()) as opens_at
           ) as o
     cross join lateral (
           select coalesce(sum(d.published), 0) as published,
                  coalesce(sum(d.held), 0) as held
             from triage_data.forecast_day as d
            where d.queue = f.queue
              and d.day > (triage.now() at time zone 'UTC')::date - 30) as r
     where f.retired_at is null
     order by f.target, f.queue
     limit 64;
end;

comment on function triage.publish() is
'The module''s own: what triage_wait shows.';
