-- A very long queue takes a second to count, and deliveries wait for a tick:
-- it is counted a slice a tick, in the order of conversation_ready_idx.

alter table triage_data.waiting
      add column next_length bigint not null default 0,
      add column next_late bigint not null default 0;
comment on column triage_data.waiting.next_length is
'How many were counted so far, in the count that runs.';
comment on column triage_data.waiting.next_late is
'How many of them were late as it began.';

create table triage_data.counting (
       queue text collate "C" not null
             constraint counting_pkey primary key,
       began_at timestamptz not null,
       due_at timestamptz not null default '-infinity',
       brand text collate "C" not null default '',
       language text collate "C" not null default '',
       conversation_id uuid not null
             default '00000000-0000-0000-0000-000000000000'
);

comment on table triage_data.counting is
'The counts that run, and how far each has come.';
comment on column triage_data.counting.queue is
'The queue.';
comment on column triage_data.counting.began_at is
'When it began.';
comment on column triage_data.counting.due_at is
'The deadline of the last that was counted.';
comment on column triage_data.counting.brand is
'Its brand.';
comment on column triage_data.counting.language is
'Its language.';
comment on column triage_data.counting.conversation_id is
'The last that was counted.';
