-- A crisis: many messages of few conversations in one batch.  What is counted
-- step by step is what a recount of the facts says.

begin;
select plan(9);

select set_config('triage.now', '2026-05-04 12:00+00', true);

-- How the first conversation that differs from its recount does so.
create function pg_temp.differs()
returns text
language plpgsql
as $$
declare
    stepped constant jsonb := (
        select jsonb_object_agg(c.conversation_id, to_jsonb(c))
          from triage_data.conversation as c);
    answer text;
begin
    perform triage_data.recount(array_agg(c.conversation_id), '-infinity')
       from triage_data.conversation as c;
    select format('%s, not %s', stepped -> c.conversation_id::text,
                  to_jsonb(c))
      into answer
      from triage_data.conversation as c
     where to_jsonb(c) <> stepped -> c.conversation_id::text
     limit 1;
    return answer;
end
$$;

-- Some batches of messages in any order, with answers between them.  All of
-- them have a language: a step does not know how old that of a conversation
-- is when messages without one came later.
create function pg_temp.crisis(seed float8)
returns text
language plpgsql
as $$
declare
    batch int;
    wrong text;
begin
    perform setseed(seed);
    for batch in 1 .. 40 loop
        perform test.file((
            select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                       'message_id', format('%s-%s-%s', seed, batch, n),
                       'author_id', format('%s-%s', seed,
                                           floor(random() * 3)),
                       'sent_at', timestamptz '2026-05-04 11:00+00'
                                  + floor(batch + random() * 4)
                                    * interval '1 minute',
                       'urgency', floor(random() * 5) * 10,
                       'visibility', floor(random() * 5) * 10,
                       'audience', (array['public', 'limited'])
                                       [1 + floor(random() * 2)],
                       'language', (array['en', 'de'])
                                       [1 + floor(random() * 2)],
                       'queue', (array['crisis', 'urgent', 'standard'])
                                    [1 + floor(random() * 3)])))
              from generate_series(1, (random() * random() * 12)::int + 1)
                   as n));
        perform set_config('triage.now',
                           (timestamptz '2026-05-04 11:00+00'
                            + batch * interval '1 minute')::text, true);
        perform triage.reply(c.conversation_id, 'ann')
           from triage_data.conversation as c
          where c.waiting_since is not null
            and random() < 0.2;
        wrong := pg_temp.differs();
        if wrong is not null then
            return format('batch %s: %s', batch, wrong);
        end if;
    end loop;

    return 'ok';
end
$$;

select is(pg_temp.crisis(seed), 'ok', 'crisis ' || seed)
  from unnest(array[0.1, 0.2]) as seed;

-- Whose targets depend on all that was in a case, and on answers.
update triage_data.queue
   set resolve = case queue when 'urgent' then interval '2 hours'
                            else interval '1 day' end,
       warn = case queue when 'urgent' then 0.25 end
 where queue in ('urgent', 'standard');
do $$ begin perform pg_temp.differs(); end $$; -- what was there takes them
select is(pg_temp.crisis(seed), 'ok', 'crisis with cases ' || seed)
  from unnest(array[0.3, 0.4]) as seed;
update triage_data.queue
   set next = interval '10 minutes'
 where queue = 'urgent';
select is(pg_temp.crisis(seed), 'ok', 'crisis with other answers ' || seed)
  from unnest(array[0.5, 0.6]) as seed;

select test.file('[
    {"message_id": "new", "author_id": "new", "queue": "urgent",
     "sent_at": "2026-05-04 11:00+00"}]');
select is(pg_temp.differs(), null, 'a case that begins');

-- No message is read again for those that come with it.
select test.file((
    select jsonb_agg(jsonb_build_object(
               'message_id', 'hot' || n, 'author_id', 'hot',
               'sent_at', '2026-05-04 11:00+00'))
      from generate_series(1, 50) as n));
select is((select contacts
             from triage_data.conversation
            where conversation_id = test.conversation('hot1')), 50,
    'all of them are counted');
select ok(not triage_data.step(
              (select min(message_no) from triage_data.message
                where author_id like '0.1-%'),
              (select max(message_no) from triage_data.message
                where author_id like '0.1-%')),
    'what was answered before it came is left to a recount');

select * from finish();
rollback;
