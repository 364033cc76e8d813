-- The queues: what waits in each is counted, so this is the look that costs
-- more the more there is.
select json_build_object(
           'now', triage.now(),
           'agent', $1::text,
           'queues', coalesce(json_agg(json_build_object(
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
                         order by q.weight desc, q.target, q.queue), '[]'))
  from triage.queue as q
