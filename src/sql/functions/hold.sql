create or replace function triage_data.hold(
       conversation uuid,
       agent text,
       must_hold boolean,
       may_be_closed boolean default false)
returns triage_data.conversation
language plpgsql
as $$
declare
    held triage_data.conversation;
begin
    perform triage_data.check_agent(hold.agent);

    select c.*
      into held
      from triage_data.conversation as c
     where c.conversation_id = hold.conversation
       for update;
    if not found then
        raise exception 'there is no conversation %', hold.conversation
              using errcode = 'TR001';
    end if;
    perform triage_data.check_allowed(held.brand, held.queue);

    if held.closed_at is not null and not hold.may_be_closed then
        raise exception 'conversation % is closed', hold.conversation
              using errcode = 'TR003';
    end if;

    if held.lease_until > triage.now() and held.claimed_by <> hold.agent then
        raise exception 'conversation % is leased to another agent',
              hold.conversation
              using errcode = 'TR002';
    end if;

    if hold.must_hold
       and (held.lease_until is null or held.lease_until <= triage.now()) then
        raise exception 'agent "%" has no lease on conversation %',
              hold.agent, hold.conversation
              using errcode = 'TR002',
                    hint = 'The lease ran out, or the wait has ended.';
    end if;

    perform triage_data.announce(held.queue, 'agent');
    return held;
end
$$;

comment on function triage_data.hold(uuid, text, boolean, boolean) is
'Locks a conversation for an agent.  TR001: there is none; TR002: another agent''s lease, or none where one must be held; TR003: closed, unless it may be; TR011: another brand''s or queue''s.';
