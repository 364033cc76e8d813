-- Warnings and escalations for the time in which a conversation has to be
-- closed, and a published wait that says when a queue opens.

alter table triage_data.conversation
  add column resolve_look_at timestamptz;
comment on column triage_data.conversation.resolve_look_at is
'When resolve_due_at asks for the next alert: a warning, then an escalation; null: for none.';

-- Few have such a target: the others are not in it and pay nothing.
create index conversation_resolve_idx
    on triage_data.conversation (resolve_look_at)
 where resolve_look_at is not null;
comment on index triage_data.conversation_resolve_idx is
'What is to be closed soon, or should have been.';

-- What waits with such a target is looked at from now on.
update triage_data.conversation
   set resolve_look_at = resolve_due_at
 where resolve_due_at is not null
   and waiting_since is not null;

alter table triage_data.alert
  add column deadline text collate "C" not null default 'response'
      constraint alert_deadline_known
      check (deadline in ('response', 'resolution'));
comment on column triage_data.alert.deadline is
'Whose deadline it is about: the response, or the resolution.';
comment on table triage_data.alert is
'Warnings before a deadline, and escalations after it: one of each a wait, and one of each until the conversation is closed.';

-- It tells more now.
drop function if exists triage.publish();
