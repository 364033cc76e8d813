create or replace function triage.close(conversation uuid, agent text)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    held triage_data.conversation;
begin
    held := triage_data.hold(close.conversation, close.agent, false);

    if held.waiting_since is not null then
        perform triage_data.answer(held, 'close', close.agent);
    end if;

    update triage_data.conversation as c
       set closed_at = triage.now()
     where c.conversation_id = close.conversation;

    insert into triage_data.resolution
           (conversation_id, closed_at, closed_through, agent, queue,
            platform, brand, account)
    values (held.conversation_id, triage.now(),
            greatest(held.latest_at, held.answered_through), close.agent,
            held.queue, held.platform, held.brand, held.account);
    perform triage_data.count_resolutions(
        array[held.conversation_id],
        greatest(held.latest_at, held.answered_through));
end
$$;

comment on function triage.close(uuid, text) is
'Ends a conversation without an answer, until the customer writes again.';
