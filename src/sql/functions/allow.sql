create or replace function triage.allow(
       role text,
       brand text default null,
       queue text default null)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform triage_data.check_allowed_all();
    if not exists (select
                     from pg_roles as r
                    where r.rolname = allow.role) then
        raise exception 'there is no role "%"', allow.role
              using errcode = 'TR007';
    end if;
    if allow.brand = '' then
        raise exception 'a brand has a name' using errcode = 'TR007';
    end if;
    if allow.queue is not null then
        perform triage_data.check_queues(array[allow.queue]);
    end if;

    insert into triage_data.allowance (role, brand, queue)
    values (allow.role, allow.brand, allow.queue)
        on conflict do nothing;
end
$$;

comment on function triage.allow(text, text, text) is
'A role, and its members, see the rows of a brand and a queue (null: all), and no others but those of its other allowances.';
