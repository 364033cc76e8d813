create or replace function triage_data.forget(
       erasure bigint,
       platform text,
       author text,
       messages_after bigint,
       letters_after bigint)
returns bigint
language plpgsql
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    theirs uuid[];
    forgotten bigint[];
begin
    -- Locked in the order in which everybody locks.
    select array_agg(c.conversation_id)
      into theirs
      from (select k.conversation_id
              from triage_data.conversation as k
             where k.platform = forget.platform
               and k.customer = forget.author
             order by k.conversation_id
               for update) as c;

    insert into triage_data.erased_thread (thread, erasure_id)
    select distinct triage_data.thread(c.conversation_id), forget.erasure
      from triage_data.conversation as c
     where c.conversation_id = any (theirs)
       and c.audience = 'private'
        on conflict do nothing;

    -- What they said, and what was said to them in private.
    select array_agg(m.message_no)
      into forgotten
      from triage_data.message as m
     where m.message_no > forget.messages_after
       and m.platform = forget.platform
       and (m.author_id = forget.author
            or m.author_handle = forget.author
            or m.audience = 'private'
           and (exists (
               select
                 from unnest(theirs) as t(conversation_id)
                where m.conversation_id
                      = triage_data.thread(t.conversation_id))
             or exists (
               select
                 from triage_data.erased_thread as t
                where t.thread = m.conversation_id
                  and t.erasure_id = forget.erasure)));

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

    -- And what reports know of them; once more by whoever sums it up now.
    update triage_data.fair_answer as f
       set followers = null
     where f.message_no = any (forgotten)
       and f.followers is not null;
    insert into triage_data.unsummed_hour (hour)
    select distinct triage_data.hour_of(a.answered_at)
      from triage_data.answer as a
     where a.conversation_id = any (theirs)
       and a.answered_at > triage.now() - interval '31 days'
        on conflict do nothing;

    delete from triage_data.promise as p
     where p.conversation_id = any (theirs);
    delete from triage_data.handoff as h
     where h.platform = forget.platform
       and h.customer = forget.author;
    delete from triage_data.conversation as c
     where c.conversation_id = any (theirs);
    delete from triage_data.dead_letter as l
     where l.dead_letter_id > forget.letters_after
       and l.platform = forget.platform
       and position(convert_to(forget.author, 'UTF8') in l.raw) > 0;

    return coalesce(cardinality(forgotten), 0);
end
$$;

comment on function triage_data.forget(bigint, text, text, bigint, bigint) is
'Forgets a person in what was filed after these numbers; returns how many messages.';
