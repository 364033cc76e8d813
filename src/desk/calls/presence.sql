-- The agent is there for so many hours, a day at most, or away.
select json_build_object(
           'now', triage.now(),
           'present_until', triage.set_presence(
               agent => $1::text,
               present => $2::bigint > 0,
               lasting => least(greatest($2::bigint, 1), 24)
                          * interval '1 hour'))
