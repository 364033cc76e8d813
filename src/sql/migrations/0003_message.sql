-- What was said, partitioned by the platform's own time: a redelivery carries
-- the same time, so it meets the first one in the same partition, and
-- retention is dropping a partition.  Any other time goes to the default
-- partition: no time is refused.

create table triage_data.delivery (
       delivery_id bigint not null,
       received_at timestamptz not null,
       has_erased boolean not null default false,
       raw bytea
)
partition by range (received_at);

comment on table triage_data.delivery is
'The raw bodies of readable deliveries, once each.';
comment on column triage_data.delivery.delivery_id is
'Its number.';
comment on column triage_data.delivery.received_at is
'When nginx had it.';
comment on column triage_data.delivery.has_erased is
'A message of it was deleted or erased: the raw body is kept for the other messages and must not be shown.';
comment on column triage_data.delivery.raw is
'The bytes as they came; null: deleted with the message.';

create index delivery_number_idx on triage_data.delivery (delivery_id);
comment on index triage_data.delivery_number_idx is
'The raw body of a message.';

create table triage_data.delivery_default
       partition of triage_data.delivery default;
comment on table triage_data.delivery_default is
'What no monthly partition takes.';

create sequence triage_data.batch_number;
comment on sequence triage_data.batch_number is
'Numbers batches: a batch takes 16384 numbers at once for its deliveries and messages.';

create table triage_data.message (
       message_no bigint not null,
       delivery_id bigint not null,
       conversation_id uuid not null,
       sent_at timestamptz not null,
       clock_at timestamptz not null,
       due_at timestamptz,
       received_at timestamptz not null,
       edited_at timestamptz,
       deleted_at timestamptz,
       author_followers bigint,
       urgency real not null,
       visibility real not null,
       author_verified boolean,
       kind text collate "C" not null,
       audience text collate "C" not null,
       platform text collate "C" not null,
       brand text collate "C" not null,
       account text collate "C" not null,
       message_id text collate "C",
       event_id text collate "C",
       thread_id text collate "C",
       parent_id text collate "C",
       author_id text collate "C",
       author_name text,
       author_handle text,
       language text collate "C",
       queue text collate "C" not null,
       text text,
       engagement json,
       terms json
)
partition by range (sent_at);

comment on table triage_data.message is
'One thing that one person said, whatever the platform.';
comment on column triage_data.message.message_no is
'Its number, unique; what triage.explain and triage.retriage take.';
comment on column triage_data.message.delivery_id is
'The delivery that brought it.';
comment on column triage_data.message.conversation_id is
'Its conversation; of a brand''s own message, the thread.';
comment on column triage_data.message.sent_at is
'When it was said, by the platform''s clock; where the platform gives no time, when it came first.';
comment on column triage_data.message.clock_at is
'What the wait counts from: sent_at, unless that lies more than a day after received_at, then received_at.';
comment on column triage_data.message.due_at is
'Its deadline, fixed at arrival; an edit or a correction may only bring it forward.  Null: it starts no wait.';
comment on column triage_data.message.received_at is
'When nginx had it.';
comment on column triage_data.message.edited_at is
'When its author edited it last; the old words are gone.';
comment on column triage_data.message.deleted_at is
'When it was deleted; the words are gone.';
comment on column triage_data.message.author_followers is
'How many follow the author; null: unknown.';
comment on column triage_data.message.urgency is
'0 to 100: how soon a person must answer.';
comment on column triage_data.message.visibility is
'0 to 100: how many will see whether the brand does.';
comment on column triage_data.message.author_verified is
'Whether the platform vouches for the author; null: unknown.';
comment on column triage_data.message.kind is
'message, comment, mention and review start a wait; echo ends one; edit and delete change another message; reaction and other do nothing.';
comment on column triage_data.message.audience is
'Who can read it: public, limited or private.';
comment on column triage_data.message.platform is
'The platform''s name.';
comment on column triage_data.message.brand is
'The brand (triage_brand).';
comment on column triage_data.message.account is
'The page, number or handle addressed; empty: unknown.';
comment on column triage_data.message.message_id is
'The platform''s id of the message; an edit or a delete carries the one of the message it changes.';
comment on column triage_data.message.event_id is
'What is deduplicated on, where the platform has one.';
comment on column triage_data.message.thread_id is
'The platform''s id of the thread.';
comment on column triage_data.message.parent_id is
'The platform''s id of what it answers.';
comment on column triage_data.message.author_id is
'The platform''s id of the author.';
comment on column triage_data.message.author_name is
'The author''s name.';
comment on column triage_data.message.author_handle is
'The author''s handle.';
comment on column triage_data.message.language is
'ISO 639-1; null: unknown.';
comment on column triage_data.message.queue is
'The queue that its route named.';
comment on column triage_data.message.text is
'The words; null: none, or deleted.';
comment on column triage_data.message.engagement is
'likes, replies, shares, stars, as far as known.';
comment on column triage_data.message.terms is
'The terms of the score, [{"signal","urgency","visibility"}]: they add up to it.';

create unique index message_identity_idx
    on triage_data.message (coalesce(event_id, message_id), sent_at,
                            brand, platform);
create index message_conversation_idx
    on triage_data.message (conversation_id, clock_at);
create index message_number_idx
    on triage_data.message (message_no);
create index message_event_idx
    on triage_data.message (message_id)
 where event_id is not null;
comment on index triage_data.message_identity_idx is
'The identity: what is delivered again is found here.';
comment on index triage_data.message_conversation_idx is
'A conversation in its order.';
comment on index triage_data.message_number_idx is
'A message by its number.';
comment on index triage_data.message_event_idx is
'A message by the platform''s id, where it is deduplicated on something else.';

create table triage_data.message_default
       partition of triage_data.message default;
comment on table triage_data.message_default is
'What no monthly partition takes.';

-- Identity needs a time, and the same one at each redelivery: where the
-- platform gives none, the first arrival fixes it.
create table triage_data.arrival (
       key text collate "C" not null,
       brand text collate "C" not null,
       platform text collate "C" not null,
       arrived_at timestamptz not null,
       constraint arrival_pkey primary key (key, brand, platform)
);

comment on table triage_data.arrival is
'The first arrival of messages of platforms that give no time.';
comment on column triage_data.arrival.key is
'event_id, or else message_id.';
comment on column triage_data.arrival.brand is
'The brand.';
comment on column triage_data.arrival.platform is
'The platform''s name.';
comment on column triage_data.arrival.arrived_at is
'When it came first: its sent_at.';

-- What came before the message it is about.  Nearly always empty.
create table triage_data.early_change (
       message_no bigint not null
             constraint early_change_pkey primary key,
       sent_at timestamptz not null,
       message_id text collate "C",
       thread uuid,
       brand text collate "C" not null,
       platform text collate "C" not null,
       recorded_at timestamptz not null,
       retry_at timestamptz
);

comment on table triage_data.early_change is
'Edits, deletes and echoes whose message is not here yet.';
comment on column triage_data.early_change.message_no is
'The edit, delete or echo.';
comment on column triage_data.early_change.sent_at is
'When the edit, delete or echo was sent (finds its partition).';
comment on column triage_data.early_change.message_id is
'The platform''s id of the message it is about; null: a thread.';
comment on column triage_data.early_change.thread is
'Of an echo to a thread without conversations: the thread.';
comment on column triage_data.early_change.brand is
'The brand.';
comment on column triage_data.early_change.platform is
'The platform''s name.';
comment on column triage_data.early_change.recorded_at is
'When it was put here.';

comment on column triage_data.early_change.retry_at is
'When to look again for the message: the two may have been filed at the same moment; null: no more, only when the message comes.';

create index early_change_message_idx
    on triage_data.early_change (message_id);
create index early_change_thread_idx
    on triage_data.early_change (thread)
 where thread is not null;
create index early_change_retry_idx
    on triage_data.early_change (retry_at)
 where retry_at is not null;
comment on index triage_data.early_change_message_idx is
'What waits for a message that has just come.';
comment on index triage_data.early_change_thread_idx is
'What waits for a thread that has just begun.';
comment on index triage_data.early_change_retry_idx is
'What to look again for.';

create table triage_data.correction (
       correction_id bigint generated always as identity
             constraint correction_pkey primary key,
       message_no bigint not null,
       sent_at timestamptz not null,
       corrected_at timestamptz not null,
       urgency_before real not null,
       urgency real not null
             constraint correction_urgency_in_range
             check (urgency between 0 and 100),
       queue_before text collate "C" not null,
       queue text collate "C" not null,
       agent text collate "C",
       why text not null
);

comment on table triage_data.correction is
'What agents said about scores: what `triage train` learns from.';
comment on column triage_data.correction.correction_id is
'Its key.';
comment on column triage_data.correction.message_no is
'The message.';
comment on column triage_data.correction.sent_at is
'When the message was sent (finds its partition).';
comment on column triage_data.correction.corrected_at is
'When the agent said so.';
comment on column triage_data.correction.urgency_before is
'The urgency until then.';
comment on column triage_data.correction.urgency is
'The urgency that the agent gave.';
comment on column triage_data.correction.queue_before is
'The queue until then.';
comment on column triage_data.correction.queue is
'The queue that the agent gave; the same as before if none.';
comment on column triage_data.correction.agent is
'Who; null: not said.';
comment on column triage_data.correction.why is
'The agent''s reason.';

create index correction_message_idx
    on triage_data.correction (message_no);
comment on index triage_data.correction_message_idx is
'The corrections of a message.';

create table triage_data.dead_letter (
       dead_letter_id bigint generated always as identity
             constraint dead_letter_pkey primary key,
       platform text collate "C" not null,
       brand text collate "C" not null,
       received_at timestamptz not null,
       deliveries integer not null default 1,
       attempts integer not null default 0,
       marked_at timestamptz,
       leased_until timestamptz,
       replayed_at timestamptz,
       failure text not null,
       digest bytea not null,
       raw bytea not null
);

comment on table triage_data.dead_letter is
'Genuine deliveries that could not be read, wholly or in part: raw, replayable.';
comment on column triage_data.dead_letter.dead_letter_id is
'Its key; what triage.dead_letter_replay takes.';
comment on column triage_data.dead_letter.platform is
'The platform''s name.';
comment on column triage_data.dead_letter.brand is
'The brand.';
comment on column triage_data.dead_letter.received_at is
'When it came first.';
comment on column triage_data.dead_letter.deliveries is
'How often the same bytes came.';
comment on column triage_data.dead_letter.attempts is
'How often it was replayed without success.';
comment on column triage_data.dead_letter.marked_at is
'When an admin asked for a replay; null: not asked.';
comment on column triage_data.dead_letter.leased_until is
'Until when a worker of nginx has it for a replay.';
comment on column triage_data.dead_letter.replayed_at is
'When it was read after all.';
comment on column triage_data.dead_letter.failure is
'Why it could not be read the last time: a fixed phrase of the module.';
comment on column triage_data.dead_letter.digest is
'SHA-256 of raw: the same bytes are kept once.';
comment on column triage_data.dead_letter.raw is
'The bytes as they came.';

create unique index dead_letter_digest_idx
    on triage_data.dead_letter (digest, brand, platform);
create index dead_letter_marked_idx
    on triage_data.dead_letter (marked_at)
 where marked_at is not null;
comment on index triage_data.dead_letter_digest_idx is
'The same bytes once.';
comment on index triage_data.dead_letter_marked_idx is
'What is to be replayed.';

-- lz4 costs a tenth of the time of the default for about the same size; a
-- server that was built without it keeps its default.
do $$
begin
    alter table triage_data.delivery
          alter column raw set compression lz4;
    alter table triage_data.delivery_default
          alter column raw set compression lz4;
exception
    when feature_not_supported then null;
end
$$;
