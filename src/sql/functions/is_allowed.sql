create or replace function triage_data.is_allowed(
       allowed text[],
       brand text,
       queue text)
returns boolean
language sql
immutable
parallel safe
return coalesce(allowed && array[brand || chr(31) || queue,
                                 brand || chr(31),
                                 chr(31) || queue], true);

comment on function triage_data.is_allowed(text[], text, text) is
'Whether a row of a brand and a queue is among what triage_data.allowed says.';
