create or replace function triage_data.withhold(
       delivery_platform text[],
       delivery_brand text[],
       delivery_received_at timestamptz[],
       message_delivery int4[],
       account text[],
       message_id text[],
       audience text[],
       inout delivery_raw bytea[],
       inout delivery_failure text[],
       inout event_id text[],
       inout thread_id text[],
       inout parent_id text[],
       inout author_id text[],
       inout author_name text[],
       inout author_handle text[],
       inout author_followers int8[],
       inout author_verified bool[],
       inout kind text[],
       inout text text[],
       inout engagement json[],
       inout terms json[])
language plpgsql
as $$
#variable_conflict use_column
declare
    erasures bigint[];
    threads uuid[];
    forgotten bool[];
    gone bool[];
begin
    -- Whose message each is.
    select array_agg(e.erasure_id order by m.ordinal),
           array_agg(case when m.audience = 'private'
                          then triage_data.conversation_id(
                               delivery_platform[m.delivery],
                               delivery_brand[m.delivery],
                               coalesce(m.account, ''),
                               coalesce(m.thread_id, ''), '')
                     end order by m.ordinal)
      into erasures, threads
      from unnest(withhold.message_delivery, withhold.account,
                  withhold.thread_id, withhold.author_id,
                  withhold.author_handle, withhold.audience)
           with ordinality
           as m(delivery, account, thread_id, author_id, author_handle,
                audience, ordinal)
      left join lateral (
           select max(k.erasure_id) as erasure_id
             from unnest(array[m.author_id, m.author_handle,
                               case when m.audience = 'private'
                                    then m.thread_id end]) as a(author)
             join triage_data.erasure as k
               on k.digest = triage_data.author_digest(
                                 delivery_platform[m.delivery], a.author)
            where k.platform = delivery_platform[m.delivery]
              and k.erased_at >= delivery_received_at[m.delivery]) as e
        on true;

    -- What the brand says there in private can come in another batch.
    insert into triage_data.erased_thread (thread, erasure_id)
    select distinct t.thread, t.erasure_id
      from unnest(threads, erasures) as t(thread, erasure_id)
     where t.thread is not null
       and t.erasure_id is not null
     order by t.thread, t.erasure_id
        on conflict do nothing;

    select array_agg(m.erasure_id is not null
                     or exists (
                        select
                          from triage_data.erased_thread as t
                          join triage_data.erasure as k
                            on k.erasure_id = t.erasure_id
                         where t.thread = m.thread
                           and k.erased_at
                               >= delivery_received_at[m.delivery])
                     order by m.ordinal)
      into forgotten
      from unnest(withhold.message_delivery, threads, erasures)
           with ordinality as m(delivery, thread, erasure_id, ordinal);

    -- The body goes whoever else is in it; of one that could not be read,
    -- or says nothing, if it names them.
    select array_agg(case
                     when d.ordinal = any (withhold.message_delivery)
                      and d.failure is null then false
                     else triage_data.names_erased(d.platform, d.received_at,
                                                   d.raw)
                     end
                     or exists (
                        select
                          from unnest(withhold.message_delivery, forgotten)
                               as m(delivery, is_forgotten)
                         where m.delivery = d.ordinal
                           and m.is_forgotten)
                     order by d.ordinal)
      into gone
      from unnest(withhold.delivery_platform, withhold.delivery_received_at,
                  withhold.delivery_raw, withhold.delivery_failure)
           with ordinality as d(platform, received_at, raw, failure, ordinal);

    if true = any (forgotten) then
        update triage_data.erasure as e
           set messages = e.messages + n.messages
          from (select o.erasure_id, count(*) as messages
                  from unnest(erasures) as o(erasure_id)
                 group by o.erasure_id) as n
         where e.erasure_id = n.erasure_id;

        -- The identity stays, so that a redelivery brings nothing back; of
        -- a message without any it is in the body.
        select array_agg(case when m.forgotten
                              then coalesce(m.event_id, case
                                   when m.message_id is null
                                   then triage_data.nameless_key(
                                        withhold.delivery_raw[m.delivery],
                                        m.ordinal::int4,
                                        withhold.message_delivery) end)
                              else m.event_id end order by m.ordinal),
               array_agg(case when not m.forgotten
                              then m.thread_id end order by m.ordinal),
               array_agg(case when not m.forgotten
                              then m.parent_id end order by m.ordinal),
               array_agg(case when not m.forgotten
                              then m.author_id end order by m.ordinal),
               array_agg(case when not m.forgotten
                              then m.author_name end order by m.ordinal),
               array_agg(case when not m.forgotten
                              then m.author_handle end order by m.ordinal),
               array_agg(case when not m.forgotten
                              then m.author_followers end order by m.ordinal),
               array_agg(case when not m.forgotten
                              then m.author_verified end order by m.ordinal),
               array_agg(case when m.forgotten then 'other'
                              else m.kind end order by m.ordinal),
               array_agg(case when not m.forgotten
                              then m.text end order by m.ordinal),
               array_agg(case when not m.forgotten
                              then m.engagement end order by m.ordinal),
               array_agg(case when not m.forgotten
                              then m.terms end order by m.ordinal)
          into event_id, thread_id, parent_id, author_id, author_name,
               author_handle, author_followers, author_verified, kind, text,
               engagement, terms
          from unnest(forgotten, withhold.message_delivery,
                      withhold.message_id, withhold.event_id,
                      withhold.thread_id, withhold.parent_id,
                      withhold.author_id, withhold.author_name,
                      withhold.author_handle, withhold.author_followers,
                      withhold.author_verified, withhold.kind,
                      withhold.text, withhold.engagement, withhold.terms)
               with ordinality
               as m(forgotten, delivery, message_id, event_id, thread_id,
                    parent_id, author_id, author_name, author_handle,
                    author_followers, author_verified, kind, text,
                    engagement, terms, ordinal);
    end if;

    if true = any (gone) then
        select array_agg(case when not d.gone then d.raw end
                         order by d.ordinal),
               array_agg(case when not d.gone then d.failure end
                         order by d.ordinal)
          into delivery_raw, delivery_failure
          from unnest(gone, withhold.delivery_raw, withhold.delivery_failure)
               with ordinality as d(gone, raw, failure, ordinal);
    end if;
end
$$;

comment on function triage_data.withhold(text[], text[], timestamptz[], int4[], text[], text[], text[], bytea[], text[], text[], text[], text[], text[], text[], text[], int8[], bool[], text[], text[], json[], json[]) is
'A batch without the words, names and bodies of who was erased after it was received.  What is left of a message does nothing.';
