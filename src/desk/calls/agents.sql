-- Who answers, who is there, and how much each of them holds.
select json_build_object(
           'now', triage.now(),
           'agent', $1::text,
           'agents', (
               select coalesce(json_agg(to_json(a) order by a.agent), '[]')
                 from (select n.agent,
                              n.present_until,
                              n.held,
                              n.capacity
                         from triage.agent as n
                        order by n.present desc, n.held desc, n.agent
                        limit 500) as a))
