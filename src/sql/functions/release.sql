create or replace function triage.release(conversation uuid, agent text)
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    held triage_data.conversation;
begin
    held := triage_data.hold(release.conversation, release.agent, false);

    update triage_data.conversation as c
       set claimed_by = null,
           lease_until = null,
           aside = true
     where c.conversation_id = release.conversation;
    return coalesce(held.lease_until > triage.now(), false);
end
$$;

comment on function triage.release(uuid, text) is
'Gives a conversation back, its deadline unchanged; returns whether the agent had it.';
