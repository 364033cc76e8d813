select json_build_object('corrected', true)
  from triage.retriage($2::bigint, $3::real, $4::text, $5::text, $1::text)
