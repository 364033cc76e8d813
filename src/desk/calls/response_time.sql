-- How long customers waited, by queue and hour.  $2: of how many hours.
select json_build_object(
           'now', triage.now(),
           'agent', $1::text,
           'hours', coalesce(json_agg(json_build_object(
                        'hour', h.hour,
                        'queue', h.queue,
                        'responses', h.responses,
                        'p50', extract(epoch from h.p50),
                        'p90', extract(epoch from h.p90),
                        'share_in_time', h.share_in_time)
                        order by h.hour, h.queue), '[]'))
  from (select r.hour,
               r.queue,
               sum(r.responses) as responses,
               sum(r.p50 * r.responses) / sum(r.responses) as p50,
               max(r.p90) as p90,
               sum(r.share_in_time * r.responses) / sum(r.responses)
                   as share_in_time
          from triage.response_time as r
         where r.hour >= date_trunc('hour', triage.now(), 'UTC')
                         - least(greatest(coalesce($2::bigint, 48), 1), 720)
                           * interval '1 hour'
         group by r.hour, r.queue) as h
