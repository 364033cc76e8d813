create or replace function triage_data.effort(
       conversation uuid,
       since timestamptz,
       until timestamptz)
returns table (
       opened_at timestamptz,
       target interval,
       hours text,
       queue text,
       waited interval,
       counted interval)
language plpgsql
stable
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
#variable_conflict use_column
begin
    return query
    select o.opened_at, t.resolve, t.hours, t.queue, a.waited, a.counted
      from (select min(m.clock_at) as opened_at
              from triage_data.message as m
             where m.conversation_id = effort.conversation
               and m.clock_at > effort.since
               and m.clock_at <= effort.until
               and triage_data.starts_wait(m.kind)) as o
      left join lateral (
           select q.resolve, q.hours, coalesce(q.queue, m.queue) as queue
             from triage_data.message as m
             left join triage_data.queue as q
               on q.queue = case when m.resolve_queue is null then m.queue
                                 else triage_data.resolve_queue(m)
                            end
            where m.conversation_id = effort.conversation
              and m.clock_at > effort.since
              and m.clock_at <= effort.until
              and triage_data.starts_wait(m.kind)
            order by q.resolve, m.clock_at desc, m.message_no desc
            limit 1) as t
        on true
     cross join lateral (
           select coalesce(sum(n.answered_at - n.waiting_since),
                           interval '0') as waited,
                  -- By the hours of the target, whoever answered.
                  coalesce(sum(case when t.hours is null
                                    then n.answered_at - n.waiting_since
                                    else triage_data.open_time(
                                             t.hours, n.waiting_since,
                                             n.answered_at)
                               end),
                           interval '0') as counted
             from triage_data.answer as n
            where n.conversation_id = effort.conversation
              and n.answered_through > effort.since
              and n.answered_through <= effort.until
              and n.waiting_since is not null) as a;
end
$$;

comment on function triage_data.effort(uuid, timestamptz, timestamptz) is
'What a conversation took within a time, as far as it is answered: since when, for how long the customer waited, how much of that counts against which target.';
