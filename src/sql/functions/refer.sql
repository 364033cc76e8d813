create or replace function triage.refer(
       conversation uuid,
       agent text,
       queue text)
returns timestamptz
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    held triage_data.conversation;
    due timestamptz;
begin
    held := triage_data.hold(refer.conversation, refer.agent, false);
    if refer.queue is null then
        raise exception 'a customer is referred to a queue'
              using errcode = 'TR007';
    end if;
    perform triage_data.check_destination(refer.queue);
    if held.waiting_since is null then
        raise exception 'nobody waits in conversation %', refer.conversation
              using errcode = 'TR002',
                    hint = 'The wait has ended.';
    end if;

    -- Each message keeps its clock: a deadline may only come nearer.
    update triage_data.message as m
       set queue = q.queue,
           resolve_queue = triage_data.resolve_queue(m),
           due_at = least(m.due_at, triage_data.due_after(
                              q.hours, m.clock_at, q.respond)),
           next_due_at = triage_data.next_due(m, q.hours, q.respond, q.next)
      from triage_data.queue as q
     where q.queue = refer.queue
       and m.conversation_id = refer.conversation
       and m.clock_at > held.answered_through
       and triage_data.starts_wait(m.kind);
    perform triage_data.recount(array[refer.conversation], 'infinity');

    -- Not kept for who has just passed it on.
    update triage_data.conversation as c
       set claimed_by = null,
           lease_until = null,
           snoozed_until = null,
           kept_until = null,
           kept_for = refer.agent,
           aside = true
     where c.conversation_id = refer.conversation
    returning c.due_at
      into due;
    return due;
end
$$;

comment on function triage.refer(uuid, text, text) is
'Hands a conversation over to another department: it waits in that queue, unleased, its clock running on; returns its deadline, which can only come nearer.';
