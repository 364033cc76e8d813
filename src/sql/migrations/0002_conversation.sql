-- The unit agents work on, and what ended their waits.  Messages and answers
-- are the facts; a conversation's wait is worked out from them, step by step
-- when they come in order and anew when they do not (triage_data.recount).
-- Neither this table nor message has check constraints: they would be parsed
-- anew for each batch; triage.ingest is the only way in (decision 0012).

create table triage_data.conversation (
       conversation_id uuid not null
             constraint conversation_pkey primary key,
       waiting_since timestamptz,
       due_at timestamptz,
       answered_through timestamptz not null default '-infinity',
       latest_at timestamptz,
       latest_no bigint,
       urgent_at timestamptz,
       urgent_no bigint,
       urgency real not null default 0,
       visibility real not null default 0,
       contacts integer not null default 0,
       lease_until timestamptz,
       snoozed_until timestamptz,
       closed_at timestamptz,
       claimed_by text collate "C",
       queue text collate "C",
       platform text collate "C" not null,
       brand text collate "C" not null,
       account text collate "C" not null,
       thread_id text collate "C" not null,
       customer text collate "C" not null,
       audience text collate "C" not null
)
with (fillfactor = 80);

comment on table triage_data.conversation is
'The messages of one customer in one thread with one brand account, and the wait.';
comment on column triage_data.conversation.conversation_id is
'From the key: eight bytes name the thread, eight the customer in it, so that a thread is a range of the primary key (triage_data.conversation_id).';
comment on column triage_data.conversation.waiting_since is
'When the first unanswered message was sent; null: nobody waits.';
comment on column triage_data.conversation.due_at is
'The earliest deadline of the unanswered messages.';
comment on column triage_data.conversation.answered_through is
'Messages sent up to here are answered; -infinity: none is.';
comment on column triage_data.conversation.latest_at is
'When the latest unanswered message was sent (finds its partition).';
comment on column triage_data.conversation.latest_no is
'message_no of the latest unanswered message.';
comment on column triage_data.conversation.urgent_at is
'When the most urgent unanswered message was sent (finds its partition).';
comment on column triage_data.conversation.urgent_no is
'message_no of the most urgent unanswered message: the reasons are its terms.';
comment on column triage_data.conversation.urgency is
'The greatest urgency of the unanswered messages, 0 to 100.';
comment on column triage_data.conversation.visibility is
'The greatest visibility of the unanswered messages, 0 to 100.';
comment on column triage_data.conversation.contacts is
'How many messages are unanswered.';
comment on column triage_data.conversation.lease_until is
'Until when claimed_by holds the lease.';
comment on column triage_data.conversation.snoozed_until is
'Not claimed before; the deadline stays.';
comment on column triage_data.conversation.closed_at is
'When an agent closed it; a new message opens it again.';
comment on column triage_data.conversation.claimed_by is
'The agent of the last lease; nobody once lease_until has passed.';
comment on column triage_data.conversation.queue is
'The queue of the earliest deadline.';
comment on column triage_data.conversation.platform is
'The platform''s name.';
comment on column triage_data.conversation.brand is
'The brand (triage_brand).';
comment on column triage_data.conversation.account is
'The page, number or handle addressed; empty: unknown.';
comment on column triage_data.conversation.thread_id is
'The platform''s thread; empty: none.';
comment on column triage_data.conversation.customer is
'The platform''s id of the customer; empty: the thread as a whole (the brand''s own messages).';
comment on column triage_data.conversation.audience is
'Who can read it: public, limited or private, as the latest unanswered message.';

-- The order of claims: the two probes of a queue.  What is not waiting is not
-- in it, and a lease does not touch it (heap-only updates).
create index conversation_waiting_idx
    on triage_data.conversation (queue, due_at, conversation_id)
 where waiting_since is not null;
comment on index triage_data.conversation_waiting_idx is
'The order of claims: a queue''s earliest deadline, late or not, is one probe.';

create table triage_data.answer (
       answer_id bigint generated always as identity
             constraint answer_pkey primary key,
       conversation_id uuid not null,
       answered_at timestamptz not null,
       answered_through timestamptz not null,
       waiting_since timestamptz,
       due_at timestamptz,
       contacts integer not null default 0,
       first boolean not null default false,
       kind text collate "C" not null
             constraint answer_kind_known
             check (kind in ('echo', 'reply', 'close')),
       agent text collate "C",
       queue text collate "C",
       platform text collate "C" not null,
       brand text collate "C" not null,
       account text collate "C" not null
);

comment on table triage_data.answer is
'What a person of the brand did to end a wait; waiting_since to queue say which wait that ended, if any, and are worked out anew when messages come out of order.';
comment on column triage_data.answer.answer_id is
'Its key.';
comment on column triage_data.answer.conversation_id is
'The conversation that was answered.';
comment on column triage_data.answer.answered_at is
'When the person did it.';
comment on column triage_data.answer.answered_through is
'The messages sent up to here are what was answered.';
comment on column triage_data.answer.waiting_since is
'When the first of the messages it answers was sent; null: nobody waited.';
comment on column triage_data.answer.due_at is
'The deadline of the wait that it ended; null: nobody waited.';
comment on column triage_data.answer.contacts is
'How many messages it answers at once.';
comment on column triage_data.answer.first is
'Whether it is the first response of the conversation.';
comment on column triage_data.answer.kind is
'echo: seen on the platform; reply: said by triage.reply; close: ended without an answer, which is no response.';
comment on column triage_data.answer.agent is
'Who; null: seen as an echo only.';
comment on column triage_data.answer.queue is
'Where the conversation waited; null: nobody waited.';
comment on column triage_data.answer.platform is
'The platform''s name.';
comment on column triage_data.answer.brand is
'The brand.';
comment on column triage_data.answer.account is
'The page, number or handle addressed.';

create index answer_answered_idx
    on triage_data.answer (answered_at)
 where waiting_since is not null;
create index answer_hour_idx
    on triage_data.answer
       ((date_trunc('hour', answered_at at time zone 'UTC')
         at time zone 'UTC'))
 where waiting_since is not null;
create index answer_conversation_idx
    on triage_data.answer (conversation_id, answered_through, answer_id);
comment on index triage_data.answer_answered_idx is
'Reports over a span of time.';
comment on index triage_data.answer_hour_idx is
'Reports by the hour.';
comment on index triage_data.answer_conversation_idx is
'The answers of a conversation in their order.';
