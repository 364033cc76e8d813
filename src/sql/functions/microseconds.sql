create or replace function triage_data.microseconds(span interval)
returns bigint
language sql
immutable
parallel safe
return (date_part('epoch', span) * 1000000)::int8;

comment on function triage_data.microseconds(interval) is
'How long it is; a day has 24 hours.';
