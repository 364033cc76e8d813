create or replace view triage.history as
-- What the customer said.
select c.conversation_id,
       m.clock_at as happened_at,
       'message' collate "C" as event,
       m.message_no,
       m.kind,
       m.audience,
       m.author_name,
       m.author_handle,
       null::text collate "C" as agent,
       m.text,
       m.urgency,
       m.visibility,
       m.queue,
       m.due_at,
       m.edited_at,
       m.deleted_at,
       c.waiting_since is not null
           and m.clock_at > c.answered_through as waiting
  from triage_data.conversation as c
  join triage_data.message as m
    on m.conversation_id = c.conversation_id
   and triage_data.starts_wait(m.kind)
 union all
-- What the brand said, to this customer or to everybody in the thread.
select c.conversation_id,
       m.clock_at,
       'echo',
       m.message_no,
       m.kind,
       m.audience,
       m.author_name,
       m.author_handle,
       null,
       m.text,
       null,
       null,
       null,
       null,
       m.edited_at,
       m.deleted_at,
       false
  from triage_data.conversation as c
 -- Worked out before it is looked up: what is not leak-proof is no index
 -- condition behind a policy, and all messages would be read.
 cross join lateral (
       select triage_data.thread(c.conversation_id) as thread
       offset 0) as t
  join triage_data.message as m
    on m.conversation_id = t.thread
   and m.kind = 'echo'
 where m.parent_id is null
    or m.parent_id = c.thread_id
    or exists (select
                 from triage_data.message as p
                where p.conversation_id = c.conversation_id
                  and p.message_id = m.parent_id)
 union all
-- What agents did.
select c.conversation_id,
       a.answered_at,
       a.kind,
       null,
       null,
       null,
       null,
       null,
       a.agent,
       null,
       null,
       null,
       a.queue,
       a.due_at,
       null,
       null,
       false
  from triage_data.conversation as c
  join triage_data.answer as a
    on a.conversation_id = c.conversation_id
   and a.kind <> 'echo'
 union all
select c.conversation_id,
       p.made_at,
       'promise',
       null,
       null,
       null,
       null,
       null,
       p.agent,
       p.note,
       null,
       null,
       null,
       p.due_at,
       p.kept_at,
       null,
       p.kept_at is null
  from triage_data.conversation as c
  join triage_data.promise as p
    on p.conversation_id = c.conversation_id
 union all
select c.conversation_id,
       h.invited_at,
       'handoff',
       null,
       null,
       null,
       null,
       null,
       h.agent,
       null,
       null,
       null,
       null,
       h.due_at,
       h.came_at,
       null,
       h.came_at is null
  from triage_data.conversation as c
  join triage_data.handoff as h
    on h.conversation_id = c.conversation_id
 union all
select c.conversation_id,
       k.corrected_at,
       'correction',
       k.message_no,
       null,
       null,
       null,
       null,
       k.agent,
       k.why,
       k.urgency,
       null,
       k.queue,
       null,
       null,
       null,
       false
  from triage_data.conversation as c
  join triage_data.message as m
    on m.conversation_id = c.conversation_id
  join triage_data.correction as k
    on k.message_no = m.message_no;

comment on view triage.history is
'What happened in a conversation, a row an event: to be read with a conversation_id.';
comment on column triage.history.conversation_id is
'The conversation.';
comment on column triage.history.happened_at is
'When.';
comment on column triage.history.event is
'message: the customer wrote; echo: the brand did, on the platform; reply, close, promise, handoff, correction: what an agent did with the function of that name (retriage).';
comment on column triage.history.message_no is
'Of message, echo and correction: the message.';
comment on column triage.history.kind is
'Of message and echo: message, comment, mention, review or echo.';
comment on column triage.history.audience is
'Of message and echo: public, limited or private.';
comment on column triage.history.author_name is
'Of message and echo: the author''s name.';
comment on column triage.history.author_handle is
'Of message and echo: the author''s handle.';
comment on column triage.history.agent is
'Who did it; null: the customer, or not said.';
comment on column triage.history.text is
'The words; of a promise its note, of a correction the reason.  Null: none, or deleted.';
comment on column triage.history.urgency is
'Of message and correction: 0 to 100.';
comment on column triage.history.visibility is
'Of message: 0 to 100.';
comment on column triage.history.queue is
'Of message, reply, close and correction: where it waits, waited, or was put.';
comment on column triage.history.due_at is
'The deadline: of message, of the wait that reply or close ended, of promise, of the invitation.';
comment on column triage.history.edited_at is
'Of message and echo: when its author edited it last; of promise: when it was kept; of handoff: when the customer came.';
comment on column triage.history.deleted_at is
'Of message and echo: when it was deleted.';
comment on column triage.history.waiting is
'Of message: it is unanswered; of promise: not kept; of handoff: the customer has not come.';
