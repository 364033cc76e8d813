create or replace view triage.response_time as
select date_trunc('hour', a.answered_at at time zone 'UTC')
           at time zone 'UTC' as hour,
       a.queue,
       a.platform,
       a.brand,
       case when a.first then 'first' else 'next' end as response,
       count(*) as responses,
       percentile_cont(0.5)
           within group (order by a.answered_at - a.waiting_since) as p50,
       percentile_cont(0.9)
           within group (order by a.answered_at - a.waiting_since) as p90,
       percentile_cont(0.99)
           within group (order by a.answered_at - a.waiting_since) as p99,
       avg((a.answered_at <= a.due_at)::int4)::real as share_in_time
  from triage_data.answer as a
 where a.waiting_since is not null
   and a.kind <> 'close'
 group by date_trunc('hour', a.answered_at at time zone 'UTC')
              at time zone 'UTC',
          a.queue, a.platform, a.brand, a.first;

comment on view triage.response_time is
'How long customers waited for a person, by the hour of the answer (UTC).';
comment on column triage.response_time.hour is
'The hour of the answer.';
comment on column triage.response_time.queue is
'Where the conversation waited.';
comment on column triage.response_time.platform is
'The platform''s name.';
comment on column triage.response_time.brand is
'The brand.';
comment on column triage.response_time.response is
'first: the first response of a conversation; next: a later one.';
comment on column triage.response_time.responses is
'How many waits were ended.';
comment on column triage.response_time.p50 is
'Half of the waits were not longer.';
comment on column triage.response_time.p90 is
'Nine of ten waits were not longer.';
comment on column triage.response_time.p99 is
'99 of 100 waits were not longer.';
comment on column triage.response_time.share_in_time is
'The share that kept the deadline, 0 to 1.';
