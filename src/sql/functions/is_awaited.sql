create or replace function triage_data.is_awaited(
       message_id text,
       conversation_id uuid)
returns boolean
language plpgsql
stable
as $$
begin
    return exists (select
                     from triage_data.early_change as e
                    where e.message_id = is_awaited.message_id)
        or exists (select
                     from triage_data.early_change as e
                    where e.thread
                          = triage_data.thread(is_awaited.conversation_id));
end
$$;

comment on function triage_data.is_awaited(text, uuid) is
'Whether an edit, delete or echo came before this message.';
