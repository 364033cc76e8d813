select json_build_object('handoff_id',
                         triage.handoff($2::uuid, $1::text,
                                        $3::timestamptz))
