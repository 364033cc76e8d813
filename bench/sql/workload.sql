-- The same rows filed twice: by triage.ingest, and by a plain unnest into one
-- table with a unique index.  One comment of about 1 KB a delivery, each from
-- a new customer: every row is new.

create schema bench;

create table bench.plain (
       like triage_data.message including defaults,
       raw bytea compression lz4
);
alter table bench.plain
      drop column message_no,
      drop column delivery_id,
      drop column conversation_id,
      drop column clock_at;
create unique index on bench.plain (platform, message_id);

create sequence bench.batch;

create procedure bench.run(what text, batches int, size int)
language plpgsql
as $$
declare
    base int;
    platform text[];
    brand text[];
    account text[];
    id text[];
    nothing text[] := array_fill(null::text, array[size]);
    thread text[];
    author text[];
    name text[];
    followers int8[];
    verified bool[] := array_fill(null::bool, array[size]);
    kind text[] := array_fill('comment'::text, array[size]);
    audience text[] := array_fill('public'::text, array[size]);
    words text[];
    engagement json[] := array_fill('{"likes": 1}'::json, array[size]);
    language text[] := array_fill('en'::text, array[size]);
    sent_at timestamptz[];
    urgency real[];
    visibility real[];
    terms json[] := array_fill(
        '[{"signal":"delay","urgency":12.5,"visibility":0}]'::json,
        array[size]);
    queue text[];
    raw bytea[];
    ordinal int[];
begin
    platform := array_fill('facebook'::text, array[size]);
    brand := array_fill('acme'::text, array[size]);
    account := array_fill('1234567890'::text, array[size]);

    for number in 1 .. batches loop
        base := nextval('bench.batch') * size;
        select array_agg(n),
               array_agg('1234567890_' || 1000000000 + base + n),
               array_agg('1234567890_9' || (base + n) * 7919::bigint),
               array_agg('55500' || (base + n) * 104729::bigint
                                    % 1000000007),
               array_agg('Some Body ' || n),
               array_agg(case when n % 3 = 0 then n * 100 end::int8),
               array_agg('my order is late and nobody answers me, what is'
                         || ' going on with you people, this is number '
                         || n),
               array_agg(clock_timestamp()),
               array_agg((n % 100)::real),
               array_agg((n % 50)::real),
               array_agg((array['crisis', 'urgent', 'public',
                                'standard'])[1 + n % 4]),
               array_agg(decode(repeat(md5((base + n)::text), 32),
                                'escape'))
          into ordinal, id, thread, author, name, followers, words, sent_at,
               urgency, visibility, queue, raw
          from generate_series(1, size) as n;

        if what = 'ingest' then
            perform triage.ingest(
                platform, brand, sent_at, raw, nothing, ordinal, account, id,
                nothing, thread, thread, author, name, nothing, followers,
                verified, kind, audience, words, engagement, language,
                sent_at, urgency, visibility, terms, queue);
        elsif what = 'plain' then
            insert into bench.plain
                   (platform, brand, received_at, raw, account, message_id,
                    event_id, thread_id, parent_id, author_id, author_name,
                    author_handle, author_followers, author_verified, kind,
                    audience, text, engagement, language, sent_at, urgency,
                    visibility, terms, queue)
            select *
              from unnest(platform, brand, sent_at, raw, account, id,
                          nothing, thread, thread, author, name, nothing,
                          followers, verified, kind, audience, words,
                          engagement, language, sent_at, urgency,
                          visibility, terms, queue)
                on conflict do nothing;
        end if;
        commit;
    end loop;
end
$$;
