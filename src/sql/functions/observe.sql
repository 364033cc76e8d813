create or replace function triage_data.observe(
       every interval default interval '5 seconds')
returns void
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
#variable_conflict use_column
declare
    most constant int := 5000;    -- of what is read in one call
    followed constant int := 100; -- waits of a queue
    now constant timestamptz := triage.now();
    batch_size constant bigint := 16384;
    last_message constant bigint := (
        select n.last_value * batch_size + batch_size - 1
          from triage_data.batch_number as n);
    last_answer constant bigint := coalesce((
        select max(a.answer_id) from triage_data.answer as a), 0);
    seen triage_data.observed;
    messages bigint[];
    through bigint;
    answered_through bigint;
    conversations uuid[];
    since timestamptz[];
begin
    if not triage_data.is_due('observe', observe.every) then
        return;
    end if;

    select o.*
      into seen
      from triage_data.observed as o
       for update;
    if not found then
        insert into triage_data.observed
               (since, message_no, next_message_no, answer_id,
                next_answer_id)
        values (now, last_message, last_message, last_answer, last_answer);
        return;
    end if;

    -- What start a wait, since the last call.  Numbers are given before they
    -- are committed: what was given by the last call is committed by now.
    select array_agg(r.message_no), max(r.message_no)
      into messages, through
      from (select m.message_no
              from triage_data.message as m
             where m.message_no > seen.message_no
               and m.message_no <= seen.next_message_no
             order by m.message_no
             limit most) as r;
    if cardinality(messages) is distinct from most then
        through := seen.next_message_no;
    end if;

    insert into triage_data.inflow as i (queue, began_at, arrivals)
    select m.queue, date_bin('30 minutes', m.clock_at, 'epoch'), count(*)
      from triage_data.message as m
     where m.message_no = any (messages)
       and triage_data.starts_wait(m.kind)
       and m.clock_at > now - interval '28 days'
     group by m.queue, date_bin('30 minutes', m.clock_at, 'epoch')
     order by 1, 2
        on conflict (queue, began_at) do update
       set arrivals = i.arrivals + excluded.arrivals;

    insert into triage_data.brand_inflow as i (brand, began_at, arrivals)
    select m.brand, date_bin('30 minutes', m.clock_at, 'epoch'), count(*)
      from triage_data.message as m
     where m.message_no = any (messages)
       and triage_data.starts_wait(m.kind)
       and m.clock_at > now - interval '28 days'
     group by m.brand, date_bin('30 minutes', m.clock_at, 'epoch')
     order by 1, 2
        on conflict (brand, began_at) do update
       set arrivals = i.arrivals + excluded.arrivals;

    -- Waits that began while a forecast was published.
    with began as (
    select m.conversation_id, m.clock_at, m.queue
      from (select n.conversation_id, n.clock_at, n.queue,
                   row_number() over (partition by n.queue
                                          order by n.message_no) as number
              from triage_data.message as n
             where n.message_no = any (messages)
               and triage_data.starts_wait(n.kind)) as m
     where m.number <= followed
    ), followed as (
    insert into triage_data.expectation
           (conversation_id, waiting_since, ends_at, expected, wait_p50,
            queue)
    select b.conversation_id, b.clock_at, b.clock_at + f.wait_p90,
           extract(epoch from triage_data.open_time(
               q.hours, f.forecast_at, f.forecast_at + f.expected)),
           extract(epoch from f.wait_p50), b.queue
      from began as b
     cross join lateral (
           select p.forecast_at, p.expected, p.wait_p50, p.wait_p90
             from triage_data.forecast as p
            where p.queue = b.queue
              and p.forecast_at <= b.clock_at
            order by p.forecast_at desc
            limit 1) as f
      left join triage_data.queue as q
        on q.queue = b.queue
     where f.wait_p90 is not null
       and (exists (select
                      from triage_data.conversation as c
                     where c.conversation_id = b.conversation_id
                       and c.waiting_since = b.clock_at)
            or exists (select
                         from triage_data.answer as a
                        where a.conversation_id = b.conversation_id
                          and a.waiting_since = b.clock_at))
        on conflict do nothing
    returning conversation_id, waiting_since
    )
    select array_agg(f.conversation_id), array_agg(f.waiting_since)
      into conversations, since
      from followed as f;

    -- What ended: of the waits that were found now, and by new answers.
    select conversations || array_agg(a.conversation_id),
           since || array_agg(a.waiting_since), max(a.answer_id)
      into conversations, since, answered_through
      from (select b.conversation_id, b.waiting_since, b.answer_id
              from triage_data.answer as b
             where b.answer_id > seen.answer_id
               and b.answer_id <= seen.next_answer_id
             order by b.answer_id
             limit most) as a;
    if cardinality(conversations) > 0 then
        perform triage_data.judge(conversations, since);
    end if;

    update triage_data.observed
       set message_no = through,
           next_message_no = greatest(last_message, next_message_no),
           answer_id = greatest(answered_through, answer_id),
           next_answer_id = greatest(last_answer, next_answer_id);
end
$$;

comment on function triage_data.observe(interval) is
'Reads what was filed and answered since the last call: counts arrivals, notes what those who wait could read, and judges it when their wait is over.';
