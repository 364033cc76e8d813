-- Dashboards ask again and again how many wait: where these are many, that is
-- counted once a minute (triage_data.count_waiting), and not once a look.

create table triage_data.waiting (
       queue text collate "C" not null,
       brand text collate "C" not null,
       counted_at timestamptz not null,
       length bigint not null,
       late bigint not null,
       constraint waiting_pkey primary key (queue, brand)
);

comment on table triage_data.waiting is
'How many wait in a long queue, and how many of them are late, as of a minute ago at most; a queue that is not long has no row.';
comment on column triage_data.waiting.queue is
'The queue.';
comment on column triage_data.waiting.brand is
'The brand.';
comment on column triage_data.waiting.counted_at is
'When they were counted.';
comment on column triage_data.waiting.length is
'How many conversations waited.';
comment on column triage_data.waiting.late is
'How many of them were past their deadline.';
