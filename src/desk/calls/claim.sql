-- The next conversations, leased to the agent.  $2: of which queues.
select json_build_object(
           'now', triage.now(),
           'claimed', coalesce(json_agg(to_json(c)), '[]'))
  from triage.claim(
           agent => $1::text,
           queues => case when $2::json is null then null
                     else array(select json_array_elements_text($2::json))
                     end,
           quantity => least(coalesce($3::bigint, 1), 1000)::int) as c
