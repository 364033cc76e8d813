create or replace function triage.ingest(
       delivery_platform text[],
       delivery_brand text[],
       delivery_received_at timestamptz[],
       delivery_raw bytea[],
       delivery_failure text[],
       message_delivery int4[],
       account text[],
       message_id text[],
       event_id text[],
       thread_id text[],
       parent_id text[],
       author_id text[],
       author_name text[],
       author_handle text[],
       author_followers int8[],
       author_verified bool[],
       kind text[],
       audience text[],
       text text[],
       engagement json[],
       language text[],
       sent_at timestamptz[],
       urgency real[],
       visibility real[],
       terms json[],
       queue text[],
       delivery_headers text[] default null)
returns int4[]
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set jit = off
set max_parallel_workers_per_gather = 0
as $$
#variable_conflict use_column
declare
    -- Numbers are taken a batch at a time: message_no and delivery_id are the
    -- batch's first number and the ordinal.
    batch_size constant int4 := 16384;
    quantity constant int4 := cardinality(ingest.message_delivery);
    first_no bigint;
    -- Only messages that start a wait: nothing but a step for each
    -- conversation.
    in_order constant boolean :=
        not ingest.kind && array['echo', 'edit', 'delete'];
    resolves constant boolean := exists (
        select
          from triage_data.queue as q
         where q.resolve is not null);
    filed bigint[];
    starting bigint;
    started bigint;
    waiting bigint;
    began_at timestamptz;
    resolving uuid[];
    retry boolean;
    awaited boolean;
begin
    if greatest(quantity, cardinality(ingest.delivery_raw)) >= batch_size then
        raise exception 'a batch holds less than % messages', batch_size
              using errcode = 'TR008';
    end if;

    -- Of what nginx had before an erasure: a spool can be late.
    if exists (select
                 from triage_data.erasure as e
                where e.erased_at >= any (ingest.delivery_received_at)) then
        select *
          into ingest.delivery_raw, ingest.delivery_failure,
               ingest.event_id, ingest.thread_id, ingest.parent_id,
               ingest.author_id, ingest.author_name, ingest.author_handle,
               ingest.author_followers, ingest.author_verified, ingest.kind,
               ingest.text, ingest.engagement, ingest.terms
          from triage_data.withhold(
               ingest.delivery_platform, ingest.delivery_brand,
               ingest.delivery_received_at, ingest.message_delivery,
               ingest.account, ingest.message_id, ingest.audience,
               ingest.delivery_raw, ingest.delivery_failure,
               ingest.event_id, ingest.thread_id, ingest.parent_id,
               ingest.author_id, ingest.author_name, ingest.author_handle,
               ingest.author_followers, ingest.author_verified, ingest.kind,
               ingest.text, ingest.engagement, ingest.terms);
    end if;

    if array_position(ingest.sent_at, null) is not null then
        ingest.sent_at := triage_data.arrivals(
            ingest.delivery_platform, ingest.delivery_brand,
            ingest.delivery_received_at, ingest.delivery_raw,
            ingest.message_delivery, ingest.message_id, ingest.event_id,
            ingest.sent_at);
    end if;

    first_no := nextval('triage_data.batch_number') * batch_size;

    -- Rows are written in the order of their keys, messages before
    -- conversations: two batches never wait for each other.  What is sorted
    -- is the key and the ordinal; the rest is taken from the arrays as a row
    -- is written.
    with placed as (
    select generate_subscripts(ingest.message_delivery, 1) as ordinal,
           unnest(ingest.message_delivery) as delivery
    ), keyed as (
    select p.*,
           coalesce(ingest.event_id[p.ordinal], ingest.message_id[p.ordinal],
                    triage_data.nameless_key(
                        ingest.delivery_raw[p.delivery], p.ordinal,
                        ingest.message_delivery)) as key,
           ingest.kind[p.ordinal] as kind,
           ingest.sent_at[p.ordinal] as sent_at,
           ingest.delivery_received_at[p.delivery] as received_at,
           ingest.delivery_platform[p.delivery] as platform,
           ingest.delivery_brand[p.delivery] as brand,
           q.queue, q.hours, q.respond, q.next
      from placed as p
      left join triage_data.queue as q
        on q.queue = ingest.queue[p.ordinal]
    -- The fence makes columns of expressions: what is used twice is worked
    -- out once.
    offset 0
    ), incoming as (
    select k.*,
           case when k.sent_at > k.received_at + interval '1 day'
                then k.received_at
                else k.sent_at
           end as clock_at
      from keyed as k
     order by k.key collate "C", k.sent_at, k.brand collate "C",
              k.platform collate "C"
    ), inserted as (
    insert into triage_data.message
           (message_no, delivery_id, conversation_id, sent_at, clock_at,
            due_at, received_at, author_followers, urgency, visibility,
            author_verified, kind, audience, platform, brand, account,
            message_id, event_id, thread_id, parent_id, author_id,
            author_name, author_handle, language, queue, text, engagement,
            terms, next_due_at)
    select first_no + i.ordinal,
           first_no + i.delivery,
           triage_data.conversation_id(
               i.platform, i.brand, coalesce(ingest.account[i.ordinal], ''),
               coalesce(ingest.thread_id[i.ordinal], ''),
               case i.kind
               when 'echo' then ''
               else coalesce(ingest.author_id[i.ordinal],
                             ingest.author_handle[i.ordinal], i.key)
               end),
           i.sent_at,
           i.clock_at,
           case
           when not triage_data.starts_wait(i.kind) then null
           when i.queue is null then (
               select triage_data.due_after(l.hours, i.clock_at, l.respond)
                 from triage_data.longest_queue() as l)
           when i.hours is null then i.clock_at + i.respond
           else triage_data.due_after(i.hours, i.clock_at, i.respond)
           end,
           i.received_at,
           ingest.author_followers[i.ordinal],
           coalesce(ingest.urgency[i.ordinal], 0),
           coalesce(ingest.visibility[i.ordinal], 0),
           ingest.author_verified[i.ordinal],
           triage_data.known_kind(i.kind),
           triage_data.known_audience(ingest.audience[i.ordinal]),
           i.platform,
           i.brand,
           coalesce(ingest.account[i.ordinal], ''),
           ingest.message_id[i.ordinal],
           case when ingest.message_id[i.ordinal] is null
                then i.key
                else ingest.event_id[i.ordinal]
           end,
           ingest.thread_id[i.ordinal],
           ingest.parent_id[i.ordinal],
           ingest.author_id[i.ordinal],
           ingest.author_name[i.ordinal],
           ingest.author_handle[i.ordinal],
           ingest.language[i.ordinal],
           coalesce(i.queue, (
               select l.queue
                 from triage_data.longest_queue() as l)),
           ingest.text[i.ordinal],
           ingest.engagement[i.ordinal],
           ingest.terms[i.ordinal],
           case when i.next is not null
                 and triage_data.starts_wait(i.kind)
                then triage_data.due_after(i.hours, i.clock_at, i.next)
           end
      from incoming as i
        on conflict do nothing
    returning message_no, delivery_id, conversation_id, clock_at, due_at,
           urgency, visibility, kind, audience, platform, brand, account,
           coalesce(thread_id, '') as thread_id,
           coalesce(author_id, author_handle, event_id, message_id)
               as customer,
           message_id,
           coalesce(language, '') as language,
           queue
    ), kept as (
    insert into triage_data.delivery
           (delivery_id, received_at, has_erased, raw)
    select first_no + d.ordinal, d.received_at, d.raw is null, d.raw
      from (select generate_subscripts(ingest.delivery_raw, 1) as ordinal,
                   unnest(ingest.delivery_received_at) as received_at,
                   unnest(ingest.delivery_failure) as failure,
                   unnest(ingest.delivery_raw) as raw
            offset 0) as d
     where first_no + d.ordinal in (select i.delivery_id
                                      from inserted as i)
        or d.failure is null
       and d.ordinal <> all (ingest.message_delivery)
    ), waited as (
    insert into triage_data.conversation as c
           (conversation_id, waiting_since, due_at, latest_at, latest_no,
            urgent_at, urgent_no, urgency, visibility, contacts, queue,
            platform, brand, account, thread_id, customer, audience,
            language, resolve_due_at, resolve_look_at)
    select distinct on (i.conversation_id)
           i.conversation_id, i.clock_at, i.due_at, i.clock_at, i.message_no,
           i.clock_at, i.message_no, i.urgency, i.visibility, 1, i.queue,
           i.platform, i.brand, i.account, i.thread_id, i.customer,
           i.audience, i.language,
           case when resolves
                then triage_data.resolve_at(i.queue, i.clock_at, 0)
           end,
           case when resolves
                then triage_data.resolve_at(i.queue, i.clock_at, 1)
           end
      from inserted as i
     where in_order
       and triage_data.starts_wait(i.kind)
     order by i.conversation_id, i.message_no
        on conflict (conversation_id) do update
       set waiting_since = least(c.waiting_since, excluded.waiting_since),
           due_at = least(c.due_at, excluded.due_at),
           queue = case when c.due_at <= excluded.due_at
                        then c.queue else excluded.queue end,
           latest_at = greatest(c.latest_at, excluded.latest_at),
           latest_no = case when c.latest_at > excluded.latest_at
                            then c.latest_no else excluded.latest_no end,
           audience = case when c.latest_at > excluded.latest_at
                           then c.audience else excluded.audience end,
           language = case when excluded.language = ''
                             or c.latest_at > excluded.latest_at
                                and c.language <> ''
                           then c.language else excluded.language end,
           urgent_at = case when (-c.urgency, c.urgent_at, c.urgent_no)
                                 < (-excluded.urgency, excluded.urgent_at,
                                    excluded.urgent_no)
                            then c.urgent_at else excluded.urgent_at end,
           urgent_no = case when (-c.urgency, c.urgent_at, c.urgent_no)
                                 < (-excluded.urgency, excluded.urgent_at,
                                    excluded.urgent_no)
                            then c.urgent_no else excluded.urgent_no end,
           urgency = greatest(c.urgency, excluded.urgency),
           visibility = greatest(c.visibility, excluded.visibility),
           contacts = c.contacts + 1,
           warned = c.warned and c.waiting_since is not null,
           escalated = c.escalated and c.waiting_since is not null,
           snoozed_until = null,
           closed_at = null,
           aside = c.aside
                   or c.snoozed_until is not null
                   or coalesce(excluded.waiting_since < c.waiting_since,
                               false)
     where excluded.latest_at > c.answered_through
    returning c.conversation_id,
           c.xmax <> 0 as again,
           c.answered_through > '-infinity' as answered
    ), told as (
    insert into triage_data.news (queue, what, due_at)
    select i.queue, 'message', min(i.due_at)
      from inserted as i
     where triage_data.starts_wait(i.kind)
     group by i.queue
    )
    select array_agg(i.message_no),
           count(*) filter (where triage_data.starts_wait(i.kind)),
           count(distinct i.conversation_id)
               filter (where triage_data.starts_wait(i.kind)),
           (select count(*) from waited),
           min(i.clock_at),
           case when resolves
                then array(select w.conversation_id
                             from waited as w
                            where w.again)
           end,
           exists (select
                     from triage_data.early_change as e
                    where e.retry_at <= statement_timestamp()),
           coalesce(bool_or(
               (select bool_or(w.answered) from waited as w)
               and i.queue = any (array(
                   select q.queue
                     from triage_data.queue as q
                    where q.next is not null))
               or (select exists (select from triage_data.early_change))
               and triage_data.is_awaited(i.message_id, i.conversation_id)
               or i.audience = 'private'
               and (select exists (select from triage_data.handoff))
               and triage_data.is_invited(i.platform, i.brand, i.customer)),
               false)
      into filed, starting, started, waiting, began_at, resolving, retry,
           awaited
      from inserted as i;

    -- Messages that come after their answer or that something waits for,
    -- whose deadline depends on an answer before, echoes, edits and deletes:
    -- worked out from what is now there.
    if started <> waiting or awaited or not in_order
       or starting <> started
          and not triage_data.step(first_no + 1, first_no + quantity) then
        perform triage_data.settle(first_no + 1, first_no + quantity);
    -- Until when a case has to be closed depends on all that was in it.
    elsif cardinality(resolving) > 0 then
        perform triage_data.count_resolutions(resolving, began_at);
    end if;

    if retry then
        perform triage_data.retry_early();
    end if;

    if array_length(array_remove(ingest.delivery_failure, null), 1) > 0 then
        perform triage_data.bury(ingest.delivery_platform,
            ingest.delivery_brand, ingest.delivery_received_at,
            ingest.delivery_raw, ingest.delivery_failure,
            ingest.delivery_headers);
    end if;

    -- What more people have seen since.
    if ingest.kind && array['reaction', 'edit']
       or cardinality(filed) is distinct from quantity then
        perform triage_data.engage(
                    array_agg(ingest.delivery_platform[m.delivery]),
                    array_agg(ingest.delivery_brand[m.delivery]),
                    array_agg(m.message_id),
                    array_agg(m.kind),
                    array_agg(m.engagement))
           from unnest(ingest.message_delivery, ingest.message_id,
                       ingest.kind, ingest.engagement)
                with ordinality
                as m(delivery, message_id, kind, engagement, ordinal)
          where case when first_no + m.ordinal = any (filed)
                     then m.kind in ('reaction', 'edit')
                     else m.engagement is not null
                          and triage_data.starts_wait(m.kind)
                end
         having count(*) > 0;
    end if;

    if cardinality(filed) = quantity then
        return '{}';
    end if;

    return array(
        select ordinal
          from generate_series(1, quantity) as ordinal
         where first_no + ordinal <> all (coalesce(filed, '{}')));
end
$$;

comment on function triage.ingest(text[], text[], timestamptz[], bytea[], text[], int4[], text[], text[], text[], text[], text[], text[], text[], text[], int8[], bool[], text[], text[], text[], json[], text[], timestamptz[], real[], real[], json[], text[], text[]) is
'Files a batch of deliveries and their messages, all or none, each message once however often it comes; returns the ordinals of the messages that were here already.';
