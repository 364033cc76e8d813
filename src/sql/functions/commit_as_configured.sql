create or replace function triage_data.commit_as_configured()
returns void
language sql
begin atomic
    select set_config('synchronous_commit', s.commit, true)
      from triage_data.setting as s;
end;

comment on function triage_data.commit_as_configured() is
'What this transaction writes is kept as surely as a delivery (triage_commit).';
