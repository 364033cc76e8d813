create or replace function triage_data.starts_wait(kind text)
returns boolean
language sql
immutable
parallel safe
return kind in ('message', 'comment', 'mention', 'review');

comment on function triage_data.starts_wait(text) is
'Whether a message of this kind waits for a person.';
