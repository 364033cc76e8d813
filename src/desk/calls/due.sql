-- What must not be forgotten: promises and invitations, the next first.
select json_build_object(
           'now', triage.now(),
           'agent', $1::text,
           'promises', (
               select coalesce(json_agg(to_json(p) order by p.due_at), '[]')
                 from (select d.*
                         from triage.promise_due as d
                        order by d.due_at
                        limit 100) as p),
           'handoffs', (
               select coalesce(json_agg(to_json(h) order by h.due_at), '[]')
                 from (select d.*
                         from triage.handoff_due as d
                        order by d.due_at
                        limit 100) as h))
