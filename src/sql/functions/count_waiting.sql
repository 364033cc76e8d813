create or replace function triage_data.count_waiting(
       every interval default interval '1 minute',
       slice int default 50000)
returns void
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set jit = off
as $$
#variable_conflict use_column
declare
    chosen triage_data.counting;
    last record;
begin
    if triage_data.is_due('count_waiting', count_waiting.every) then
        perform triage_data.begin_counts();
    end if;

    select c.*
      into chosen
      from triage_data.counting as c
     order by c.began_at, c.queue
     limit 1;
    if not found then
        return;
    end if;

    -- Those that are ready are in an index with their brands.
    with counted as (
    select c.brand, c.language, c.due_at, c.waiting_since, c.conversation_id,
           row_number() over (order by c.brand, c.language, c.due_at,
                              c.waiting_since, c.conversation_id) as place
      from triage_data.conversation as c
     where c.queue = chosen.queue
       and (c.brand, c.language, c.due_at, c.waiting_since,
            c.conversation_id)
           > (chosen.brand, chosen.language, chosen.due_at,
              chosen.waiting_since, chosen.conversation_id)
       and c.waiting_since is not null
       and c.lease_until is null
       and c.snoozed_until is null
       and c.kept_until is null
     order by c.brand, c.language, c.due_at, c.waiting_since,
              c.conversation_id
     limit count_waiting.slice
    ), added as (
    insert into triage_data.waiting as w
           (queue, brand, counted_at, length, late, next_length, next_late)
    select chosen.queue, c.brand, '-infinity', 0, 0, count(*),
           count(*) filter (where c.due_at < chosen.began_at)
      from counted as c
     group by c.brand
     order by c.brand
        on conflict (queue, brand) do update
       set next_length = w.next_length + excluded.next_length,
           next_late = w.next_late + excluded.next_late
    )
    select c.*
      into last
      from counted as c
     order by c.place desc
     limit 1;

    if last.place = count_waiting.slice then
        update triage_data.counting as c
           set brand = last.brand,
               language = last.language,
               due_at = last.due_at,
               waiting_since = last.waiting_since,
               conversation_id = last.conversation_id
         where c.queue = chosen.queue;
        return;
    end if;

    update triage_data.waiting as w
       set counted_at = chosen.began_at,
           length = w.next_length,
           late = w.next_late
     where w.queue = chosen.queue;
    delete from triage_data.counting as c
     where c.queue = chosen.queue;
end
$$;

comment on function triage_data.count_waiting(interval, int) is
'Counts who waits in the queues that are long, so many at a time.';
