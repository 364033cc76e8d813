create or replace view triage.forecast as
select q.queue,
       f.forecast_at,
       case when w.is_whole then f.waiting end as waiting,
       case when w.is_whole then f.arrivals_per_hour end
           as arrivals_per_hour,
       case when w.is_whole then f.answers_per_hour end as answers_per_hour,
       case when w.is_whole then f.agents end as agents,
       f.wait_p50,
       f.wait_p90,
       q.respond as target,
       f.expected,
       triage_data.opens_at(q.hours, triage.now()) as opens_at
  from triage_data.queue as q
 cross join lateral (
       select l.*
         from triage_data.forecast as l
        where l.queue = q.queue
          and l.forecast_at <= triage.now()
        order by l.forecast_at desc
        limit 1) as f
 -- Numbers of all brands are not for who sees one.
 cross join lateral (
       select triage_data.is_whole_queue_allowed(
                  (select triage_data.allowed()), q.queue) as is_whole
       ) as w
 where q.retired_at is null;

comment on view triage.forecast is
'How long a message that arrives now will wait, a row a queue: what triage_wait publishes.';
comment on column triage.forecast.queue is
'The queue.';
comment on column triage.forecast.forecast_at is
'When it was worked out, about once a minute; older: nothing is known.';
comment on column triage.forecast.waiting is
'How many conversations waited; null: not all brands of the queue are seen.';
comment on column triage.forecast.arrivals_per_hour is
'How many messages came, by the last half hour to hour; null as waiting.';
comment on column triage.forecast.answers_per_hour is
'How many answers were given in the last hour; null as waiting.';
comment on column triage.forecast.agents is
'How many people were answering; of a queue that is closed: when it was open.';
comment on column triage.forecast.wait_p50 is
'Half of the waits will not be longer, the time until the queue opens included; null: nobody answers, so nothing is known.';
comment on column triage.forecast.wait_p90 is
'Nine of ten waits will not be longer; null: nothing is known.';
comment on column triage.forecast.target is
'How long a customer may wait (respond).';
comment on column triage.forecast.expected is
'The wait by triage''s order and the pace alone, before it was corrected by how far that was off the last times.';
comment on column triage.forecast.opens_at is
'When its business hours begin again; null: now is within them.';
