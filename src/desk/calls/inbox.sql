-- The desk as a whole: the queues, what the agent holds, and of each queue
-- what is due next, so that one long queue hides no other.  $2: one queue
-- only, and more of it.
select json_build_object(
           'now', triage.now(),
           'agent', $1::text,
           'queues', (
               select coalesce(json_agg(json_build_object(
                          'queue', q.queue,
                          'length', q.length,
                          'late', q.late,
                          'oldest_wait', extract(epoch from q.oldest_wait),
                          'forecast', extract(epoch from q.forecast),
                          'target', extract(epoch from q.target),
                          'share_in_time', q.share_in_time,
                          'weight', q.weight,
                          'overflow', q.overflow,
                          'retired', q.retired)
                          order by q.weight desc, q.target, q.queue), '[]')
                 from triage.queue as q),
           'mine', (
               select coalesce(json_agg(to_json(m)
                          order by m.due_at, m.conversation_id), '[]')
                 from (select i.*
                         from triage.inbox as i
                        where i.claimed_by = $1::text
                        limit 100) as m),
           'waiting', (
               select coalesce(json_agg(to_json(w)
                          order by w.due_at, w.conversation_id), '[]')
                 from triage.queue as q
                cross join lateral (
                      select i.*
                        from triage.inbox as i
                       where i.queue = q.queue
                       order by i.due_at, i.conversation_id
                       limit case when $2::text is null then 40 else 200 end
                      ) as w
                where $2::text is null
                   or q.queue = $2::text))
