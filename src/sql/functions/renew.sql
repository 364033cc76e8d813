create or replace function triage.renew(
       conversation uuid,
       agent text,
       lease interval default interval '15 minutes')
returns timestamptz
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    until timestamptz;
begin
    perform triage_data.check_lease(renew.lease);
    until := triage.now() + renew.lease;
    perform triage_data.hold(renew.conversation, renew.agent, true);

    update triage_data.conversation as c
       set lease_until = until
     where c.conversation_id = renew.conversation;
    return until;
end
$$;

comment on function triage.renew(uuid, text, interval) is
'Makes the agent''s lease last from now on; returns until when.';
