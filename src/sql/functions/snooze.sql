create or replace function triage.snooze(
       conversation uuid,
       agent text,
       until timestamptz)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform triage_data.check_future('snooze until', snooze.until);
    perform triage_data.hold(snooze.conversation, snooze.agent, false);

    update triage_data.conversation as c
       set snoozed_until = snooze.until,
           claimed_by = null,
           lease_until = null
     where c.conversation_id = snooze.conversation;
end
$$;

comment on function triage.snooze(uuid, text, timestamptz) is
'Puts a conversation off: nobody claims it before, unless the customer writes again.  The deadline stays.';
