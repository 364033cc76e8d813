-- What the words of the agent promise, if anything: for the agent to confirm.
select json_build_object(
           'agent', $1::text,
           'suggestions', coalesce(json_agg(to_json(s)), '[]'))
  from triage.suggest_promise($2::text, null, $3::text) as s
