select json_build_object('lease_until',
                         triage.renew($2::uuid, $1::text))
