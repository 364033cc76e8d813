-- Far more messages than usual: found, one row, over by itself.

begin;
select plan(30);

-- So many people in the minutes before a moment, about something, in a thread
-- of their own or all in one.
create function pg_temp.crowd(quantity int, until timestamptz, said text,
                              thread text default null,
                              minutes float8 default 10)
returns void
language plpgsql
as $$
declare
    number constant text := md5(until::text || said);
begin
    perform set_config('triage.now', until::text, true);
    perform test.file((
        select jsonb_agg(jsonb_build_object(
                   'message_id', number || n,
                   'thread_id', coalesce(thread, number || n),
                   'author_id', number || n,
                   'text', said,
                   'sent_at', until - (quantity - n) * minutes / quantity
                              * interval '1 minute'))
          from generate_series(1, quantity) as n));
end
$$;

-- What triage.tick does: what is new is read by the second call.
create function pg_temp.tick(at timestamptz default null)
returns void
language plpgsql
as $$
begin
    if at is not null then
        perform set_config('triage.now', at::text, true);
    end if;
    perform triage_data.observe('0');
    perform triage_data.observe('0');
    perform triage_data.find_spikes('0');
end
$$;

-- Two weeks, from a Monday on: four people in ten minutes, and forty on
-- Mondays from nine to ten.
select pg_temp.tick('2026-05-04 00:00+00');
do $$
declare
    at timestamptz;
begin
    for at in
        select generate_series('2026-05-04 01:00+00'::timestamptz,
                               '2026-05-18 09:00+00', '1 hour')
    loop
        perform pg_temp.crowd(
            case when extract(isodow from at) = 1
                  and at::time = '10:00'
                 then 240 else 24 end,
            at, 'Where is my parcel, please?', minutes => 60);
        perform pg_temp.tick();
    end loop;
end
$$;
select is_empty('select * from triage.spike', 'two usual weeks are no spike');
select cmp_ok((select count(*)::int from triage_data.brand_inflow), '>=', 600,
    'the weeks were seen');

-- The usual Monday, up to twice as bad.
select pg_temp.crowd(80, '2026-05-18 09:20+00', 'Where is my parcel, please?');
select pg_temp.tick();
select is_empty('select * from triage.spike',
    'nor is a Monday, twice as busy as the last');

-- The same on a Tuesday is: within two minutes.
select pg_temp.crowd(16, '2026-05-19 09:21+00',
                     'Where is my parcel, please?', minutes => 1);
select pg_temp.tick();
select pg_temp.crowd(16, '2026-05-19 09:22+00',
                     'Where is my parcel, please?', minutes => 1);
select pg_temp.tick();
select is((select count(*)::int from triage.spike where ended_at is null), 1,
    'the same on a Tuesday is found within two minutes');
select cmp_ok((select messages from triage.spike), '>=', 16, 'by how many');
select pg_temp.tick('2026-05-19 09:25+00');
select is((select count(*)::int from triage.spike), 1, 'it is one row');
select is((select count(*)::int from triage.inbox
            where spike is not null
              and waiting_since > '2026-05-19 09:20+00') > 15, true,
    'the inbox says what belongs to it');
select pg_temp.tick('2026-05-19 10:00+00');
select is((select ended_at from triage.spike),
    '2026-05-19 10:00+00'::timestamptz, 'it is over by itself');
select is_empty('select * from triage.inbox where spike is not null',
    'and gone from the inbox');
delete from triage_data.spike;

-- All about different things: the brand.
do $$
begin
    for n in 1 .. 40 loop
        perform test.file(jsonb_build_array(jsonb_build_object(
            'message_id', 'b' || n, 'thread_id', 'b' || n,
            'author_id', 'b' || n,
            'text', translate(md5(n::text), '0123456789', 'ghijklmnop'),
            'sent_at', '2026-05-20 12:00+00'::timestamptz
                       - n * interval '2 seconds')));
    end loop;
end
$$;
select pg_temp.tick('2026-05-20 12:00+00');
select results_eq('select kind, brand, subject, messages from triage.spike',
    $$values ('brand' collate "C", 'acme' collate "C", 'acme' collate "C",
              40)$$, 'about everything: the brand');
select cmp_ok((select expected from triage.spike), '<', 13::real,
    'beside what would have been usual');
select is((select array_agg(spikes) from triage.publish()
            where queue = 'standard'), array[1::bigint],
    'the published wait says so');
select pg_temp.tick('2026-05-20 12:30+00');
delete from triage_data.spike;

-- One phrase, among the usual.
select pg_temp.crowd(4, '2026-05-21 12:00+00', 'Where is my parcel, please?');
select pg_temp.crowd(15, '2026-05-21 12:00+00',
    'My card was declined today');
select pg_temp.tick();
select is((select count(*)::int from triage.spike), 1, 'a phrase: one row');
select is((select kind from triage.spike), 'phrase' collate "C",
    'of its kind');
select ok((select position(subject in 'my card was declined today') > 0
             from triage.spike), 'with the words that all say');
select is((select messages from triage.spike), 15, 'and how many say them');
select is((select count(*)::int from triage.inbox
            where spike is not null
              and waiting_since > '2026-05-21 11:00+00'), 15,
    'the others do not belong to it');
select pg_temp.crowd(15, '2026-05-21 12:02+00',
    'My card was declined, too', minutes => 2);
select pg_temp.tick();
select is((select count(*)::int from triage.spike), 1, 'it goes on as one');
select pg_temp.tick('2026-05-21 12:30+00');
select is((select count(*)::int from triage.spike where ended_at is null), 0,
    'until it is over');
-- Tomorrow the same number is no news.
select pg_temp.crowd(15, '2026-05-22 12:00+00',
    'Where is my parcel, please?');
select pg_temp.tick();
select is((select count(*)::int from triage.spike), 1,
    'what everybody says anyway is none');
delete from triage_data.spike;

-- One thread, though all in it say the same.
select pg_temp.crowd(30, '2026-05-23 12:00+00', 'This is a shame for you',
                     'a post');
select pg_temp.tick();
select results_eq('select kind, subject, messages from triage.spike',
    $$values ('thread' collate "C", 'a post' collate "C", 30)$$,
    'a thread: one row, of the thread');
select is((select count(*)::int from triage.inbox where spike = 'a post'), 30,
    'in the inbox, for each in it');
select pg_temp.tick('2026-05-23 12:30+00');
select is((select count(*)::int from triage.spike where ended_at is null), 0,
    'until it is over');

-- One person who writes often is no crowd.
delete from triage_data.spike;
do $$
begin
    for n in 1 .. 30 loop
        perform test.file(jsonb_build_array(jsonb_build_object(
            'message_id', 'o' || n, 'thread_id', 'one', 'author_id', 'one',
            'text', 'answer me at last',
            'sent_at', '2026-05-24 12:00+00'::timestamptz
                       + n * interval '1 second')));
    end loop;
end
$$;
select pg_temp.tick('2026-05-24 12:01+00');
select is_empty('select * from triage.spike', 'one person is no crowd');

-- What an outage of ours held up was sent long ago.
select pg_temp.crowd(60, '2026-05-25 03:00+00', 'Sent at night');
select pg_temp.tick('2026-05-25 05:00+00');
select is_empty('select * from triage.spike',
    'what comes late is no spike now');

-- Another brand, of which nothing is known, among others that are.
select is(triage_data.usual_brand('new', '2026-05-25 12:00+00'),
    0::double precision, 'a new brand has nothing usual');
select set_eq($$select unnest(triage_data.phrases('My card, my CARD! 4711'))$$,
    array['my card', 'card my'], 'phrases are long words and pairs of words');
select is(triage_data.phrases(null), '{}', 'no words, no phrases');
select is(triage_data.phrases('a 1 b'), '{}', 'nor short ones');

-- Nothing is known on the first day.
select is((select count(*)::int from triage_data.usual where kind = 'thread'
            and day = '2026-05-23' and messages = 30), 1, 'the busiest thread of a day is remembered');

select * from finish();
rollback;
