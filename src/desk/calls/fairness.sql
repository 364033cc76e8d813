-- Whether the service is the same for everybody.
select json_build_object(
           'agent', $1::text,
           'groups', coalesce(json_agg(json_build_object(
                         'dimension', f.dimension,
                         'value', f.value,
                         'responses', f.responses,
                         'p50', extract(epoch from f.p50),
                         'p90', extract(epoch from f.p90),
                         'share_in_time', f.share_in_time,
                         'stretch', f.stretch)
                         order by f.dimension, f.responses desc, f.value),
                     '[]'))
  from triage.fairness as f
