-- Who wrote while a queue was closed shares a deadline with all others who
-- did: among them, who has waited longest comes first.

drop index triage_data.conversation_waiting_idx;
create index conversation_waiting_idx
    on triage_data.conversation
       (queue, due_at, waiting_since, conversation_id)
 where waiting_since is not null;
comment on index triage_data.conversation_waiting_idx is
'The order of claims and of the inbox: a queue by deadline, whoever holds what; among equal deadlines who has waited longest.';

drop index triage_data.conversation_ready_idx;
create index conversation_ready_idx
    on triage_data.conversation
       (queue, brand, language, due_at, waiting_since, conversation_id)
 where waiting_since is not null
   and lease_until is null
   and snoozed_until is null
   and kept_until is null;
comment on index triage_data.conversation_ready_idx is
'What can be claimed: the earliest deadline of a queue, a brand and a language, late or not, is one probe.';

-- How far a count has come is a place in that order.
alter table triage_data.counting
      add column waiting_since timestamptz not null default '-infinity';
comment on column triage_data.counting.waiting_since is
'Since when it waits.';

drop function if exists
     triage_data.head(text[], text[], text[], boolean, timestamptz,
                      timestamptz, text[], timestamptz[], uuid[]),
     triage_data.lane_head(text, text[], text[], timestamptz, uuid,
                           timestamptz);
