create or replace function triage_data.check_allowed_all()
returns void
language plpgsql
stable
as $$
begin
    if triage_data.allowed() is not null then
        raise exception 'role "%" may not touch all brands and queues',
              coalesce(nullif(current_setting('role'), 'none'),
                       session_user)
              using errcode = 'TR011',
                    hint = 'triage.allow gives a role brands and queues.';
    end if;
end
$$;

comment on function triage_data.check_allowed_all() is
'TR011 unless the session sees every brand and queue.';
