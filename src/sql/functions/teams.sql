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
    with shift as (
    -- Business hours, and none: since when a queue was answered the last
    -- days that it was open.
    select h.hours, max(h.opens_at) as opened_at,
           least(min(h.opens_at), teams.now - interval '24 hours') as since,
           (select array_agg(q.queue)
              from triage_data.queue as q
             where q.hours is not distinct from h.hours) as queues
      from (select n.hours, s.opens_at
              from (select distinct q.hours
                      from triage_data.queue as q) as n
              left join lateral (
                   select o.opens_at
                     from triage_data.open_span as o
                    where o.hours = n.hours
                      and o.opens_at <= teams.now
                    order by o.opens_at desc
                    limit 3) as s
                on true) as h
     group by h.hours
    ), recent as (
    select coalesce(a.agent, '') as agent, a.queue, a.answered_at,
           a.waiting_since,
           lag(a.answered_at) over (partition by a.agent
                                        order by a.answered_at) as previous
      from shift as s
     cross join lateral (
           select n.agent, n.queue, n.answered_at, n.waiting_since
             from triage_data.answer as n
            where n.waiting_since is not null
              and n.kind <> 'close'
              and n.answered_at <= teams.now
              and n.answered_at > s.since
              and n.queue = any (s.queues)
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
    ), present as (
    -- Who is at work: who answered in the last hour, or in the last hour of
    -- work if nobody has waited since.  Time in which a queue was closed does
    -- not count, and in its first hour they may be on their way.
    select a.agent, s.hours
      from agent as a
     cross join whole as w
     cross join shift as s
     where triage_data.open_time(s.hours, a.last_at, w.last_at)
           < interval '1 hour'
       and (triage_data.open_time(s.hours, greatest(w.last_at, s.opened_at),
                                  teams.now) < interval '1 hour'
            or not exists (
                select
                  from triage_data.queue as q
                 where triage_data.opens_at(q.hours, teams.now) is null
                   and exists (
                       select
                         from triage_data.conversation as c
                        where c.queue = q.queue
                          and c.waiting_since is not null)))
    ), serving as (
    select a.agent, a.gaps, a.seconds, w.gap,
           array_agg(q.queue order by q.queue) as queues
      from agent as a
     cross join whole as w
      join triage_data.queue as q
        on q.queue = any (a.queues || w.unanswered)
      join present as p
        on p.agent = a.agent
       and p.hours is not distinct from q.hours
     group by a.agent, a.gaps, a.seconds, w.gap
    ), team as (
    select s.queues, count(*)::int4 as agents,
           (sum(s.gaps) + 10)
               / (sum(s.seconds) + 10 * min(s.gap)) as pace,
           row_number() over (order by count(*) desc, s.queues) as place
      from serving as s
     group by s.queues
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
