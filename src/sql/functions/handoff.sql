create or replace function triage.handoff(
       conversation uuid,
       agent text,
       due_at timestamptz default null)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    -- Meta's window for a private reply; nobody's is known to be longer.
    usual constant interval := interval '7 days';
    until constant timestamptz := coalesce(handoff.due_at,
                                           triage.now() + usual);
    held triage_data.conversation;
    made bigint;
begin
    perform triage_data.check_future('invite until', until);
    held := triage_data.hold(handoff.conversation, handoff.agent, false);

    if held.audience = 'private' then
        raise exception 'conversation % is private already',
              handoff.conversation
              using errcode = 'TR010';
    end if;

    if exists (select
                 from triage_data.handoff as h
                where h.conversation_id = handoff.conversation
                  and h.came_at is null
                  and h.due_at > triage.now()) then
        raise exception 'conversation % has been invited already',
              handoff.conversation
              using errcode = 'TR010',
                    hint = 'Platforms allow one invitation.';
    end if;

    insert into triage_data.handoff
           (conversation_id, invited_at, due_at, inherited_due_at, agent,
            platform, brand, customer)
    values (handoff.conversation, triage.now(), until, held.due_at,
            handoff.agent, held.platform, held.brand, held.customer)
    returning handoff_id into made;
    return made;
end
$$;

comment on function triage.handoff(uuid, text, timestamptz) is
'The agent invited the customer of a public conversation to a private channel; the private one inherits the deadline.  Returns its handoff_id.';
