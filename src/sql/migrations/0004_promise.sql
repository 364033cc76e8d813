-- What agents promised: "I will come back to you on Friday".

create table triage_data.promise (
       promise_id bigint generated always as identity
             constraint promise_pkey primary key,
       conversation_id uuid not null,
       made_at timestamptz not null,
       keeps_from timestamptz not null,
       due_at timestamptz not null
             constraint promise_due_after_made check (due_at > made_at),
       kept_at timestamptz,
       agent text collate "C" not null,
       note text
);

comment on table triage_data.promise is
'Follow-ups with a deadline that agents gave customers.';
comment on column triage_data.promise.promise_id is
'Its key.';
comment on column triage_data.promise.conversation_id is
'To whom it was given.';
comment on column triage_data.promise.made_at is
'When it was given.';
comment on column triage_data.promise.keeps_from is
'An answer from here on keeps it; what was said before is the answer that gave it.';
comment on column triage_data.promise.due_at is
'Its deadline.';
comment on column triage_data.promise.kept_at is
'When a person came back to the customer; null: not yet.';
comment on column triage_data.promise.agent is
'Who gave it.';
comment on column triage_data.promise.note is
'What was promised, in the agent''s words.';

create index promise_conversation_idx
    on triage_data.promise (conversation_id);
create index promise_open_idx
    on triage_data.promise (due_at)
 where kept_at is null;
comment on index triage_data.promise_conversation_idx is
'The promises of a conversation.';
comment on index triage_data.promise_open_idx is
'What must not be forgotten, the next first.';
