create or replace function triage.transfer(
       conversation uuid,
       agent text,
       recipient text,
       lease interval default interval '15 minutes')
returns timestamptz
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    until timestamptz;
begin
    perform triage_data.check_lease(transfer.lease);
    until := triage.now() + transfer.lease;
    perform triage_data.check_agent(transfer.recipient);
    perform triage_data.hold(transfer.conversation, transfer.agent, true);

    update triage_data.conversation as c
       set claimed_by = transfer.recipient,
           lease_until = until
     where c.conversation_id = transfer.conversation;
    return until;
end
$$;

comment on function triage.transfer(uuid, text, text, interval) is
'Hands the agent''s lease to another agent; returns until when.';
