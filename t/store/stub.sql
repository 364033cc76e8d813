-- The module's side of schema triage, as little of it as the store needs:
-- for tests of the store alone, and for failures that the real one does not
-- have.
create schema triage;
create schema triage_data;

create table triage_data.message (
    platform text not null,
    brand text not null,
    message_id text not null,
    thread_id text,
    text text,
    sent_at timestamptz,
    received_at timestamptz not null,
    urgency real,
    terms jsonb,
    engagement jsonb,
    queue text,
    raw bytea,
    message_no bigint generated always as identity,
    unique (platform, brand, message_id)
);

create table triage_data.dead_letter (
    dead_letter_id bigint generated always as identity primary key,
    platform text not null,
    brand text not null,
    received_at timestamptz not null,
    raw bytea not null,
    headers text,
    failure text not null,
    replay_requested_at timestamptz,
    replayed_at timestamptz
);

create function triage.ingest(
    delivery_platform text[], delivery_brand text[],
    delivery_received_at timestamptz[], delivery_raw bytea[],
    delivery_failure text[], message_delivery int4[], account text[],
    message_id text[], event_id text[], thread_id text[], parent_id text[],
    author_id text[], author_name text[], author_handle text[],
    author_followers int8[], author_verified bool[], kind text[],
    audience text[], text text[], engagement json[], language text[],
    sent_at timestamptz[], urgency real[], visibility real[], terms json[],
    queue text[], delivery_headers text[]
) returns int4[]
language plpgsql as $$
#variable_conflict use_column
declare
    duplicates int4[];
begin
    insert into triage_data.dead_letter
           (platform, brand, received_at, raw, failure, headers)
    select d.platform, d.brand, d.received_at, d.raw, d.failure, d.headers
      from unnest(delivery_platform, delivery_brand, delivery_received_at,
                  delivery_raw, delivery_failure, delivery_headers)
           as d (platform, brand, received_at, raw, failure, headers)
     where d.failure is not null;

    with filed as (
        insert into triage_data.message
               (platform, brand, message_id, thread_id, text, sent_at,
                received_at, urgency, terms, engagement, queue, raw)
        select delivery_platform[m.delivery], delivery_brand[m.delivery],
               m.message_id, m.thread_id, m.text, m.sent_at,
               delivery_received_at[m.delivery], m.urgency, m.terms,
               m.engagement, m.queue, delivery_raw[m.delivery]
          from unnest(message_delivery, ingest.message_id, ingest.thread_id,
                      ingest.text, ingest.sent_at, ingest.urgency,
                      ingest.terms, ingest.engagement, ingest.queue)
               with ordinality
               as m (delivery, message_id, thread_id, text, sent_at, urgency,
                     terms, engagement, queue, ordinal)
         order by m.ordinal
            on conflict do nothing
        returning message.message_id
    )
    select array_agg(m.ordinal::int4 order by m.ordinal)
      into duplicates
      from unnest(ingest.message_id) with ordinality as m (id, ordinal)
     where m.id not in (select f.message_id from filed f);

    return coalesce(duplicates, '{}');
end
$$;

create function triage.sync(config jsonb) returns void
language sql as 'select';

create function triage.replay_next(quantity int)
returns table (dead_letter_id bigint, platform text, brand text,
               received_at timestamptz, raw bytea, headers text)
language sql as $$
    update triage_data.dead_letter d
       set replay_requested_at = null
     where d.replay_requested_at is not null
    returning d.dead_letter_id, d.platform, d.brand, d.received_at, d.raw,
              d.headers
$$;

create function triage.replay_done(dead_letter_id bigint, failure text)
returns void
language sql as $$
    update triage_data.dead_letter d
       set replayed_at = case when replay_done.failure is null
                              then clock_timestamp() end,
           failure = coalesce(replay_done.failure, d.failure)
     where d.dead_letter_id = replay_done.dead_letter_id
$$;
