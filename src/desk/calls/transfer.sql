select json_build_object('lease_until',
                         triage.transfer($2::uuid, $1::text, $3::text))
