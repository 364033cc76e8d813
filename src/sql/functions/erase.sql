create or replace function triage.erase(platform text, author text)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    theirs uuid[];
    forgotten bigint[];
begin
    if coalesce(erase.author, '') = '' or coalesce(erase.platform, '') = ''
    then
        raise exception 'whom to erase is a platform and an author'
              using errcode = 'TR007';
    end if;

    -- Locked in the order in which everybody locks.
    select array_agg(c.conversation_id)
      into theirs
      from (select k.conversation_id
              from triage_data.conversation as k
             where k.platform = erase.platform
               and k.customer = erase.author
             order by k.conversation_id
               for update) as c;

    -- What they said, and what was said to them in private.
    select array_agg(m.message_no)
      into forgotten
      from triage_data.message as m
     where m.platform = erase.platform
       and (m.author_id = erase.author
            or m.author_handle = erase.author
            or m.audience = 'private'
           and exists (
               select
                 from unnest(theirs) as t(conversation_id)
                where m.conversation_id
                      = triage_data.thread(t.conversation_id)));

    -- The body of a delivery goes whoever else is in it.
    update triage_data.delivery as d
       set raw = null,
           has_erased = true
     where d.delivery_id in (select m.delivery_id
                               from triage_data.message as m
                              where m.message_no = any (forgotten));

    update triage_data.correction as k
       set why = 'erased'
     where k.message_no = any (forgotten);

    -- The identity stays, so that a redelivery brings nothing back.
    update triage_data.message as m
       set text = null,
           deleted_at = coalesce(m.deleted_at, triage.now()),
           author_id = null,
           author_name = null,
           author_handle = null,
           author_followers = null,
           author_verified = null,
           thread_id = null,
           parent_id = null,
           engagement = null,
           terms = null
     where m.message_no = any (forgotten);

    delete from triage_data.promise as p
     where p.conversation_id = any (theirs);
    delete from triage_data.handoff as h
     where h.platform = erase.platform
       and h.customer = erase.author;
    delete from triage_data.conversation as c
     where c.conversation_id = any (theirs);
    delete from triage_data.dead_letter as l
     where l.platform = erase.platform
       and position(convert_to(erase.author, 'UTF8') in l.raw) > 0;

    return coalesce(cardinality(forgotten), 0);
end
$$;

comment on function triage.erase(text, text) is
'Forgets a person on a platform: words, names, raw bodies, dead letters, promises; nobody waits any more.  Returns how many messages were forgotten.  Their identity stays, so that a redelivery brings nothing back.';
