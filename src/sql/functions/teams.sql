create or replace function triage_data.teams(now timestamptz)
returns table (
       queues text[],
       agents int,
       pace double precision)
language sql
stable
begin atomic
    -- People who answer the same queues.  An agent who went from one customer
    -- to the next without a pause shows the pace; until enough of that was
    -- seen, five minutes are taken for granted.
    with recent as (
    select coalesce(a.agent, '') as agent, a.queue, a.answered_at,
           a.waiting_since,
           lag(a.answered_at) over (partition by a.agent
                                        order by a.answered_at) as previous
      from (select n.agent, n.queue, n.answered_at, n.waiting_since
              from triage_data.answer as n
             where n.waiting_since is not null
               and n.kind <> 'close'
               and n.answered_at <= teams.now
               and n.answered_at > teams.now - interval '24 hours'
             order by n.answered_at desc
             limit 2000) as a
    ), agent as (
    select r.agent,
           coalesce((select k.queues
                       from triage_data.agent as k
                      where k.agent = r.agent),
                    array_agg(distinct r.queue)) as queues,
           max(r.answered_at) as last_at,
           count(*) filter (where r.waiting_since <= r.previous
                              and r.answered_at - r.previous
                                  < interval '2 hours') as gaps,
           coalesce(sum(extract(epoch from r.answered_at - r.previous))
                        filter (where r.waiting_since <= r.previous
                                  and r.answered_at - r.previous
                                      < interval '2 hours'),
                    0)::float8 as seconds
      from recent as r
     group by r.agent
    ), whole as (
    select max(a.last_at) as last_at,
           (sum(a.seconds) + 1500) / (sum(a.gaps) + 5) as gap,
           (select array_agg(q.queue)
              from triage_data.queue as q
             where q.queue not in (select r.queue
                                     from recent as r)) as unanswered
      from agent as a
    ), team as (
    select a.queues || w.unanswered as queues,
           count(*)::int4 as agents,
           (sum(a.gaps) + 10)
               / (sum(a.seconds) + 10 * min(w.gap)) as pace,
           row_number() over (order by count(*) desc, a.queues) as place
      from agent as a
     cross join whole as w
     -- Who is at work: who answered in the last hour, or in the last hour of
     -- work if nobody has waited since.
     where a.last_at > w.last_at - interval '1 hour'
       and (w.last_at > teams.now - interval '1 hour'
            or not exists (
                select
                  from triage_data.conversation as c
                 where c.waiting_since is not null
                   and c.queue in (select q.queue
                                     from triage_data.queue as q)))
     group by a.queues, w.unanswered
    )
    select t.queues, t.agents, t.pace
      from team as t
     where t.place <= 7
     union all
    select array(select q.queue from triage_data.queue as q),
           sum(t.agents)::int4,
           sum(t.agents * t.pace) / sum(t.agents)
      from team as t
     where t.place > 7
    having count(*) > 0;
end;

comment on function triage_data.teams(timestamptz) is
'Who is at work: how many people answer the same queues, and how many answers a second each of them gives.';
