create or replace view triage.fairness as
select f.dimension,
       f.value collate "C" as value,
       f.responses,
       f.p50,
       f.p90,
       f.share_in_time,
       f.stretch
  from triage_data.fairness() as f;

comment on view triage.fairness is
'Whether the service is the same for everybody: the responses of the last 30 days by platform, language and fifth of followers.';
comment on column triage.fairness.dimension is
'platform, language or followers.';
comment on column triage.fairness.value is
'The platform, the language, or the fifth: 1 has the fewest followers, 5 the most; unknown: not told.';
comment on column triage.fairness.responses is
'How many waits were ended.';
comment on column triage.fairness.p50 is
'Half of the waits were not longer.';
comment on column triage.fairness.p90 is
'Nine of ten waits were not longer.';
comment on column triage.fairness.share_in_time is
'The share that kept the deadline, 0 to 1.';
comment on column triage.fairness.stretch is
'The median of wait / target: comparable across queues.';
