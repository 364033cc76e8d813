-- One conversation: what waits in it, what happened in it, and why it is as
-- urgent as it is: the terms of its most urgent unanswered message.
with explained as (
select h.message_no
  from triage.history as h
 where h.conversation_id = $2::uuid
   and h.event = 'message'
   and h.waiting
 order by h.urgency desc nulls last, h.happened_at desc, h.message_no desc
 limit 1
)
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
           'explained', (select x.message_no from explained as x),
           'terms', (
               select coalesce(json_agg(to_json(e)), '[]')
                 from explained as x
                cross join lateral triage.explain(x.message_no) as e))
