create or replace function triage_data.foresee(
       every interval default interval '1 minute')
returns void
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
as $$
#variable_conflict use_column
declare
    now constant timestamptz := triage.now();
    kept constant interval := '35 days';
    outcomes constant int := 1000;
    expired record;
begin
    if not triage_data.is_due('foresee', foresee.every) then
        return;
    end if;

    -- Who waits longer than the published p90 needs no answer to be a miss.
    for expired in
        with expired as (
        update triage_data.expectation as e
           set missed = true
         where not e.missed
           and e.ends_at < now
           and exists (select
                         from triage_data.conversation as c
                        where c.conversation_id = e.conversation_id
                          and c.waiting_since = e.waiting_since)
        returning e.queue, e.waiting_since
        )
        select x.queue, (x.waiting_since at time zone 'UTC')::date as day,
               count(*)::int4 as judged
          from expired as x
         group by 1, 2
         order by 1, 2
    loop
        perform triage_data.learn(expired.queue, expired.day, expired.judged,
                                  0);
    end loop;

    -- What was taken back, or answered while nobody looked.
    delete from triage_data.expectation as e
     where not e.missed
       and e.ends_at < now - interval '1 hour';

    insert into triage_data.forecast
           (queue, forecast_at, waiting, arrivals_per_hour, answers_per_hour,
            agents, capacity_per_hour, lost, lost_through, expected,
            wait_p50, wait_p90)
    select r.queue, now, r.waiting, r.arrivals_per_hour,
           (select count(*)
              from triage_data.answer as a
             where a.queue = r.queue
               and a.waiting_since is not null
               and a.kind <> 'close'
               and a.answered_at > now - interval '1 hour'
               and a.answered_at <= now),
           r.agents,
           r.pace * 3600,
           r.lost,
           r.lost_through,
           r.expected * interval '1 second',
           case when r.expected is not null
                then triage_data.due_after(q.hours, now, greatest(
                         ((e.open + 120) * exp(s.p50) - 120)
                             * interval '1 second',
                         e.least)) - now
           end,
           case when r.expected is not null
                then triage_data.due_after(q.hours, now, greatest(
                         ((e.open + 120) * exp(greatest(s.p50, s.p90)) - 120)
                             * interval '1 second',
                         e.least)) - now
           end
      from triage_data.run_ahead(now) as r
      join triage_data.queue as q
        on q.queue = r.queue
       and q.retired_at is null
     -- In business hours, in which the correction is learned, too: nobody is
     -- answered before they begin.
     cross join lateral (
           select extract(epoch from triage_data.open_time(
                      q.hours, now, now + r.expected * interval '1 second')
                      )::float8 as open,
                  case when q.hours is null then interval '0'
                       else interval '1 microsecond'
                  end as least) as e
     cross join lateral (
           select array_agg(o.score order by o.score) as scores,
                  count(*)::int4 as quantity
             from (select t.score
                     from triage_data.outcome as t
                    where t.queue = r.queue
                    order by t.outcome_no desc
                    limit outcomes) as o) as l
      left join triage_data.caution as c
        on c.queue = r.queue
     -- Until ten have ended, nothing is known but that waits are long-tailed.
     cross join lateral (
           select case when l.quantity < 10 then 0
                       else l.scores[(l.quantity + 1) / 2]
                  end as p50,
                  case when l.quantity < 10 then 1
                       else l.scores[least(l.quantity, ceil(
                                (1 - coalesce(c.share, 0.1))
                                * (l.quantity + 1))::int4)]
                  end as p90) as s
        on conflict do nothing;

    if triage_data.is_due('forget_forecasts', interval '1 hour') then
        delete from triage_data.forecast
         where forecast_at < now - kept;
        delete from triage_data.inflow
         where began_at < now - kept;
        delete from triage_data.expectation
         where waiting_since < now - kept;
        delete from triage_data.forecast_day
         where day < (now - kept)::date;
        delete from triage_data.overflow
         where moved_at < now - kept;
        delete from triage_data.outcome as o
         using triage_data.queue as q
         cross join lateral (
               select min(t.outcome_no) as outcome_no
                 from (select n.outcome_no
                         from triage_data.outcome as n
                        where n.queue = q.queue
                        order by n.outcome_no desc
                        limit outcomes) as t) as f
         where o.queue = q.queue
           and o.outcome_no < f.outcome_no;
    end if;
end
$$;

comment on function triage_data.foresee(interval) is
'Publishes how long a message that arrives now will wait: what triage''s order and the pace say, corrected by how far that was off the last times.';
