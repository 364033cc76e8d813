create or replace view triage.spike as
select s.spike_id,
       s.kind,
       s.brand,
       s.subject,
       s.began_at,
       s.ended_at,
       s.messages,
       s.expected,
       s.queues
  from triage_data.spike as s;

comment on view triage.spike is
'Far more messages than usual about one thread, one phrase or one brand: a row from when it was found until it was over.';
comment on column triage.spike.spike_id is
'Its number.';
comment on column triage.spike.kind is
'thread, phrase or brand.';
comment on column triage.spike.brand is
'The brand.';
comment on column triage.spike.subject is
'The platform''s id of the thread, the phrase, or the brand.';
comment on column triage.spike.began_at is
'When it was found.';
comment on column triage.spike.ended_at is
'When it was over; null: it goes on.';
comment on column triage.spike.messages is
'How many messages there were in ten minutes, at the worst.';
comment on column triage.spike.expected is
'How many would have been usual.';
comment on column triage.spike.queues is
'The queues where the messages were put.';
