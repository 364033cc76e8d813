create or replace function triage_data.judge(
       conversations uuid[],
       since timestamptz[])
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
    judged record;
begin
    for judged in
        with ended as (
        select e.conversation_id, e.waiting_since, a.kind,
               extract(epoch from a.answered_at - e.waiting_since)::float8
                   as wait
          from (select distinct *
                  from unnest(judge.conversations, judge.since)
                       as u(conversation_id, waiting_since)) as n
          join triage_data.expectation as e
            on e.conversation_id = n.conversation_id
           and e.waiting_since = n.waiting_since
         cross join lateral (
               select b.kind, b.answered_at
                 from triage_data.answer as b
                where b.conversation_id = n.conversation_id
                  and b.waiting_since = n.waiting_since
                order by b.answer_id
                limit 1) as a
        ), over as (
        delete from triage_data.expectation as e
         using ended as n
         where e.conversation_id = n.conversation_id
           and e.waiting_since = n.waiting_since
        returning e.queue, e.waiting_since, e.ends_at, e.expected, e.missed,
               n.kind, greatest(n.wait, 0) as wait
        ), scored as (
        -- What was closed is no response and proves nothing.  Both times are
        -- in business hours.
        insert into triage_data.outcome (queue, score)
        select o.queue,
               ln((case when q.hours is null then o.wait
                        else extract(epoch from triage_data.open_time(
                                 q.hours, o.waiting_since, o.waiting_since
                                 + o.wait * interval '1 second'))::float8
                   end + 120) / (o.expected + 120))
          from over as o
          left join triage_data.queue as q
            on q.queue = o.queue
         where o.kind <> 'close'
         order by o.waiting_since + o.wait * interval '1 second'
        )
        select o.queue,
               (o.waiting_since at time zone 'UTC')::date as day,
               count(*)::int4 as quantity,
               count(*) filter (
                   where o.waiting_since + o.wait * interval '1 second'
                         <= o.ends_at)::int4 as held
          from over as o
         where o.kind <> 'close'
           and not o.missed
         group by o.queue, (o.waiting_since at time zone 'UTC')::date
         order by 1, 2
    loop
        perform triage_data.learn(judged.queue, judged.day, judged.quantity,
                                  judged.held);
    end loop;
end
$$;

comment on function triage_data.judge(uuid[], timestamptz[]) is
'What came of waits that have ended: whether the published p90 held, and how far it was from what was expected.';
