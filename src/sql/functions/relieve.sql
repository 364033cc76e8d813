create or replace function triage_data.relieve(
       every interval default interval '20 seconds')
returns void
language plpgsql
set plan_cache_mode = force_generic_plan
set jit = off
as $$
#variable_conflict use_column
declare
    now constant timestamptz := triage.now();
    -- A far deadline may yet be kept: nothing is moved before this share of
    -- the target is left, or before it is decided by weight.
    share constant float8 := 0.5;
    soon constant interval := (select s.soon from triage_data.setting as s);
    queue record;
    chosen uuid[];
begin
    if not triage_data.is_due('relieve', relieve.every) then
        return;
    end if;

    for queue in
        select q.queue as name, o.queue as overflow, f.lost,
               least(f.lost_through,
                     triage_data.due_after(
                         q.hours, now,
                         greatest(soon, share * q.respond))) as through,
               -- What the other queue's people can do until then, while it
               -- is open, beside what they have to do until then.
               floor(g.capacity_per_hour
                     * extract(epoch from triage_data.open_time(
                           o.hours, now, f.lost_through)) / 3600)
                   - (select count(*)
                        from triage_data.conversation as c
                       where c.queue = o.queue
                         and c.waiting_since is not null
                         and c.due_at <= f.lost_through) as room
          from triage_data.queue as q
          join triage_data.queue as o
            on o.queue = q.overflow
           and o.queue <> q.queue
           and o.retired_at is null
         cross join lateral (
               select l.lost, l.lost_through
                 from triage_data.forecast as l
                where l.queue = q.queue
                  and l.forecast_at > now - interval '5 minutes'
                  and l.forecast_at <= now
                order by l.forecast_at desc
                limit 1) as f
         cross join lateral (
               select l.lost, l.capacity_per_hour
                 from triage_data.forecast as l
                where l.queue = o.queue
                  and l.forecast_at > now - interval '5 minutes'
                  and l.forecast_at <= now
                order by l.forecast_at desc
                limit 1) as g
         where f.lost > 0
           and g.lost = 0
           -- Not again by the same forecast.
           and not exists (
               select
                 from triage_data.overflow as v
                where v.queue_before = q.queue
                  and v.moved_at >= (
                      select max(l.forecast_at)
                        from triage_data.forecast as l
                       where l.queue = q.queue))
         order by q.queue
    loop
        continue when queue.room < 1;

        chosen := array(
            select c.conversation_id
              from triage_data.conversation as c
             where c.queue = queue.name
               and c.waiting_since is not null
               and c.due_at > now
               and c.due_at <= queue.through
               and (c.lease_until is null or c.lease_until <= now)
               and (c.snoozed_until is null or c.snoozed_until <= now)
               -- One hop: what came from elsewhere stays, also if it turns
               -- out later that the wait is longer than was known.
               and not exists (
                   select
                     from triage_data.overflow as v
                    where v.conversation_id = c.conversation_id
                      and v.waiting_since > c.answered_through)
             order by c.due_at, c.waiting_since, c.conversation_id
             limit least(queue.lost, queue.room, 500)
               for update skip locked);
        continue when cardinality(chosen) = 0;

        perform triage_data.commit_as_configured();

        -- The route's queue changes, the deadline stays; the trace says so.
        update triage_data.message as m
           set queue = queue.overflow,
               resolve_queue = triage_data.resolve_queue(m),
               terms = triage_data.add_term(m.terms, 'overflow', 0)
          from triage_data.conversation as c
         where c.conversation_id = any (chosen)
           and m.conversation_id = c.conversation_id
           and m.clock_at > c.answered_through
           and m.queue = queue.name
           and triage_data.starts_wait(m.kind);

        with moved as (
        update triage_data.conversation as c
           set queue = queue.overflow,
               aside = true
         where c.conversation_id = any (chosen)
        returning c.conversation_id, c.waiting_since, c.due_at
        )
        insert into triage_data.overflow
               (conversation_id, waiting_since, moved_at, due_at,
                queue_before, queue)
        select m.conversation_id, m.waiting_since, now, m.due_at, queue.name,
               queue.overflow
          from moved as m;

        perform triage_data.announce(queue.overflow, 'overflow');
    end loop;
end
$$;

comment on function triage_data.relieve(interval) is
'Moves what would miss its deadline to the queue''s overflow, if that has room: at most once a wait, the deadline unchanged.';
