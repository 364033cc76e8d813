create or replace function triage_data.answer(
       conversation triage_data.conversation,
       kind text,
       agent text)
returns void
language plpgsql
as $$
declare
    through constant timestamptz := coalesce(
        (answer.conversation).latest_at,
        (answer.conversation).answered_through);
begin
    -- What the agent saw is answered; a message that was sent before this
    -- moment but is not here yet is not.
    insert into triage_data.answer
           (conversation_id, answered_at, answered_through, kind, agent,
            platform, brand, account)
    values ((answer.conversation).conversation_id, triage.now(),
            through, answer.kind, answer.agent,
            (answer.conversation).platform, (answer.conversation).brand,
            (answer.conversation).account);

    perform triage_data.recount(
        array[(answer.conversation).conversation_id],
        through);
end
$$;

comment on function triage_data.answer(triage_data.conversation, text, text) is
'Ends the wait of a locked conversation.';
