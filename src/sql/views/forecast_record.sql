create or replace view triage.forecast_record as
select d.queue,
       d.day,
       case when w.is_whole then d.published end as published,
       case when w.is_whole then d.held end as held,
       (d.held::float8 / nullif(d.published, 0))::real as share
  from triage_data.forecast_day as d
 -- Numbers of all brands are not for who sees one.
 cross join lateral (
       select triage_data.is_whole_queue_allowed(
                  (select triage_data.allowed()), d.queue) as is_whole
       ) as w
 where d.day > ((triage.now() at time zone 'UTC')::date - 30)
   and d.day <= (triage.now() at time zone 'UTC')::date;

comment on view triage.forecast_record is
'How often the published p90 held, the last 30 days.';
comment on column triage.forecast_record.queue is
'The queue.';
comment on column triage.forecast_record.day is
'The day on which it was published (UTC).';
comment on column triage.forecast_record.published is
'How many waits were judged: those that have ended, and those that are longer than the p90 already; null: not all brands of the queue are seen.';
comment on column triage.forecast_record.held is
'How many were not longer than the p90 that was published when they began; null as published.';
comment on column triage.forecast_record.share is
'held / published, 0 to 1: it should be 0.9.';
