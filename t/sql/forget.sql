-- What is forgotten, and what is not.

begin;
select plan(33);

select set_config('triage.now', '2026-05-04 12:00+00', true);

-- A person.
select test.file('[
    {"message_id": "b1", "author_id": "bea", "author_name": "Bea Doe",
     "author_handle": "@bea", "thread_id": "post", "text": "words of Bea",
     "sent_at": "2026-05-04 09:00+00", "delivery": 1},
    {"message_id": "c1", "author_id": "cat", "thread_id": "post",
     "text": "words of Cat", "sent_at": "2026-05-04 09:00+00",
     "delivery": 1},
    {"message_id": "b2", "author_id": "bea", "thread_id": "dm-bea",
     "audience": "private", "text": "private words",
     "sent_at": "2026-05-04 09:10+00", "delivery": 2},
    {"message_id": "e1", "author_id": "page", "thread_id": "dm-bea",
     "audience": "private", "kind": "echo", "text": "dear Bea",
     "sent_at": "2026-05-04 09:20+00", "delivery": 3},
    {"message_id": "x1", "author_id": "bea", "thread_id": "dm-bea",
     "platform": "x", "text": "another Bea",
     "sent_at": "2026-05-04 09:10+00", "delivery": 4},
    {"nothing": true, "failure": "not JSON", "raw": "{\"from\": \"bea\"",
     "delivery": 5},
    {"nothing": true, "failure": "not JSON", "raw": "{\"from\": \"cat\"",
     "delivery": 6}]');
select triage.promise(test.conversation('b2'), 'ann', '2026-05-08 12:00+00',
                      'call Bea');
select triage.handoff(test.conversation('b1'), 'ann');
select triage.retriage(test.message('b1'), 50, 'Bea is angry');

select is(triage.erase('facebook', 'bea'), 3::bigint,
    'what a person said, and what was said to them in private, is forgotten');
select is((select count(*)::int from triage_data.message
            where (text ~ 'Bea|private' or author_id = 'bea'
                   or author_name ~ 'Bea' or author_handle ~ 'bea')
              and platform = 'facebook'), 0, 'words and names');
select is((select count(*)::int from triage_data.delivery
            where raw like '%words of%' or raw like '%dear Bea%'
               or raw like '%private words%'), 0,
    'raw bodies, whoever else is in them');
select results_eq('select raw from triage_data.dead_letter',
    $$values ('{"from": "cat"'::bytea)$$, 'dead letters');
select is_empty('select * from triage_data.promise', 'promises');
select is_empty('select * from triage_data.handoff', 'invitations');
select is_empty($$select * from triage_data.correction where why ~ 'Bea'$$,
    'the reasons of corrections');
select is_empty($$select * from triage_data.conversation
                   where customer = 'bea' and platform = 'facebook'$$,
    'conversations');
select results_eq('select author_id, text from triage.inbox order by 1',
    $$values ('bea' collate "C", 'another Bea'), ('cat', 'words of Cat')$$,
    'nobody else is, nor the same id on another platform');
select is(test.file('[
    {"message_id": "b1", "author_id": "bea", "thread_id": "post",
     "text": "words of Bea", "sent_at": "2026-05-04 09:00+00"}]'), '{1}',
    'a redelivery brings nothing back');
select is((select count(*)::int from triage_data.delivery
            where raw like '%words of Bea%'), 0, 'not even the raw body');
select is(triage.erase('facebook', 'bea'), 0::bigint, 'and can be repeated');
select test.file('[
    {"message_id": "b9", "author_id": "bea", "thread_id": "post",
     "sent_at": "2026-05-05 09:00+00"}]');
select is((select count(*)::int from triage.inbox
            where author_id = 'bea' and platform = 'facebook'), 1,
    'who writes anew is answered');
select throws_ok($$select triage.erase('facebook', '')$$, 'TR007', null,
    'nobody is erased by mistake');

-- Time.
select triage_data.make_partitions('message', 'sent_at', '2025-01-01', 2);
select triage_data.make_partitions('delivery', 'received_at', '2025-01-01',
                                   2);
select test.file('[
    {"message_id": "o1", "author_id": "old-answered", "thread_id": "o1",
     "sent_at": "2025-01-10 09:00+00", "text": "old"},
    {"message_id": "o2", "author_id": "page", "kind": "echo",
     "thread_id": "o1", "sent_at": "2025-01-10 10:00+00"},
    {"message_id": "o3", "author_id": "old-waiting", "thread_id": "o3",
     "sent_at": "2025-01-11 09:00+00", "text": "still waiting"},
    {"message_id": "o4", "author_id": "february", "thread_id": "o4",
     "sent_at": "2025-02-11 09:00+00", "text": "february"},
    {"message_id": "o5", "author_id": "page", "kind": "echo",
     "thread_id": "o4", "sent_at": "2025-02-11 10:00+00"},
    {"message_id": "o6", "author_id": "ancient", "thread_id": "o6",
     "sent_at": "2001-01-01 09:00+00", "text": "ancient"},
    {"message_id": "o7", "author_id": "page", "kind": "echo",
     "thread_id": "o6", "sent_at": "2001-01-01 10:00+00"},
    {"nothing": true, "failure": "old", "raw": "old",
     "received_at": "2025-01-10 09:00+00"}]');
select is((select count(*)::int from triage_data.message_2025_01), 3,
    'what is in January');
select set_config('triage.now', '2026-02-15 12:00+00', true);
select is(triage.retain('1 year'), 2,
    'a year is kept: the partitions of January go');
select is(to_regclass('triage_data.message_2025_01'), null,
    'with their messages');
select is(to_regclass('triage_data.delivery_2025_01'), null,
    'and raw bodies');
select isnt(to_regclass('triage_data.message_2025_02'), null,
    'February is not old enough');
select is((select count(*)::int from triage_data.message
            where message_id in ('o1', 'o2', 'o6', 'o7')), 0,
    'what was in no partition of its own is gone, too');
select is((select count(*)::int from triage_data.conversation
            where customer in ('old-answered', 'ancient')), 0,
    'and its conversations');
select is((select text from triage.inbox where author_id = 'old-waiting'),
    'still waiting', 'who still waits stays, with every word');
select is(triage.reply(test.conversation('o3'), 'ann'), true,
    'and can be answered');
select is((select count(*)::int from triage_data.dead_letter
            where failure = 'old'), 0, 'old dead letters are gone');
select is((select count(*)::int from triage_data.message
            where message_id in ('o4', 'c1', 'x1')), 3,
    'what is young enough stays');
select is(triage.retain('1 year'), 0, 'and again');
select is(test.file('[
    {"message_id": "z1", "author_id": "zoe", "thread_id": "z",
     "sent_at": "2025-01-20 09:00+00"}]'), '{}',
    'what comes for a month that is gone is filed all the same');
select throws_ok('select triage.retain(''1 hour'')', 'TR007', null,
    'at least a day is kept');

-- Fairness.
select set_config('triage.now', '2026-05-10 12:00+00', true);
select test.file((
    select jsonb_agg(m)
      from generate_series(1, 20) as n
     cross join lateral (
           values (jsonb_build_object(
                       'message_id', 'f' || n, 'author_id', 'f' || n,
                       'thread_id', 'f' || n, 'queue', 'urgent',
                       'language', case when n <= 10 then 'en' else 'de' end,
                       'author_followers', n * 100,
                       'sent_at', '2026-05-10 09:00+00')),
                  (jsonb_build_object(
                       'message_id', 'g' || n, 'author_id', 'page',
                       'kind', 'echo', 'thread_id', 'f' || n,
                       'sent_at', timestamptz '2026-05-10 09:00+00'
                                  + n * interval '6 minutes'))) as v(m)));
select results_eq(
    $$select value, responses, p50, share_in_time, stretch
        from triage.fairness where dimension = 'followers'
         and value <> 'unknown' order by 1$$,
    $$values ('1' collate "C", 4::bigint, interval '15 minutes', 1::real, 0.25::real),
             ('2', 4, '39 minutes', 1, 0.65),
             ('3', 4, '63 minutes', 0.5, 1.05),
             ('4', 4, '87 minutes', 0, 1.45),
             ('5', 4, '111 minutes', 0, 1.85)$$,
    'service by fifth of followers');
select results_eq(
    $$select value, share_in_time from triage.fairness
       where dimension = 'language' and value <> 'unknown' order by 1$$,
    $$values ('de' collate "C", 0::real), ('en', 1::real)$$, 'by language');
select is((select responses from triage.fairness
            where dimension = 'platform' and value = 'facebook'),
    (select responses from triage.fairness
      where dimension = 'followers' and value = 'unknown') + 20,
    'by platform; who tells nothing is counted, too');
select set_config('triage.now', '2026-06-12 12:00+00', true);
select is_empty('select * from triage.fairness', 'for thirty days');
select lives_ok('select triage.sync((select config from triage_data.setting))',
    'and the module goes on');

select * from finish();
rollback;
