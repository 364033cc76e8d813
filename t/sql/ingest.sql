-- What triage.ingest files, and how often.

begin;
select plan(44);

select set_config('triage.now', '2026-05-04 10:00+00', true);

select is(test.file('[
    {"message_id": "m1", "sent_at": "2026-05-04 09:00+00", "text": "help",
     "urgency": 42.5, "visibility": 20, "queue": "public",
     "author_name": "Ann", "author_handle": "@ann",
     "terms": [{"signal": "delay", "urgency": 12.5, "visibility": 0},
               {"signal": "money", "urgency": 30, "visibility": 0},
               {"signal": "public", "urgency": 0, "visibility": 20}]}]'),
    '{}', 'a new message is no duplicate');
select results_eq(
    $$select queue, urgency, visibility, waiting_since, due_at, platform,
             brand, account, audience, author_id, author_name, author_handle,
             text, contacts, reasons, claimed_by, lease_until
        from triage.inbox$$,
    $$values ('public' collate "C", 42.5::real, 20::real,
              '2026-05-04 09:00+00'::timestamptz,
              '2026-05-04 13:00+00'::timestamptz, 'facebook' collate "C",
              'acme' collate "C", 'page' collate "C", 'public' collate "C",
              'ann' collate "C", 'Ann', '@ann', 'help', 1,
              array['money', 'delay', 'public'], null::text collate "C",
              null::timestamptz)$$,
    'and waits in the inbox with its deadline and its reasons');

select is(test.file('[
    {"message_id": "m1", "sent_at": "2026-05-04 09:00+00"},
    {"message_id": "m2", "sent_at": "2026-05-04 09:01+00"},
    {"message_id": "m2", "sent_at": "2026-05-04 09:01+00"}]'),
    '{1,3}', 'a message is filed once, within a batch and across batches');
select is((select count(*)::int from triage_data.message), 2,
    'which the table agrees with');
select is((select count(*)::int from triage_data.delivery), 2,
    'the raw body of a mere duplicate is not kept');
select is((select contacts from triage.inbox), 2,
    'a further message is one more contact');
select is((select waiting_since from triage.inbox),
    '2026-05-04 09:00+00'::timestamptz, 'and does not reset the clock');

select is(test.file('[
    {"message_id": "m1", "sent_at": "2026-05-04 09:00+00", "brand": "b"},
    {"message_id": "m1", "sent_at": "2026-05-04 09:00+00", "platform": "x"},
    {"message_id": "m1", "sent_at": "2026-05-04 09:00+01"}]'),
    '{}', 'brand, platform and time are part of the identity');

select is(test.file('[
    {"message_id": "m1", "event_id": "e1", "sent_at": "2026-05-04 09:00+00",
     "kind": "reaction"},
    {"message_id": "m1", "event_id": "e1", "sent_at": "2026-05-04 09:00+00",
     "kind": "reaction"},
    {"message_id": "m1", "event_id": "e2", "sent_at": "2026-05-04 09:00+00",
     "kind": "reaction"}]'),
    '{2}', 'where there is an event_id, it is what is deduplicated on');

-- No time, no id.
select is(test.file('[
    {"message_id": "t1", "author_id": "tom",
     "received_at": "2026-05-04 08:00+00"},
    {"message_id": "t1", "author_id": "tom",
     "received_at": "2026-05-04 08:05+00"}]'),
    '{2}', 'without a time, a message is filed once in a batch');
select is(test.file('[
    {"message_id": "t1", "author_id": "tom",
     "received_at": "2026-07-04 08:00+00"}]'),
    '{1}', 'and across batches, months later');
select is((select waiting_since from triage.inbox
            where author_id = 'tom'),
    '2026-05-04 08:00+00'::timestamptz,
    'its time is when it came first');
select is(test.file('[
    {"sent_at": "2026-05-04 07:00+00", "author_id": "noname", "raw": "r1",
     "delivery": 1},
    {"sent_at": "2026-05-04 07:00+00", "author_id": "noname", "raw": "r1",
     "delivery": 1},
    {"sent_at": "2026-05-04 07:00+00", "author_id": "noname", "raw": "r1",
     "delivery": 2}]'),
    '{3}', 'without any id, the bytes and the place in them are the identity');
select is(test.file('[
    {"author_id": "noname", "raw": "r2", "delivery": 1},
    {"author_id": "noname", "raw": "r2", "delivery": 1},
    {"author_id": "noname", "raw": "r2", "delivery": 2}]'),
    '{3}', 'without an id and a time, too');

-- Deliveries.
select is(test.file('[
    {"message_id": "d1", "sent_at": "2026-05-04 09:00+00", "delivery": 1},
    {"message_id": "d2", "sent_at": "2026-05-04 09:00+00", "delivery": 1},
    {"nothing": true, "delivery": 2, "received_at": "2026-05-04 09:00+00"}]'),
    '{}', 'a delivery carries several messages, or none');
select is((select count(distinct delivery_id)::int
             from triage_data.message where message_id in ('d1', 'd2')), 1,
    'two messages of one delivery share its raw body');
select is((select count(*)::int from triage_data.delivery
            where raw like '%nothing%'), 1,
    'a delivery without messages is kept');
select is(test.file('[]'), '{}', 'an empty batch is nothing');

-- Data that is no reason to fail.
select is(test.file('[
    {"message_id": "q1", "sent_at": "2026-05-04 09:00+00", "author_id": "q",
     "queue": "nowhere", "kind": "poke", "audience": "martians"},
    {"message_id": "q2", "sent_at": "2026-05-04 09:00+00", "author_id": "q",
     "queue": "nowhere", "audience": "martians"}]'),
    '{}', 'unknown words do not fail a batch');
select is((select kind || ' ' || audience from triage_data.message
            where message_id = 'q1'), 'other private',
    'an unknown kind is other, an unknown audience private');
select is((select queue from triage.inbox where author_id = 'q'),
    'standard', 'an unknown queue is the one with the longest target');
select lives_ok($$select test.file('[
    {"message_id": "y1", "sent_at": "0001-01-01 00:00+00", "author_id": "y1"},
    {"message_id": "y2", "sent_at": "9999-01-01 00:00+00", "author_id": "y2",
     "received_at": "2026-05-04 09:00+00"},
    {"message_id": "y3", "sent_at": "-infinity", "author_id": "y3",
     "received_at": "2026-05-04 09:00+00"},
    {"message_id": "y4", "sent_at": "infinity", "author_id": "y4",
     "received_at": "2026-05-04 09:00+00"},
    {"message_id": "y5", "sent_at": "294276-12-31 23:00+00",
     "author_id": "y5", "received_at": "2026-05-04 09:00+00"}]')$$,
    'no time is refused');
select is((select min(waiting_since) from triage.inbox
            where author_id in ('y2', 'y4', 'y5')),
    '2026-05-04 09:00+00'::timestamptz,
    'a time that cannot be counts from when the message came');
select is((select count(*)::int from triage.inbox where author_id ~ '^y'), 5,
    'all of them wait');
select lives_ok($$select test.file('[
    {"message_id": "n1", "sent_at": "2026-05-04 09:00+00",
     "account": null, "thread_id": null, "author_id": null}]')$$,
    'nothing but an id is enough');
select is((select count(*)::int from triage.inbox
            where message_no = test.message('n1')), 1,
    'and waits');
select throws_ok($$select triage.ingest('{}', '{}', '{}', '{}', '{}',
        array_fill(1, array[16384]), '{}', '{}', '{}', '{}', '{}', '{}',
        '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}',
        '{}', '{}', '{}')$$,
    'TR008', 'a batch holds less than 16384 messages',
    'a batch has a limit');

-- Kinds that start no wait.
select lives_ok($$select test.file('[
    {"message_id": "k1", "event_id": "k1", "kind": "reaction",
     "author_id": "kim", "sent_at": "2026-05-04 09:00+00"},
    {"message_id": "k2", "kind": "other", "author_id": "kim",
     "sent_at": "2026-05-04 09:00+00"}]')$$, 'a reaction is filed');
select is((select count(*)::int from triage.inbox
            where author_id = 'kim'), 0, 'and waits for nobody');

-- Dead letters.
select is(test.file('[
    {"nothing": true, "failure": "not JSON", "raw": "{", "delivery": 1},
    {"message_id": "l1", "sent_at": "2026-05-04 09:00+00", "delivery": 2,
     "failure": "entry without an id", "raw": "{\"half\": 1}"}]'),
    '{}', 'an unreadable delivery does not fail its batch');
select results_eq(
    $$select failure, size, deliveries, state from triage.dead_letter
       order by dead_letter_id$$,
    $$values ('not JSON', 1, 1, 'dead'),
             ('entry without an id', 11, 1, 'dead')$$,
    'it becomes a dead letter');
select is((select count(*)::int from triage_data.message
            where message_id = 'l1'), 1,
    'what could be read of it is filed');
select is((select count(*)::int from triage_data.delivery
            where raw = '{'), 0, 'its bytes are kept once');
select is(test.file('[
    {"nothing": true, "failure": "not JSON", "raw": "{"},
    {"nothing": true, "failure": "not JSON", "raw": "{"}]'),
    '{}', 'the same bytes again');
select is((select deliveries from triage.dead_letter
            where failure = 'not JSON'), 2,
    'are the same dead letter (counted once a batch)');

-- Replay.
select lives_ok($$select triage.dead_letter_replay(dead_letter_id)
                    from triage.dead_letter where failure = 'not JSON'$$,
    'a dead letter can be marked');
select throws_ok('select triage.dead_letter_replay(-1)', 'TR006',
    'there is no dead letter -1', 'one that is there');
select results_eq(
    'select platform, brand, raw from triage.replay_next(10)',
    $$values ('facebook', 'acme', '{'::bytea)$$,
    'the module gets what is marked');
select is_empty('select * from triage.replay_next(10)',
    'and nobody else meanwhile');
select set_config('triage.now', '2026-05-04 10:02+00', true);
select isnt_empty('select * from triage.replay_next(10)',
    'unless the module never came back');
select lives_ok($$select triage.replay_done(dead_letter_id, 'still not')
                    from triage.dead_letter where state = 'marked'$$,
    'what it says when it could not be read');
select results_eq($$select failure, attempts, state
                      from triage.dead_letter where attempts > 0$$,
    $$values ('still not', 1, 'dead')$$, 'is kept');
select lives_ok($$select triage.dead_letter_replay(dead_letter_id),
                         triage.replay_done(dead_letter_id, null)
                    from triage.dead_letter where attempts > 0$$,
    'and when it could');
select is((select state from triage.dead_letter where attempts > 0),
    'replayed', 'too');

select * from finish();
rollback;
