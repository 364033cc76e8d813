create or replace function triage_data.is_queue_allowed(
       allowed text[],
       queue text)
returns boolean
language sql
immutable
parallel safe
return coalesce(allowed && array['queue ' || queue, 'queue'], true);

comment on function triage_data.is_queue_allowed(text[], text) is
'Whether anything of a queue is among what triage_data.allowed says.';
