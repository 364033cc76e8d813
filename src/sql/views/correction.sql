create or replace view triage.correction as
select distinct on (k.message_no)
       k.message_no,
       m.text,
       k.urgency,
       k.urgency_before,
       k.queue,
       k.agent,
       k.why,
       k.corrected_at,
       m.platform,
       m.brand,
       m.language
  from triage_data.correction as k
  join triage_data.message as m
    on m.message_no = k.message_no
   and m.sent_at = k.sent_at
 where m.text is not null
 order by k.message_no, k.correction_id desc;

comment on view triage.correction is
'The agents'' corrections of messages that still have their words, the last one of each: what `triage train` learns from.';
comment on column triage.correction.message_no is
'The message.';
comment on column triage.correction.text is
'What the customer wrote.';
comment on column triage.correction.urgency is
'What the agent said it should have been, 0 to 100.';
comment on column triage.correction.urgency_before is
'What it was before that, 0 to 100.';
comment on column triage.correction.queue is
'The queue that the agent named, or the message''s own.';
comment on column triage.correction.agent is
'Who corrected.';
comment on column triage.correction.why is
'The agent''s reason.';
comment on column triage.correction.corrected_at is
'When.';
comment on column triage.correction.platform is
'Where it was said.';
comment on column triage.correction.brand is
'To whom.';
comment on column triage.correction.language is
'ISO 639-1; null: unknown.';
