create or replace view triage.fairness as
with waited as (
select a.answered_at - a.waiting_since as took,
       a.answered_at <= a.due_at as in_time,
       extract(epoch from a.answered_at - a.waiting_since)
           / nullif(extract(epoch from a.due_at - a.waiting_since), 0)
           as stretch,
       a.platform,
       m.language,
       m.author_followers
  from triage_data.answer as a
 cross join lateral (
       select n.language,
              n.author_followers
         from triage_data.message as n
        where n.conversation_id = a.conversation_id
          and n.clock_at = a.waiting_since
          and triage_data.starts_wait(n.kind)
        order by n.message_no
        limit 1) as m
 where a.waiting_since is not null
   and a.kind <> 'close'
   and a.answered_at > (select triage.now() - interval '30 days')
   and a.answered_at <= (select triage.now())
), told as (
select w.*,
       case when w.author_followers is not null
            then least(5, 1 + floor(5 * percent_rank() over (
                     partition by w.author_followers is null
                     order by w.author_followers)))::int4
       end as fifth
  from waited as w
), grouped as (
select t.*, g.dimension, g.value collate "C" as value
  from told as t
 cross join lateral (
       values ('platform', t.platform),
              ('language', coalesce(t.language, 'unknown')),
              ('followers', coalesce(t.fifth::text, 'unknown')
                            collate "C")
       ) as g(dimension, value)
)
select g.dimension,
       g.value,
       count(*) as responses,
       percentile_cont(0.5) within group (order by g.took) as p50,
       percentile_cont(0.9) within group (order by g.took) as p90,
       avg(g.in_time::int4)::real as share_in_time,
       (percentile_cont(0.5) within group (order by g.stretch))::real
           as stretch
  from grouped as g
 group by g.dimension, g.value;

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
