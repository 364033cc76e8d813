create or replace function triage_data.thread(conversation_id uuid)
returns uuid
language sql
immutable
parallel safe
return (left(conversation_id::text, 18)
        || '-0000-000000000000')::uuid;

comment on function triage_data.thread(uuid) is
'The thread of a conversation: the least id of all conversations in it.';
