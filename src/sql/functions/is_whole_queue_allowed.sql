create or replace function triage_data.is_whole_queue_allowed(
       allowed text[],
       queue text)
returns boolean
language sql
immutable
parallel safe
return coalesce(allowed && array[chr(31) || queue], true);

comment on function triage_data.is_whole_queue_allowed(text[], text) is
'Whether a queue, of all brands, is among what triage_data.allowed says.';
