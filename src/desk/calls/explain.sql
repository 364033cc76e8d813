-- The terms of one message's score.
select json_build_object(
           'agent', $1::text,
           'message', $2::bigint,
           'terms', coalesce(json_agg(to_json(e)), '[]'))
  from triage.explain($2::bigint) as e
