select json_build_object('due_at',
                         triage.refer($2::uuid, $1::text, $3::text))
