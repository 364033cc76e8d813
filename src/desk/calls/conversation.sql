-- One conversation: what waits in it, what happened in it, and why its
-- messages have the scores that they have.
select json_build_object(
           'now', triage.now(),
           'agent', $1::text,
           'waiting', (
               select to_json(i)
                 from triage.inbox as i
                where i.conversation_id = $2::uuid),
           'history', (
               select coalesce(json_agg(to_json(h)
                          order by h.happened_at, h.message_no), '[]')
                 from (select t.*
                         from triage.history as t
                        where t.conversation_id = $2::uuid
                        order by t.happened_at desc
                        limit 200) as h),
           'terms', (
               select coalesce(json_agg(to_json(e)), '[]')
                 from triage.inbox as i
                cross join lateral triage.explain(i.message_no) as e
                where i.conversation_id = $2::uuid))
