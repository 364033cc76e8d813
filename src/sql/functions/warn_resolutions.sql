create or replace function triage_data.warn_resolutions()
returns void
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
    most constant int := 500;
    now constant timestamptz := triage.now();
    looked uuid[];
    part record;
begin
    select array_agg(l.conversation_id)
      into looked
      from (select c.conversation_id
              from triage_data.conversation as c
             where c.resolve_look_at <= now
             order by c.resolve_look_at
             limit most
               for update skip locked) as l;
    if looked is null then
        return;
    end if;

    for part in
        select c.queue, t.queue as to_queue, c.resolve_due_at > now as early,
               array_agg(c.conversation_id) as conversations
          from triage_data.conversation as c
          join triage_data.queue as q
            on q.queue = c.queue
          left join triage_data.queue as t
            on t.queue = q.escalate
           and t.retired_at is null
         where c.conversation_id = any (looked)
           and c.waiting_since is not null
           and c.resolve_due_at is not null
           and (c.resolve_due_at > now or t.queue is not null)
         group by 1, 2, 3
         order by 1, 2, 3
    loop
        insert into triage_data.alert
               (kind, deadline, conversation_id, raised_at, waiting_since,
                due_at, queue, to_queue, platform, brand, account)
        select case when part.early then 'warning' else 'escalation' end,
               'resolution', c.conversation_id, now, c.waiting_since,
               c.resolve_due_at, c.queue,
               case when not part.early then part.to_queue end, c.platform,
               c.brand, c.account
          from triage_data.conversation as c
         where c.conversation_id = any (part.conversations);

        if part.early then
            perform triage_data.announce(part.queue, 'warning');
        else
            perform triage_data.hand_up(part.conversations, part.to_queue);
            perform triage_data.announce(part.queue, 'escalation');
            perform triage_data.announce(part.to_queue, 'escalation');
        end if;
    end loop;

    -- Who was warned is looked at again when the time is over.
    update triage_data.conversation as c
       set resolve_look_at = case when c.waiting_since is not null
                                   and c.resolve_due_at > now
                                  then c.resolve_due_at
                             end
     where c.conversation_id = any (looked);
    perform triage_data.commit_as_configured();
end
$$;

comment on function triage_data.warn_resolutions() is
'Raises a warning for each conversation that has to be closed soon, and moves what should have been to the queue that its queue escalates to: each once until it is closed.';
