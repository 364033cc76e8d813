-- The move of a public conversation to a private one.

create table triage_data.handoff (
       handoff_id bigint generated always as identity
             constraint handoff_pkey primary key,
       conversation_id uuid not null,
       private_id uuid,
       invited_at timestamptz not null,
       due_at timestamptz not null
             constraint handoff_due_after_invited check (due_at > invited_at),
       inherited_due_at timestamptz,
       came_at timestamptz,
       answered_at timestamptz,
       agent text collate "C" not null,
       platform text collate "C" not null,
       brand text collate "C" not null,
       customer text collate "C" not null
);

comment on table triage_data.handoff is
'Customers who were invited from a public thread to a private channel.';
comment on column triage_data.handoff.handoff_id is
'Its key.';
comment on column triage_data.handoff.conversation_id is
'The public conversation.';
comment on column triage_data.handoff.private_id is
'The private conversation; null: the customer has not come.';
comment on column triage_data.handoff.invited_at is
'When the agent invited the customer.';
comment on column triage_data.handoff.due_at is
'Until when the invitation holds.';
comment on column triage_data.handoff.inherited_due_at is
'The deadline of the public conversation when the customer was invited; null: nobody waited.';
comment on column triage_data.handoff.came_at is
'When the customer wrote in private; null: not yet.';
comment on column triage_data.handoff.answered_at is
'When a person answered there; null: not yet.';
comment on column triage_data.handoff.agent is
'Who invited the customer.';
comment on column triage_data.handoff.platform is
'The platform''s name.';
comment on column triage_data.handoff.brand is
'The brand.';
comment on column triage_data.handoff.customer is
'The platform''s id of the customer, the same in public and in private.';

create index handoff_awaited_idx
    on triage_data.handoff (customer, platform, brand)
 where came_at is null;
create index handoff_open_idx
    on triage_data.handoff (due_at)
 where answered_at is null;
create index handoff_conversation_idx
    on triage_data.handoff (conversation_id);
create index handoff_private_idx
    on triage_data.handoff (private_id);
comment on index triage_data.handoff_awaited_idx is
'Whether a private message is from somebody who was invited.';
comment on index triage_data.handoff_open_idx is
'What must not be forgotten, the next first.';
comment on index triage_data.handoff_conversation_idx is
'The invitations of a conversation.';
comment on index triage_data.handoff_private_idx is
'Whether an answer is to somebody who was invited.';
