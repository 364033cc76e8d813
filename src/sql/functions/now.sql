-- No search_path of its own, so that it is inlined: its body is bound already.
create or replace function triage.now()
returns timestamptz
language sql
stable
parallel safe
return coalesce(nullif(current_setting('triage.now', true), '')::timestamptz,
                statement_timestamp());

comment on function triage.now() is
'The time that triage goes by: the session''s setting triage.now, or else the start of the statement.';
