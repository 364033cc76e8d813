-- What is expected now, and how often that held.
select json_build_object(
           'now', triage.now(),
           'agent', $1::text,
           'forecast', (
               select coalesce(json_agg(json_build_object(
                          'queue', f.queue,
                          'forecast_at', f.forecast_at,
                          'arrivals_per_hour', f.arrivals_per_hour,
                          'answers_per_hour', f.answers_per_hour,
                          'agents', f.agents,
                          'wait_p50', extract(epoch from f.wait_p50),
                          'wait_p90', extract(epoch from f.wait_p90),
                          'target', extract(epoch from f.target))
                          order by f.queue), '[]')
                 from triage.forecast as f),
           'record', (
               select coalesce(json_agg(json_build_object(
                          'queue', r.queue,
                          'day', r.day,
                          'published', r.published,
                          'held', r.held)
                          order by r.day, r.queue), '[]')
                 from triage.forecast_record as r))
