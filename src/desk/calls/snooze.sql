select json_build_object('snoozed', true)
  from triage.snooze($2::uuid, $1::text, $3::timestamptz)
