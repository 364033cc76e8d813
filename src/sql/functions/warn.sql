create or replace function triage_data.warn()
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
begin
    -- What is due before `first` (`next`, after the first response) has no
    -- more than the share of its target left.
    for watched in
        select q.queue,
               triage_data.due_after(q.hours, now, q.warn * q.respond)
                   as first,
               triage_data.due_after(q.hours, now,
                                     q.warn * coalesce(q.next, q.respond))
                   as next
          from triage_data.queue as q
         where q.warn is not null
    loop
        with near as (
        select c.conversation_id
          from triage_data.conversation as c
         where c.queue = watched.queue
           and c.waiting_since is not null
           and c.due_at > now
           and c.due_at <= greatest(watched.first, watched.next)
           and not c.warned
           and (watched.first = watched.next
                or c.due_at <= case when exists (
                                         select
                                           from triage_data.answer as a
                                          where a.conversation_id
                                                = c.conversation_id
                                            and a.first)
                                    then watched.next
                                    else watched.first end)
         order by c.due_at
         limit most
           for update skip locked
    ), warned as (
        update triage_data.conversation as c
           set warned = true
          from near as n
         where c.conversation_id = n.conversation_id
        returning c.*
    )
        insert into triage_data.alert
               (kind, conversation_id, raised_at, waiting_since, due_at,
                queue, platform, brand, account)
        select 'warning', w.conversation_id, now, w.waiting_since, w.due_at,
               w.queue, w.platform, w.brand, w.account
          from warned as w;

        if found then
            perform triage_data.commit_as_configured();
            perform triage_data.announce(watched.queue, 'warning');
        end if;
    end loop;
end
$$;

comment on function triage_data.warn() is
'Raises a warning for each wait whose deadline is near, once.';
