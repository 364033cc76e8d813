create or replace function triage.dead_letter_limit(
       letters bigint,
       bytes bigint)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform triage_data.check_allowed_all();
    if coalesce(dead_letter_limit.letters, 0) < 1
       or coalesce(dead_letter_limit.bytes, 0) < 1 then
        raise exception 'a limit is at least 1'
              using errcode = 'TR007';
    end if;

    update triage_data.dead_letter_room
       set letters_max = dead_letter_limit.letters,
           bytes_max = dead_letter_limit.bytes;
end
$$;

comment on function triage.dead_letter_limit(bigint, bigint) is
'How many dead letters are kept, and how many bytes of them (100,000 and 1 GiB).  Over it, replayed ones go; where there are none, an unreadable delivery is refused, and its platform brings it again.';
