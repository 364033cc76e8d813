-- Belongs to the owner of the tables: who reads it asks what is allowed.
create or replace view triage_data.response as
select a.answered_at as at,
       a.answered_at - a.waiting_since as took,
       a.answered_at <= a.due_at as in_time,
       case when a.first then 'first' else 'next' end as response,
       a.queue,
       a.platform,
       a.brand,
       a.agent
  from triage_data.answer as a
 where a.waiting_since is not null
   and a.kind <> 'close'
 union all
select r.closed_at,
       r.waited,
       coalesce(r.counted, r.waited) <= r.target,
       'resolution',
       r.queue,
       r.platform,
       r.brand,
       r.agent
  from triage_data.resolution as r
 where r.opened_at is not null
   and r.waited is not null
 union all
select k.acknowledged_at,
       k.acknowledged_at - k.waiting_since,
       null,
       'automatic',
       k.queue,
       k.platform,
       k.brand,
       k.agent
  from triage_data.acknowledgement as k;

comment on view triage_data.response is
'What was done for a customer who waited, and how long that took: what reports are made of.';
comment on column triage_data.response.at is
'When it was done.';
comment on column triage_data.response.took is
'How long the customer had waited.';
comment on column triage_data.response.in_time is
'Whether the target was kept; null: there was none.';
comment on column triage_data.response.response is
'first, next, resolution or automatic.';
comment on column triage_data.response.queue is
'Where the conversation waited.';
comment on column triage_data.response.platform is
'The platform''s name.';
comment on column triage_data.response.brand is
'The brand.';
comment on column triage_data.response.agent is
'Who; null: seen as an echo only.';
