create or replace view triage.alert as
select a.alert_id,
       a.kind,
       a.conversation_id,
       a.raised_at,
       a.waiting_since,
       a.due_at,
       a.queue,
       a.to_queue,
       coalesce(c.waiting_since is not null
                and c.answered_through < a.waiting_since, false) as waiting,
       a.platform,
       a.brand,
       a.account,
       a.deadline
  from triage_data.alert as a
  left join triage_data.conversation as c
    on c.conversation_id = a.conversation_id;

comment on view triage.alert is
'Warnings before a deadline was missed, and escalations after it: of the response, each once a wait, and of the resolution, each once until it is closed.';
comment on column triage.alert.alert_id is
'Its number.';
comment on column triage.alert.kind is
'warning or escalation.';
comment on column triage.alert.conversation_id is
'Who waited; what the agents'' functions take.';
comment on column triage.alert.raised_at is
'When it was raised.';
comment on column triage.alert.waiting_since is
'Since when the customer waited.';
comment on column triage.alert.due_at is
'The deadline.';
comment on column triage.alert.queue is
'Where the conversation waited.';
comment on column triage.alert.to_queue is
'Where an escalation moved it; null: a warning.';
comment on column triage.alert.waiting is
'Whether the customer still waits.';
comment on column triage.alert.platform is
'The platform''s name.';
comment on column triage.alert.brand is
'The brand.';
comment on column triage.alert.account is
'The page, number or handle addressed; empty: unknown.';
comment on column triage.alert.deadline is
'Which one: response, or resolution (resolve= in nginx.conf).';
