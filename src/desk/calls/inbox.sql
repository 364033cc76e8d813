-- What the agent holds, and of each queue what is due next, so that one long
-- queue hides no other.  $2: one queue only, $3: so many of each.  Nothing
-- here is counted, so it costs the same however many wait.
with recursive busy as (
(select i.queue
   from triage.inbox as i
  order by i.queue
  limit 1)
 union all
select (select i.queue
          from triage.inbox as i
         where i.queue > b.queue
         order by i.queue
         limit 1)
  from busy as b
 where b.queue is not null
)
select json_build_object(
           'now', triage.now(),
           'agent', $1::text,
           'mine', (
               select coalesce(json_agg(to_json(m)
                          order by m.due_at, m.waiting_since,
                                   m.conversation_id), '[]')
                 from (select i.*
                         from triage.held as h
                         join triage.inbox as i
                           on i.conversation_id = h.conversation_id
                        where h.agent = $1::text
                          and h.lease_until > triage.now()
                        order by i.due_at, i.waiting_since, i.conversation_id
                        limit 100) as m),
           'waiting', (
               select coalesce(json_agg(to_json(w)
                          order by w.due_at, w.waiting_since,
                                   w.conversation_id), '[]')
                 from busy as b
                cross join lateral (
                      select i.*
                        from triage.inbox as i
                       where i.queue = b.queue
                       order by i.due_at, i.waiting_since, i.conversation_id
                       limit least(greatest(coalesce($3::bigint, 40), 1),
                                   1000)) as w
                where $2::text is null
                   or b.queue = $2::text))
