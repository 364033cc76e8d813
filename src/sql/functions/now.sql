-- No search_path of its own, so that it is inlined: its body is bound already.
-- And no coalesce, which behind row-level security counts as a leak, so that
-- a time to compare with would be no index condition.
create or replace function triage.now()
returns timestamptz
language sql
stable
parallel safe
return case when current_setting('triage.now', true) <> ''
            then current_setting('triage.now', true)::timestamptz
            else statement_timestamp()
       end;

comment on function triage.now() is
'The time that triage goes by: the session''s setting triage.now, or else the start of the statement.';
