select json_build_object('ended',
                         triage.reply($2::uuid, $1::text))
