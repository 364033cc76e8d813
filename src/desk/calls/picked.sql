-- Who claimed by name and not in triage's order, the last seven days.
select json_build_object(
           'now', triage.now(),
           'agent', $1::text,
           'agents', (
               select coalesce(json_agg(to_json(a)
                          order by a.out_of_order desc, a.picks desc,
                                   a.agent), '[]')
                 from (select p.agent,
                              count(*) as picks,
                              count(*) filter (where p.passed_over > 0)
                                  as out_of_order,
                              max(p.passed_over) as most,
                              max(p.picked_at) as latest
                         from triage.picked as p
                        where p.picked_at
                              > triage.now() - interval '7 days'
                        group by p.agent
                        order by 3 desc, 2 desc, 1
                        limit 50) as a))
