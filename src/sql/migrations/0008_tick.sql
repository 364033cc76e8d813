-- What has to be done regularly, and what listeners are to be told.  Both
-- tables are of the moment: after a crash or a fail-over they start empty,
-- and nothing is lost but an announcement.

create unlogged table triage_data.chore (
       chore text collate "C" not null
             constraint chore_pkey primary key,
       done_at timestamptz not null
)
with (fillfactor = 50);

comment on table triage_data.chore is
'When triage.tick did each of its regular chores the last time.';
comment on column triage_data.chore.chore is
'Its name.';
comment on column triage_data.chore.done_at is
'When it was done.';

create unlogged table triage_data.news (
       queue text collate "C" not null,
       what text collate "C" not null
);

comment on table triage_data.news is
'What happened since triage.tick told listeners of the channel "triage".';
comment on column triage_data.news.queue is
'The queue where something happened.';
comment on column triage_data.news.what is
'What: a word, nobody''s own.';
