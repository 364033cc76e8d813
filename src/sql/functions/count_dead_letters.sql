create or replace function triage_data.count_dead_letters()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    room triage_data.dead_letter_room;
    missing bigint;
begin
    if tg_op = 'DELETE' then
        update triage_data.dead_letter_room as r
           set letters = r.letters - g.letters,
               bytes = r.bytes - g.bytes
          from (select count(*) as letters,
                       coalesce(sum(octet_length(l.raw)), 0) as bytes
                  from gone as l) as g
         where g.letters > 0;
        return null;
    end if;

    update triage_data.dead_letter_room as r
       set letters = r.letters + n.letters,
           bytes = r.bytes + n.bytes
      from (select count(*) as letters,
                   coalesce(sum(octet_length(l.raw)), 0) as bytes
              from news as l) as n
     where n.letters > 0
    returning r.*
      into room;

    -- What was read after all can go, the oldest first.
    if room.letters > room.letters_max or room.bytes > room.bytes_max then
        delete from triage_data.dead_letter as l
         where l.dead_letter_id in (
                   select k.dead_letter_id
                     from triage_data.dead_letter as k
                    where k.replayed_at is not null
                    order by k.replayed_at
                    limit 1000);
        select *
          into room
          from triage_data.dead_letter_room;
    end if;

    if room.letters > room.letters_max or room.bytes > room.bytes_max then
        raise exception 'there is no room for a dead letter'
              using errcode = 'TR016';
    end if;
    return null;
end
$$;

comment on function triage_data.count_dead_letters() is
'Keeps triage_data.dead_letter_room, and its limits: what was replayed goes, and then a new one is refused.';

create or replace trigger count_inserted
    after insert on triage_data.dead_letter
    referencing new table as news
    for each statement execute function triage_data.count_dead_letters();
create or replace trigger count_deleted
    after delete on triage_data.dead_letter
    referencing old table as gone
    for each statement execute function triage_data.count_dead_letters();
