create or replace view triage.picked as
select p.pick_id,
       p.conversation_id,
       p.agent,
       p.picked_at,
       p.waiting_since,
       p.due_at,
       p.passed_over,
       p.queue,
       p.platform,
       p.brand
  from triage_data.pick as p;

comment on view triage.picked is
'What agents claimed by name (triage.pick), not in triage''s order, and how many who were due before were passed over.';
comment on column triage.picked.pick_id is
'Its key.';
comment on column triage.picked.conversation_id is
'What was picked.';
comment on column triage.picked.agent is
'Who picked it.';
comment on column triage.picked.picked_at is
'When.';
comment on column triage.picked.waiting_since is
'Since when the customer had waited.';
comment on column triage.picked.due_at is
'The deadline.';
comment on column triage.picked.passed_over is
'How many who could be claimed were due before it in the queue; 100: or more.';
comment on column triage.picked.queue is
'Where it waited.';
comment on column triage.picked.platform is
'The platform''s name.';
comment on column triage.picked.brand is
'The brand.';
