create or replace function triage_data.check_lease(lease interval)
returns void
language plpgsql
immutable
as $$
begin
    if check_lease.lease is null or check_lease.lease <= interval '0' then
        raise exception 'a lease must be longer than nothing, not %',
              check_lease.lease
              using errcode = 'TR007';
    end if;
    if check_lease.lease > interval '1 year' then
        raise exception 'a lease is a year at most, not %', check_lease.lease
              using errcode = 'TR007';
    end if;
end
$$;

comment on function triage_data.check_lease(interval) is
'TR007 unless the lease has a length.';
