-- This conversation, leased to the agent.
select json_build_object(
           'now', triage.now(),
           'picked', to_json(triage.pick($2::uuid, $1::text)))
