-- What agents picked out of the order of claims, for those who lead them.

create table triage_data.pick (
       pick_id bigint generated always as identity
             constraint pick_pkey primary key,
       conversation_id uuid not null,
       picked_at timestamptz not null,
       waiting_since timestamptz not null,
       due_at timestamptz not null,
       passed_over integer not null,
       agent text collate "C" not null,
       queue text collate "C" not null,
       platform text collate "C" not null,
       brand text collate "C" not null
);

comment on table triage_data.pick is
'Conversations that an agent claimed by name (triage.pick), not in triage''s order.';
comment on column triage_data.pick.pick_id is
'Its key.';
comment on column triage_data.pick.conversation_id is
'What was picked.';
comment on column triage_data.pick.picked_at is
'When.';
comment on column triage_data.pick.waiting_since is
'Since when the customer had waited.';
comment on column triage_data.pick.due_at is
'The deadline.';
comment on column triage_data.pick.passed_over is
'How many who could be claimed were due before it in the queue; 100: or more.';
comment on column triage_data.pick.agent is
'Who picked it.';
comment on column triage_data.pick.queue is
'Where it waited.';
comment on column triage_data.pick.platform is
'The platform''s name.';
comment on column triage_data.pick.brand is
'The brand.';

create index pick_picked_idx
    on triage_data.pick (picked_at);
comment on index triage_data.pick_picked_idx is
'Reports over a span of time.';
