-- What is unusual: spikes that go on, and what was warned of and escalated in
-- the last day, the latest first.
select json_build_object(
           'now', triage.now(),
           'agent', $1::text,
           'spikes', (
               select coalesce(json_agg(to_json(s)
                          order by s.began_at desc, s.spike_id desc), '[]')
                 from (select k.*
                         from triage.spike as k
                        where k.ended_at is null
                        order by k.began_at desc
                        limit 20) as s),
           'alerts', (
               select coalesce(json_agg(to_json(a)
                          order by a.raised_at desc, a.alert_id desc), '[]')
                 from (select t.*
                         from triage.alert as t
                        where t.raised_at > triage.now() - interval '1 day'
                        order by t.raised_at desc
                        limit 50) as a))
