create or replace function triage_data.is_message_allowed(
       allowed text[],
       conversation uuid,
       kind text)
returns boolean
language plpgsql
stable
parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Of an echo it is the thread: who sees a conversation there, sees what
    -- the brand said.
    if is_message_allowed.kind <> 'echo' then
        return triage_data.is_conversation_allowed(
            is_message_allowed.allowed, is_message_allowed.conversation);
    end if;

    return exists (
        select
          from triage_data.conversation as c
         where c.conversation_id
               between triage_data.thread(is_message_allowed.conversation)
                   and triage_data.thread_end(is_message_allowed.conversation)
           and triage_data.is_allowed(is_message_allowed.allowed, c.brand,
                                      c.queue));
end
$$;

comment on function triage_data.is_message_allowed(text[], uuid, text) is
'Whether a message is said in a conversation that is among what triage_data.allowed says.';
