create or replace function triage_data.begin_counts()
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
    chosen text[];
begin
    -- A count that runs goes on.
    chosen := array(
        select q.queue
          from triage_data.queue as q
         where q.queue not in (select c.queue
                                 from triage_data.counting as c)
           and exists (
               select
                 from triage_data.conversation as c
                where c.queue = q.queue
                  and c.waiting_since is not null
                order by c.due_at, c.waiting_since, c.conversation_id
               offset long));

    insert into triage_data.counting (queue, began_at)
    select c.queue, now
      from unnest(chosen) as c(queue)
     order by c.queue;

    delete from triage_data.waiting as w
     where w.queue not in (select c.queue
                             from triage_data.counting as c)
        or w.next_length = 0
       and w.queue = any (chosen);
    update triage_data.waiting as w
       set next_length = 0,
           next_late = 0
     where w.queue = any (chosen);

    -- What is held is few, and in no index by its brand.
    insert into triage_data.waiting as w
           (queue, brand, counted_at, length, late, next_length, next_late)
    select c.queue, c.brand, '-infinity', 0, 0, count(*),
           count(*) filter (where c.due_at < now)
      from triage_data.conversation as c
     where c.queue = any (chosen)
       and c.waiting_since is not null
       and (c.lease_until is not null
            or c.snoozed_until is not null
            or c.kept_until is not null)
     group by c.queue, c.brand
     order by c.queue, c.brand
        on conflict (queue, brand) do update
       set next_length = excluded.next_length,
           next_late = excluded.next_late;
end
$$;

comment on function triage_data.begin_counts() is
'Begins to count the queues that are long, with what is held.';
