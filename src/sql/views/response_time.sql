-- What is below is grouped, so that a barrier hides no index.
create or replace view triage.response_time
with (security_barrier) as
select h.hour,
       h.queue,
       h.platform,
       h.brand,
       h.response,
       h.responses,
       h.p50,
       h.p90,
       h.p99,
       h.share_in_time
  from triage_data.response_hour as h
 where h.hour <> all (array(select u.hour from triage_data.unsummed() as u))
 union all
-- What has changed since it was summed up: this hour, and a few more.
select u.hour,
       r.queue,
       r.platform,
       r.brand,
       r.response,
       r.responses,
       r.p50,
       r.p90,
       r.p99,
       r.share_in_time
  from triage_data.unsummed() as u
 cross join lateral (
       select o.queue,
              o.platform,
              o.brand,
              o.response,
              count(*) as responses,
              percentile_cont(0.5) within group (order by o.took) as p50,
              percentile_cont(0.9) within group (order by o.took) as p90,
              percentile_cont(0.99) within group (order by o.took) as p99,
              avg(o.in_time::int4)::real as share_in_time
         from triage_data.response as o
        where o.at >= u.hour
          and o.at < u.next_hour
          and ((select triage_data.allowed()) is null
               or triage_data.is_allowed((select triage_data.allowed()),
                                         o.brand, o.queue))
        group by o.queue, o.platform, o.brand, o.response) as r;

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
'first: the first response of a conversation; next: a later one; resolution: it was closed; automatic: an acknowledgement, which ends no wait.';
comment on column triage.response_time.responses is
'How many.';
comment on column triage.response_time.p50 is
'Half of the waits were not longer.';
comment on column triage.response_time.p90 is
'Nine of ten waits were not longer.';
comment on column triage.response_time.p99 is
'99 of 100 waits were not longer.';
comment on column triage.response_time.share_in_time is
'The share that kept the deadline, 0 to 1; null: there was none.';
