create or replace function triage_data.count_waiting(
       every interval default interval '1 minute')
returns void
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set jit = off
as $$
#variable_conflict use_column
declare
    now constant timestamptz := triage.now();
    -- Shorter ones are counted at each look.
    long constant int := 1000;
    chosen text;
begin
    if not triage_data.is_due('count_waiting', count_waiting.every) then
        return;
    end if;

    for chosen in
        select q.queue
          from triage_data.queue as q
         where exists (
               select
                 from triage_data.conversation as c
                where c.queue = q.queue
                  and c.waiting_since is not null
                order by c.due_at, c.conversation_id
               offset long)
    loop
        -- Those that are ready are in an index with their brands.
        insert into triage_data.waiting as w
               (queue, brand, counted_at, length, late)
        select chosen, a.brand, now, sum(a.length), sum(a.late)
          from (select c.brand, count(*) as length,
                       count(*) filter (where c.due_at < now) as late
                  from triage_data.conversation as c
                 where c.queue = chosen
                   and c.waiting_since is not null
                   and c.lease_until is null
                   and c.snoozed_until is null
                   and c.kept_until is null
                 group by c.brand
                 union all
                select c.brand, count(*),
                       count(*) filter (where c.due_at < now)
                  from triage_data.conversation as c
                 where c.queue = chosen
                   and c.waiting_since is not null
                   and (c.lease_until is not null
                        or c.snoozed_until is not null
                        or c.kept_until is not null)
                 group by c.brand) as a
         group by a.brand
         order by a.brand
            on conflict (queue, brand) do update
           set counted_at = excluded.counted_at,
               length = excluded.length,
               late = excluded.late;
    end loop;

    delete from triage_data.waiting
     where counted_at <> now;
end
$$;

comment on function triage_data.count_waiting(interval) is
'Counts who waits in the queues that are long.';
