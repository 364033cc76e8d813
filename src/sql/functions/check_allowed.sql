create or replace function triage_data.check_allowed(brand text, queue text)
returns void
language plpgsql
stable
as $$
begin
    if not triage_data.is_allowed(triage_data.allowed(),
                                  check_allowed.brand,
                                  check_allowed.queue) then
        -- Not whose it is: that would tell of the others.
        raise exception 'role "%" may not touch what is of another brand '
              'or queue',
              coalesce(nullif(current_setting('role'), 'none'),
                       session_user)
              using errcode = 'TR011',
                    hint = 'triage.allow gives a role brands and queues.';
    end if;
end
$$;

comment on function triage_data.check_allowed(text, text) is
'TR011 unless the session may see the rows of this brand and queue; null: of none, seen by who sees all of the brand.';
