create or replace function triage.erase(platform text, author text)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '2s'
as $$
#variable_conflict use_column
declare
    batch_size constant bigint := 16384;
    messages_through bigint;
    letters_through bigint;
    erasure bigint;
    forgotten bigint;
begin
    if coalesce(erase.author, '') = '' or coalesce(erase.platform, '') = ''
    then
        raise exception 'whom to erase is a platform and an author'
              using errcode = 'TR007';
    end if;
    perform triage_data.check_allowed_all();

    -- One erasure at a time.
    lock table triage_data.erasure in share update exclusive mode;

    -- A batch looks for erasures before it takes its numbers: who has this
    -- lock has waited for all that are under way.  An error gives it back,
    -- and others go on while everything is read.
    begin
        lock table triage_data.erasure in access exclusive mode;
        messages_through := (coalesce(pg_sequence_last_value(
            'triage_data.batch_number'), 0) + 1) * batch_size - 1;
        letters_through := coalesce(pg_sequence_last_value(
            pg_get_serial_sequence('triage_data.dead_letter',
                                   'dead_letter_id')::regclass), 0);
        raise exception using errcode = 'TR000';
    exception
        when sqlstate 'TR000' then null;
    end;

    insert into triage_data.erasure (platform, digest, erased_at, asked_by)
    values (erase.platform,
            triage_data.author_digest(erase.platform, erase.author),
            triage.now(), session_user)
    returning erasure_id
      into erasure;

    forgotten := triage_data.forget(erasure, erase.platform, erase.author,
                                    0, 0);

    -- And what was filed meanwhile: from here on nobody files without
    -- knowing of this erasure.
    lock table triage_data.erasure in access exclusive mode;
    forgotten := forgotten
              + triage_data.forget(erasure, erase.platform, erase.author,
                                   messages_through, letters_through);

    update triage_data.erasure as e
       set messages = forgotten
     where e.erasure_id = erasure;

    return forgotten;
end
$$;

comment on function triage.erase(text, text) is
'Forgets a person on a platform: words, names, raw bodies, dead letters, promises; nobody waits any more.  What nginx had by now and files later is filed without them.  Returns how many messages were forgotten.  Their identity stays, so that a redelivery brings nothing back.';
