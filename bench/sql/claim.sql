-- For bench/sql/claim: many who wait, agents, and messages that keep coming.

create schema bench;

select triage.sync('{"queues": [
    {"name": "crisis", "respond": 900, "weight": 8},
    {"name": "urgent", "respond": 3600, "weight": 4},
    {"name": "public", "respond": 14400, "weight": 2},
    {"name": "standard", "respond": 86400, "weight": 1}]}');

-- Agents as they are: half of them speak two languages and hold ten at most,
-- and are there.
do $$
begin
    for n in 0 .. 199 by 2 loop
        perform triage.set_agent('agent ' || n,
                                 languages => array['en', 'de'],
                                 capacity => 10);
        perform triage.set_presence('agent ' || n);
    end loop;
end
$$;

create sequence bench.message_number;
create table bench.filed (rate double precision);

-- A batch of messages, each from a new customer, sent at random within a span
-- before now.
create procedure bench.file(quantity int, span interval)
language plpgsql
as $$
declare
    base constant bigint := setval('bench.message_number',
        nextval('bench.message_number') + file.quantity) - file.quantity;
    nothing constant text[] := array_fill(null::text, array[file.quantity]);
    ordinal int[];
    id text[];
    sent_at timestamptz[];
    language text[];
    queue text[];
    raw bytea[];
begin
    select array_agg(n), array_agg('m' || base + n),
           array_agg(now() - random() * file.span),
           array_agg((array['en', 'en', 'en', 'de', 'fr', null])
                     [1 + (random() * 5.99)::int % 6]),
           array_agg((array['crisis', 'urgent', 'urgent', 'public', 'public',
                            'public', 'standard', 'standard', 'standard',
                            'standard'])[1 + (base + n) % 10]),
           array_agg(decode(repeat(md5((base + n)::text), 4), 'hex'))
      into ordinal, id, sent_at, language, queue, raw
      from generate_series(1, file.quantity) as n;

    perform triage.ingest(
        array_fill('facebook'::text, array[file.quantity]),
        array_fill('acme'::text, array[file.quantity]),
        sent_at, raw, nothing, ordinal,
        array_fill('1234567890'::text, array[file.quantity]),
        id, nothing, id, nothing, id, nothing, nothing,
        array_fill(null::int8, array[file.quantity]),
        array_fill(null::bool, array[file.quantity]),
        array_fill('comment'::text, array[file.quantity]),
        array_fill('public'::text, array[file.quantity]),
        array_fill('my order is late and nobody answers me, what is going on?'
                   ::text, array[file.quantity]),
        array_fill(null::json, array[file.quantity]),
        language, sent_at,
        array_fill(50::real, array[file.quantity]),
        array_fill(5::real, array[file.quantity]),
        array_fill('[{"signal":"delay","urgency":50,"visibility":5}]'::json,
                   array[file.quantity]),
        queue);
    commit;
end
$$;

create procedure bench.fill(quantity int)
language plpgsql
as $$
begin
    for batch in 1 .. fill.quantity / 5000 loop
        call bench.file(5000, interval '20 hours');
    end loop;
    call bench.file(greatest(fill.quantity % 5000, 1), interval '20 hours');
end
$$;

create procedure bench.file_for(span interval)
language plpgsql
as $$
declare
    start constant timestamptz := clock_timestamp();
    filed int := 0;
begin
    while clock_timestamp() < start + file_for.span loop
        call bench.file(64, interval '1 minute');
        filed := filed + 64;
    end loop;

    delete from bench.filed;
    insert into bench.filed
    values (filed / extract(epoch from clock_timestamp() - start));
    commit;
end
$$;
