create or replace view triage.queue as
select q.queue,
       w.length,
       w.late,
       triage.now() - h.waiting_since as oldest_wait,
       coalesce((select f.wait_p50
                   from triage_data.forecast as f
                  where f.queue = q.queue
                    and f.forecast_at > triage.now() - interval '5 minutes'
                    and f.forecast_at <= triage.now()
                  order by f.forecast_at desc
                  limit 1),
                coalesce(o.opens_at - triage.now(), interval '0')
                + case when r.answered_in_hour > 0
                       then w.length * interval '1 hour' / r.answered_in_hour
                       when w.length = 0
                       then interval '0'
                  end) as forecast,
       q.respond as target,
       r.share_in_time,
       q.weight,
       q.overflow,
       q.retired_at is not null as retired,
       q.next as next_target,
       q.resolve as resolve_target,
       q.hours,
       o.opens_at
  from triage_data.queue as q
 cross join lateral (
       select triage_data.opens_at(q.hours, triage.now()) as opens_at) as o
  left join lateral (
       -- A long queue was counted a minute ago.
       select sum(n.length)::bigint as length, sum(n.late)::bigint as late
         from triage_data.waiting as n
        where n.queue = q.queue
          and n.counted_at between (select triage.now()
                                           - interval '3 minutes')
                               and (select triage.now())) as k
    on true
 cross join lateral (
       select count(*) as length,
              count(*) filter (where c.due_at < (select triage.now())) as late
         from (select n.due_at
                 from triage_data.conversation as n
                where n.queue = q.queue
                  and n.waiting_since is not null
                order by n.due_at, n.waiting_since, n.conversation_id
                limit case when k.length is not null then 100 end) as c) as f
 cross join lateral (
       select case when f.length < 100 then f.length
                   else coalesce(k.length, f.length)
              end as length,
              case when f.late < 100 then f.late
                   else coalesce(k.late, f.late)
              end as late) as w
  left join lateral (
       select c.waiting_since
         from triage_data.conversation as c
        where c.queue = q.queue
          and c.waiting_since is not null
        order by c.due_at, c.waiting_since, c.conversation_id
        limit 1) as h
    on true
  left join (
       select s.queue,
              sum(s.answered_in_hour)::int8 as answered_in_hour,
              (sum(s.kept) / nullif(sum(s.judged), 0))::real as share_in_time
         from (
       -- What is summed up by the hour, and what is not: the first and the
       -- last hours, and those in which something changed.
       select r.queue,
              0 as answered_in_hour,
              round(r.responses * r.share_in_time::float8) as kept,
              r.responses as judged
         from triage_data.response_hour as r
        where r.hour > (select triage.now() - interval '24 hours')
          and r.hour < (select triage_data.hour_of(
                                   triage.now() - interval '1 hour'))
          and r.hour <> all (array(select u.hour
                                     from triage_data.unsummed() as u))
          and r.response in ('first', 'next')
          and r.share_in_time is not null
        union all
       select a.queue,
              (a.answered_at > (select triage.now() - interval '1 hour'))::int4,
              (a.answered_at <= a.due_at and a.kind <> 'close')::int4,
              (a.due_at is not null and a.kind <> 'close')::int4
         from (select u.hour, u.next_hour
                 from triage_data.unsummed() as u
                union
               select triage_data.hour_of(e.at),
                      triage_data.hour_of(e.at) + interval '1 hour'
                 from (values (triage.now()),
                              (triage.now() - interval '1 hour'),
                              (triage.now() - interval '24 hours')) as e(at)
              ) as u
         join triage_data.answer as a
           on a.answered_at >= u.hour
          and a.answered_at < u.next_hour
          and a.waiting_since is not null
          and a.answered_at > (select triage.now() - interval '24 hours')
          and a.answered_at <= (select triage.now())) as s
        group by s.queue) as r
    on r.queue = q.queue
 where q.retired_at is null
    or w.length > 0;

comment on view triage.queue is
'Each queue: what waits in it, and how it keeps its target.  A retired queue is shown while anything waits in it.';
comment on column triage.queue.queue is
'Its name in nginx.conf.';
comment on column triage.queue.length is
'How many conversations wait; from a thousand on, as of a minute ago.';
comment on column triage.queue.late is
'How many of them are past their deadline; from a thousand on, as of a minute ago.';
comment on column triage.queue.oldest_wait is
'How long the one with the earliest deadline has waited; null: nobody waits.';
comment on column triage.queue.forecast is
'How long half of what arrives now will wait at most (triage.forecast); where that is not known, how long at the pace of the last hour; null: nothing was answered.';
comment on column triage.queue.target is
'How long a customer may wait (respond).';
comment on column triage.queue.share_in_time is
'The share of the last 24 hours'' responses that kept the deadline, 0 to 1; null: there was none.';
comment on column triage.queue.weight is
'How much its deadlines count in the order of claims.';
comment on column triage.queue.overflow is
'The queue that takes over when the target would be missed.';
comment on column triage.queue.retired is
'No longer configured.';
comment on column triage.queue.next_target is
'How long a customer may wait for a response after the first; null: as long.';
comment on column triage.queue.resolve_target is
'How long a customer may have waited in all when the conversation is closed; null: there is no such target.';
comment on column triage.queue.hours is
'The business hours in which targets count; null: round the clock.';
comment on column triage.queue.opens_at is
'When these begin again; null: now is within them.';
