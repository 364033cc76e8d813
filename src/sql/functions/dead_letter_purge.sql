create or replace function triage.dead_letter_purge(
       before timestamptz,
       unread boolean default false)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    purged bigint;
begin
    perform triage_data.check_allowed_all();
    if dead_letter_purge.before is null then
        raise exception 'before when is a time'
              using errcode = 'TR007';
    end if;

    delete from triage_data.dead_letter as l
     where l.received_at < dead_letter_purge.before
       and l.marked_at is null
       and (l.replayed_at is not null or dead_letter_purge.unread);
    get diagnostics purged = row_count;
    return purged;
end
$$;

comment on function triage.dead_letter_purge(timestamptz, boolean) is
'Drops dead letters that came before and were replayed; with unread, those that nobody could read as well.  Never one that waits for its replay.  Returns how many.';
