-- Beside a report that takes half an hour nothing of what was claimed since
-- leaves the index of claims: where claims begin to look is written down, so
-- that none walks over it (triage_data.note_front).

-- What may stand before the front: it is looked up by itself.
alter table triage_data.conversation
      add column aside boolean not null default false;
comment on column triage_data.conversation.aside is
'Whether it came back into the order of claims other than as a new wait, so that it may stand before its queue''s front.';
create index conversation_aside_idx
    on triage_data.conversation
       (queue, due_at, waiting_since, conversation_id)
 where aside
   and waiting_since is not null
   and lease_until is null
   and snoozed_until is null
   and kept_until is null;
comment on index triage_data.conversation_aside_idx is
'What can be claimed and may stand before the front.';
update triage_data.conversation
   set aside = true
 where waiting_since is not null
   and (lease_until is not null
        or snoozed_until is not null
        or kept_until is not null);

-- A row is added each time and the last one counts: one that was written again
-- and again would itself be a chain of dead ones.
create unlogged table triage_data.front (
       front_no bigint generated always as identity
             constraint front_pkey primary key,
       noted_at timestamptz not null,
       queues text[] collate "C",
       late_at timestamptz[],
       late_since timestamptz[],
       late_id uuid[],
       soon_at timestamptz[],
       soon_since timestamptz[],
       soon_id uuid[],
       unseen_from xid8,
       unseen xid8[]
);

comment on table triage_data.front is
'Where claims begin to look: before that nothing of a queue can be claimed but what is aside and what has come since.';
comment on column triage_data.front.front_no is
'The greatest one holds.';
comment on column triage_data.front.noted_at is
'When it was noted, by triage.now().';
comment on column triage_data.front.queues is
'The queues; null: nothing was looked up, claims begin at the beginning.';
comment on column triage_data.front.late_at is
'Of each, the deadline of the first that can be claimed; infinity: there is none.';
comment on column triage_data.front.late_since is
'Of each, since when that waits.';
comment on column triage_data.front.late_id is
'Of each, which conversation that is.';
comment on column triage_data.front.soon_at is
'Of each, the deadline of the first that was not late then.';
comment on column triage_data.front.soon_since is
'Of each, since when that waits.';
comment on column triage_data.front.soon_id is
'Of each, which conversation that is.';
comment on column triage_data.front.unseen_from is
'Transactions from this one on were not seen.';
comment on column triage_data.front.unseen is
'Earlier ones that were not seen, because they had not ended, and the one that wrote this.';

-- What has come since is told by those who tell listeners, too.
alter table triage_data.news
      add column due_at timestamptz,
      add column transaction xid8 not null default pg_current_xact_id();
comment on column triage_data.news.due_at is
'The earliest deadline of the waits that began; null: none did.';
comment on column triage_data.news.transaction is
'The transaction that wrote it.';
create index news_transaction_idx
    on triage_data.news (transaction)
 where due_at is not null;
comment on index triage_data.news_transaction_idx is
'The waits that began and that a front did not see.';

drop function if exists
     triage_data.head(text[], text[], text[], boolean, timestamptz,
                      timestamptz, text[], timestamptz[], timestamptz[],
                      uuid[]);
