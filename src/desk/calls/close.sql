select json_build_object('closed', true)
  from triage.close($2::uuid, $1::text)
