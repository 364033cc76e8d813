create or replace function triage.dead_letter_replay(dead_letter_id bigint)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    brand text;
begin
    update triage_data.dead_letter as l
       set marked_at = coalesce(l.marked_at, triage.now()),
           replayed_at = null
     where l.dead_letter_id = dead_letter_replay.dead_letter_id
    returning l.brand
      into brand;
    if not found then
        raise exception 'there is no dead letter %',
              dead_letter_replay.dead_letter_id
              using errcode = 'TR006';
    end if;
    perform triage_data.check_allowed(brand, null);
end
$$;

comment on function triage.dead_letter_replay(bigint) is
'Asks nginx to read a dead letter again.';
