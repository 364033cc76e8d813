create or replace function triage.pick(
       conversation uuid,
       agent text,
       lease interval default interval '15 minutes')
returns triage.inbox
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    now constant timestamptz := triage.now();
    able triage_data.agent;
    held triage_data.conversation;
begin
    perform triage_data.check_lease(pick.lease);

    held := triage_data.hold(pick.conversation, pick.agent, false);
    if held.waiting_since is null then
        raise exception 'nobody waits in conversation %', pick.conversation
              using errcode = 'TR002',
                    hint = 'The wait has ended.';
    end if;

    -- Who has it already keeps it for longer.
    if held.lease_until is null or held.lease_until <= now then
        -- Two of one agent at once do not exceed the capacity: the second
        -- waits.
        select a.*
          into able
          from triage_data.agent as a
         where a.agent = pick.agent
           for update;
        perform triage_data.check_able(able, held, now);
        insert into triage_data.pick
               (conversation_id, picked_at, waiting_since, due_at,
                passed_over, agent, queue, platform, brand)
        values (held.conversation_id, now, held.waiting_since, held.due_at,
                triage_data.passed_over(held, able.languages,
                                        triage_data.allowed(), now),
                pick.agent, held.queue, held.platform, held.brand);
    end if;

    update triage_data.conversation as c
       set claimed_by = pick.agent,
           lease_until = now + pick.lease,
           snoozed_until = null,
           kept_until = null,
           kept_for = null
     where c.conversation_id = pick.conversation
    returning c.*
      into held;
    return triage_data.inbox_row(held, now);
end
$$;

comment on function triage.pick(uuid, text, interval) is
'Claims one conversation by name, whatever is next in triage''s order, and notes that for those who lead (triage.picked); returns its row of the inbox.';
