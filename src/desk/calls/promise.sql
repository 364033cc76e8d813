select json_build_object('promise_id',
                         triage.promise($2::uuid, $1::text, $3::timestamptz,
                                        $4::text))
