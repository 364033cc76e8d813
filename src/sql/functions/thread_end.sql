create or replace function triage_data.thread_end(conversation_id uuid)
returns uuid
language sql
immutable
parallel safe
return (left(conversation_id::text, 18)
        || '-ffff-ffffffffffff')::uuid;

comment on function triage_data.thread_end(uuid) is
'The greatest id of all conversations in the thread of a conversation.';
