-- Far more messages than usual about one thread, one phrase or one brand.

create table triage_data.brand_inflow (
       brand text collate "C" not null,
       began_at timestamptz not null,
       arrivals integer not null,
       constraint brand_inflow_pkey primary key (brand, began_at)
)
with (fillfactor = 80);

comment on table triage_data.brand_inflow is
'How many messages that start a wait were sent to a brand in each half hour.';
comment on column triage_data.brand_inflow.brand is
'The brand.';
comment on column triage_data.brand_inflow.began_at is
'When the half hour began.';
comment on column triage_data.brand_inflow.arrivals is
'How many.';

create table triage_data.usual (
       brand text collate "C" not null,
       kind text collate "C" not null,
       subject text collate "C" not null,
       day date not null,
       messages integer not null,
       constraint usual_pkey primary key (brand, kind, subject, day)
)
with (fillfactor = 80);

comment on table triage_data.usual is
'The most messages in ten minutes of each day with a phrase, or in any one thread.';
comment on column triage_data.usual.brand is
'The brand.';
comment on column triage_data.usual.kind is
'phrase or thread.';
comment on column triage_data.usual.subject is
'The phrase; of threads empty: whichever had the most.';
comment on column triage_data.usual.day is
'The day (UTC).';
comment on column triage_data.usual.messages is
'How many.';

create table triage_data.spike (
       spike_id bigint generated always as identity
             constraint spike_pkey primary key,
       began_at timestamptz not null,
       ended_at timestamptz,
       expected real not null,
       messages integer not null,
       thread uuid,
       kind text collate "C" not null
             constraint spike_kind_known
             check (kind in ('thread', 'phrase', 'brand')),
       brand text collate "C" not null,
       subject text collate "C" not null,
       queues text[] collate "C" not null
);

comment on table triage_data.spike is
'Far more messages than usual about one thread, one phrase or one brand: a row from when it was found until it was over.';
comment on column triage_data.spike.spike_id is
'Its key.';
comment on column triage_data.spike.began_at is
'When it was found.';
comment on column triage_data.spike.ended_at is
'When it was over; null: it goes on.';
comment on column triage_data.spike.expected is
'How many messages in ten minutes would have been usual.';
comment on column triage_data.spike.messages is
'How many there were, at the worst.';
comment on column triage_data.spike.thread is
'Of a thread: the least id of its conversations.';
comment on column triage_data.spike.kind is
'thread, phrase or brand.';
comment on column triage_data.spike.brand is
'The brand.';
comment on column triage_data.spike.subject is
'The platform''s id of the thread, the phrase, or the brand.';
comment on column triage_data.spike.queues is
'The queues where the messages were put.';

create unique index spike_open_idx
    on triage_data.spike (brand, kind, subject)
 where ended_at is null;
comment on index triage_data.spike_open_idx is
'What goes on: one row for each.';
