create or replace function triage_data.escalate()
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
    watched record;
    late uuid[];
begin
    for watched in
        select q.queue, t.queue as to_queue
          from triage_data.queue as q
          join triage_data.queue as t
            on t.queue = q.escalate
         where t.retired_at is null
    loop
        select array_agg(l.conversation_id)
          into late
          from (select c.conversation_id
                  from triage_data.conversation as c
                 where c.queue = watched.queue
                   and c.waiting_since is not null
                   and c.due_at <= now
                   and not c.escalated
                 order by c.due_at, c.waiting_since
                 limit most
                   for update skip locked) as l;
        continue when late is null;

        insert into triage_data.alert
               (kind, conversation_id, raised_at, waiting_since, due_at,
                queue, to_queue, platform, brand, account)
        select 'escalation', c.conversation_id, now, c.waiting_since,
               c.due_at, c.queue, watched.to_queue, c.platform, c.brand,
               c.account
          from triage_data.conversation as c
         where c.conversation_id = any (late);

        perform triage_data.hand_up(late, watched.to_queue);
        update triage_data.conversation as c
           set escalated = true
         where c.conversation_id = any (late);

        perform triage_data.commit_as_configured();
        perform triage_data.announce(watched.queue, 'escalation');
        perform triage_data.announce(watched.to_queue, 'escalation');
    end loop;
end
$$;

comment on function triage_data.escalate() is
'Moves each wait whose deadline was missed to the queue that its queue escalates to, once.';
