-- What can be claimed, by itself: a claim costs the same however many
-- conversations are held.  And who answers: agents with their queues,
-- languages and capacity.

alter table triage_data.conversation
      add column kept_until timestamptz,
      add column language text collate "C" not null default '',
      add column kept_for text collate "C",
      add column known_to text collate "C";

comment on column triage_data.conversation.kept_until is
'Until when it is kept for the agent who knows the customer.';
comment on column triage_data.conversation.language is
'The language of the latest unanswered message that tells one; empty: unknown.';
comment on column triage_data.conversation.kept_for is
'For whom it is kept, or was: once a claim.';
comment on column triage_data.conversation.known_to is
'The agent who answered last; null: nobody, or nobody we know.';

-- Held is what is leased, put off or kept.  It leaves the order of claims and
-- is put back when that has lapsed (triage_data.wake), so that no probe ever
-- steps over it.
create index conversation_ready_idx
    on triage_data.conversation (queue, brand, language, due_at, conversation_id)
 where waiting_since is not null
   and lease_until is null
   and snoozed_until is null
   and kept_until is null;
create index conversation_held_idx
    on triage_data.conversation
       (greatest(lease_until, snoozed_until, kept_until))
 where waiting_since is not null
   and (lease_until is not null
        or snoozed_until is not null
        or kept_until is not null);
create index conversation_agent_idx
    on triage_data.conversation (claimed_by)
 where claimed_by is not null;
create index conversation_kept_idx
    on triage_data.conversation (kept_for, due_at)
 where kept_until is not null;
create index conversation_known_idx
    on triage_data.conversation (customer, platform, brand)
 where known_to is not null;
comment on index triage_data.conversation_waiting_idx is
'The inbox of a queue by deadline, whoever holds what.';
comment on index triage_data.conversation_ready_idx is
'The order of claims: the earliest deadline of a queue, a brand and a language, late or not, is one probe.';
comment on index triage_data.conversation_held_idx is
'What lapses next.';
comment on index triage_data.conversation_agent_idx is
'What an agent holds.';
comment on index triage_data.conversation_kept_idx is
'What is kept for an agent.';
comment on index triage_data.conversation_known_idx is
'Who knows a customer.';

-- A claim reads the first entries of an index: what is dead has to leave soon,
-- also when millions wait.
alter table triage_data.conversation set (
      autovacuum_vacuum_scale_factor = 0.02,
      autovacuum_vacuum_threshold = 1000,
      autovacuum_analyze_scale_factor = 0.05);

create table triage_data.agent (
       agent text collate "C" not null
             constraint agent_pkey primary key,
       queues text[] collate "C",
       languages text[] collate "C",
       capacity integer
             constraint agent_capacity_positive check (capacity > 0),
       present_until timestamptz
);

comment on table triage_data.agent is
'What is known of agents; who is not here may claim everything.';
comment on column triage_data.agent.agent is
'The name.';
comment on column triage_data.agent.queues is
'The queues that the agent works in; null: all.';
comment on column triage_data.agent.languages is
'The languages that the agent speaks (ISO 639-1); null: all.';
comment on column triage_data.agent.capacity is
'How many conversations the agent holds at a time; null: any number.';
comment on column triage_data.agent.present_until is
'Until when the agent is there; null: away.';

alter table triage_data.setting
      add column keep interval not null default interval '5 minutes'
          constraint setting_keep_not_negative
          check (keep >= interval '0');
comment on column triage_data.setting.keep is
'How long at most a returning customer is kept for the agent who knows the case; 0: not at all.';

-- triage_data.heads and next_conversation look at languages and agents, too;
-- nothing is overloaded.
drop function if exists
     triage_data.heads(text[], timestamptz, timestamptz),
     triage_data.heads(text[], timestamptz, timestamptz, text[]),
     triage_data.next_conversation(text[], timestamptz),
     triage_data.next_conversation(text[], timestamptz, text[]);
