create or replace function triage_data.hour_of(at timestamptz)
returns timestamptz
language sql
immutable
parallel safe
return date_trunc('hour', at at time zone 'UTC') at time zone 'UTC';

comment on function triage_data.hour_of(timestamptz) is
'When the hour began, whatever the session''s time zone.';
