create or replace function triage_data.are_queues_allowed(
       allowed text[],
       queues text[])
returns boolean
language sql
immutable
parallel safe
return are_queues_allowed.allowed is null
       or are_queues_allowed.allowed && array['queue']
       or cardinality(are_queues_allowed.allowed) > 0
          and are_queues_allowed.queues is null
       or exists (
              select
                from unnest(are_queues_allowed.queues) as q(queue)
               where triage_data.is_queue_allowed(
                         are_queues_allowed.allowed, q.queue));

comment on function triage_data.are_queues_allowed(text[], text[]) is
'Whether anything of one of the queues, null: of any, is among what triage_data.allowed says.';
