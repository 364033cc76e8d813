create or replace function triage.retriage(
       message bigint,
       urgency real,
       why text,
       queue text default null,
       agent text default null)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    before triage_data.message;
begin
    if retriage.urgency is null or retriage.urgency not between 0 and 100 then
        raise exception 'an urgency is from 0 to 100, not %',
              retriage.urgency
              using errcode = 'TR007';
    end if;
    if coalesce(retriage.why, '') = '' then
        raise exception 'a correction needs a reason'
              using errcode = 'TR007';
    end if;
    if retriage.queue is not null then
        perform triage_data.check_destination(retriage.queue);
    end if;
    if retriage.agent is not null then
        perform triage_data.check_agent(retriage.agent);
    end if;

    -- The conversation is locked before the message, as everywhere.
    perform
       from triage_data.conversation as c
      where c.conversation_id in (select m.conversation_id
                                    from triage_data.message as m
                                   where m.message_no = retriage.message)
        for update;
    select m.*
      into before
      from triage_data.message as m
     where m.message_no = retriage.message;
    if not found then
        raise exception 'there is no message %', retriage.message
              using errcode = 'TR005';
    end if;
    perform triage_data.check_allowed(before.brand, coalesce((
        select c.queue
          from triage_data.conversation as c
         where c.conversation_id = before.conversation_id), before.queue));

    insert into triage_data.correction
           (message_no, sent_at, corrected_at, urgency_before, urgency,
            queue_before, queue, agent, why)
    values (before.message_no, before.sent_at, triage.now(), before.urgency,
            retriage.urgency, before.queue,
            coalesce(retriage.queue, before.queue), retriage.agent,
            retriage.why);

    -- The terms still add up to the score.
    update triage_data.message as m
       set urgency = retriage.urgency,
           terms = triage_data.add_term(
                       m.terms, 'agent',
                       round(retriage.urgency::numeric - m.urgency::numeric,
                             2)),
           queue = coalesce(q.queue, m.queue),
           due_at = least(m.due_at, triage_data.due_after(
                              q.hours, m.clock_at, q.respond)),
           next_due_at = triage_data.next_due(m, q.hours, q.respond, q.next)
      from (select retriage.queue) as given
      left join triage_data.queue as q
        on q.queue = given.queue
     where m.message_no = before.message_no
       and m.sent_at = before.sent_at;

    perform triage_data.recount(array[before.conversation_id],
                                'infinity');
end
$$;

comment on function triage.retriage(bigint, real, text, text, text) is
'An agent''s correction of a message''s urgency, and of its queue if one is named: what `triage train` learns from.  A deadline may only come nearer.';
