create or replace function triage_data.is_conversation_allowed(
       allowed text[],
       conversation uuid)
returns boolean
language plpgsql
stable
parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (
        select
          from triage_data.conversation as c
         where c.conversation_id = is_conversation_allowed.conversation
           and triage_data.is_allowed(is_conversation_allowed.allowed,
                                      c.brand, c.queue));
end
$$;

comment on function triage_data.is_conversation_allowed(text[], uuid) is
'Whether a conversation is among what triage_data.allowed says.';
