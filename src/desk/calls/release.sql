select json_build_object('released',
                         triage.release($2::uuid, $1::text))
