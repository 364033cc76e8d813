create or replace view triage.overflow as
select v.conversation_id,
       v.waiting_since,
       v.moved_at,
       v.due_at,
       v.queue_before,
       v.queue
  from triage_data.overflow as v;

comment on view triage.overflow is
'What was moved to another queue before its deadline was lost: a wait at most once.';
comment on column triage.overflow.conversation_id is
'Who waits, or waited.';
comment on column triage.overflow.waiting_since is
'Since when.';
comment on column triage.overflow.moved_at is
'When it was moved.';
comment on column triage.overflow.due_at is
'The deadline, which stayed.';
comment on column triage.overflow.queue_before is
'The queue that would have missed it.';
comment on column triage.overflow.queue is
'The queue that it was moved to (overflow= in nginx.conf).';
