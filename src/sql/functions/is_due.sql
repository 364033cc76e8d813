create or replace function triage_data.is_due(chore text, every interval)
returns boolean
language plpgsql
as $$
#variable_conflict use_column
begin
    -- By the real clock, since it is about load, not about anybody's wait.
    -- A clock that was set back must not stop anything.
    insert into triage_data.chore as c (chore, done_at)
    values (is_due.chore, transaction_timestamp())
        on conflict (chore) do update
       set done_at = excluded.done_at
     where c.done_at not between excluded.done_at - is_due.every
                                 + interval '1 microsecond'
                             and excluded.done_at + is_due.every;
    return found;
end
$$;

comment on function triage_data.is_due(text, interval) is
'Whether a chore was last done so long ago; then it counts as done in this transaction.';
