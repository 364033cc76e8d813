create or replace function triage.dead_letter_raw(dead_letter_id bigint)
returns bytea
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    brand text;
    raw bytea;
begin
    select l.brand, l.raw
      into brand, raw
      from triage_data.dead_letter as l
     where l.dead_letter_id = dead_letter_raw.dead_letter_id;
    if not found then
        raise exception 'there is no dead letter %',
              dead_letter_raw.dead_letter_id
              using errcode = 'TR006';
    end if;
    perform triage_data.check_allowed(brand, null);
    return raw;
end
$$;

comment on function triage.dead_letter_raw(bigint) is
'The bytes of a dead letter as they came.';
