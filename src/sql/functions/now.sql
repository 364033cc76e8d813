create or replace function triage.now()
returns timestamptz
language sql
stable
parallel safe
set search_path = pg_catalog, pg_temp
return coalesce(nullif(current_setting('triage.now', true), '')::timestamptz,
                statement_timestamp());

comment on function triage.now() is
'The time that triage goes by: the session''s setting triage.now, or else the start of the statement.';
