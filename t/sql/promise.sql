-- A promise is a deadline of its own.

begin;
select plan(27);

select set_config('triage.now', '2026-05-04 12:00+00', true);
select test.file('[
    {"message_id": "m1", "sent_at": "2026-05-04 11:00+00"}]');

-- Given while the customer waits.
select cmp_ok(triage.promise(test.conversation('m1'), 'ann',
        '2026-05-08 17:00+00', 'refund'), '>', 0::bigint,
    'an agent promises something');
select is((select promise_due_at from triage.inbox),
    '2026-05-08 17:00+00'::timestamptz, 'the inbox shows its deadline');
select is((select due_at from triage.inbox),
    '2026-05-05 11:00+00'::timestamptz, 'beside the one of the answer');
select set_config('triage.now', '2026-05-04 12:05+00', true);
select is(triage.reply(test.conversation('m1'), 'ann'), true,
    'the answer that gives it');
select results_eq(
    $$select agent, made_at, due_at, broken, note, waiting, closed, platform,
             brand, account, author_id
        from triage.promise_due$$,
    $$values ('ann' collate "C", '2026-05-04 12:00+00'::timestamptz,
              '2026-05-08 17:00+00'::timestamptz, false, 'refund', false,
              false, 'facebook' collate "C", 'acme' collate "C",
              'page' collate "C", 'ann' collate "C")$$,
    'does not keep it');
select lives_ok($$select triage.close(test.conversation('m1'), 'ann')$$,
    'the conversation can be closed');
select is((select closed from triage.promise_due), true,
    'the promise survives');
select set_config('triage.now', '2026-05-08 17:00:01+00', true);
select is((select broken from triage.promise_due), true,
    'it is broken when its time has passed');
select is(triage.reply(test.conversation('m1'), 'bob'), false,
    'an answer ends no wait: nobody waited');
select is_empty('select * from triage.promise_due', 'but keeps the promise');
select is((select kept_at from triage_data.promise),
    '2026-05-08 17:00:01+00'::timestamptz, 'late');
select is((select sum(responses)::int from triage.response_time
            where response in ('first', 'next')), 1,
    'and is no response of its own');
select throws_ok($$select triage.reply(test.conversation('m1'), 'bob')$$,
    'TR003', null, 'without a promise, closed is closed');

-- Given when nobody waits; kept by an echo, even one that comes late.
select test.file('[
    {"message_id": "m2", "thread_id": "t2", "author_id": "bea",
     "sent_at": "2026-05-08 12:00+00"},
    {"message_id": "m3", "thread_id": "t2", "author_id": "page",
     "kind": "echo", "sent_at": "2026-05-08 12:10+00"}]');
select triage.promise(test.conversation('m2'), 'ann', '2026-05-09 12:00+00');
select triage.promise(test.conversation('m2'), 'ann', '2026-05-10 12:00+00');
select is((select count(*)::int from triage.promise_due), 2,
    'there can be several promises');
select test.file('[
    {"message_id": "m4", "thread_id": "t2", "author_id": "page",
     "kind": "echo", "sent_at": "2026-05-08 16:00+00"}]');
select is((select count(*)::int from triage.promise_due), 2,
    'an echo from before does not keep them');
select set_config('triage.now', '2026-05-12 12:00+00', true);
select is((select count(*)::int from triage.promise_due where broken), 2,
    'broken ones are shown');
select test.file('[
    {"message_id": "m5", "thread_id": "t2", "author_id": "page",
     "kind": "echo", "sent_at": "2026-05-09 10:00+00"}]');
select is_empty('select * from triage.promise_due',
    'an echo that comes late was in time: it keeps them');
select is((select max(kept_at) from triage_data.promise),
    '2026-05-09 10:00+00'::timestamptz, 'when it was sent');

-- An automatic answer keeps nothing; closing keeps nothing.
select test.file('[
    {"message_id": "m6", "thread_id": "t6", "author_id": "cat",
     "sent_at": "2026-05-12 11:00+00"}]');
select triage.promise(test.conversation('m6'), 'ann', '2026-05-13 12:00+00');
select set_config('triage.now', '2026-05-12 13:00+00', true);
select triage.reply(test.conversation('m6'), 'ann', true);
select triage.close(test.conversation('m6'), 'ann');
select is((select count(*)::int from triage.promise_due), 1,
    'neither an automatic answer nor closing keeps a promise');

-- Given in the answer before it: neither that one, nor what the platform
-- reports of it, nor what the customer writes then keeps it.
select set_config('triage.now', '2026-05-14 12:00+00', true);
select test.file('[
    {"message_id": "m7", "thread_id": "t7", "author_id": "dan",
     "audience": "private", "sent_at": "2026-05-14 11:00+00"}]');
select triage.reply(test.conversation('m7'), 'ann');
select triage.promise(test.conversation('m7'), 'ann', '2026-05-15 12:00+00');
create temp view open as
select count(*)::int as promises
  from triage.promise_due
 where conversation_id = test.conversation('m7');
select test.file('[
    {"message_id": "m8", "thread_id": "t7", "author_id": "dan",
     "audience": "private", "sent_at": "2026-05-14 12:00+00"}]');
select is((select promises from open), 1,
    'the answer that gave it, at the same moment, does not keep it');
select set_config('triage.now', '2026-05-14 12:02+00', true);
select triage.reply(test.conversation('m8'), 'ann', true);
select test.file('[
    {"message_id": "m9", "thread_id": "t7", "author_id": "page",
     "audience": "private", "kind": "echo",
     "sent_at": "2026-05-14 12:01+00"}]');
select is((select promises from open), 1, 'nor does its echo');
select test.file('[
    {"message_id": "m10", "thread_id": "t7", "author_id": "page",
     "audience": "private", "kind": "echo",
     "sent_at": "2026-05-14 12:30+00"}]');
select is((select promises from open), 0, 'but the next one');
select triage.promise(test.conversation('m7'), 'ann', '2026-05-15 12:00+00');
select triage.reply(test.conversation('m7'), 'ann');
select is((select promises from open), 0, 'so does a reply, however soon');

-- Bad input.
select set_config('triage.now', '2026-05-12 13:00+00', true);
select throws_ok($$select triage.promise(test.conversation('m6'), 'ann',
                                         '2026-05-14 12:00+00')$$,
    'TR003', null, 'a closed conversation gets no promise');
select throws_ok($$select triage.promise(test.conversation('m2'), 'ann',
                                         '2026-05-12 13:00+00')$$,
    'TR007', null, 'nothing is promised for the past');
select throws_ok($$select triage.promise(test.conversation('m2'), '',
                                         '2026-05-14 12:00+00')$$,
    'TR007', null, 'nor by nobody');
select throws_ok(
    $$select triage.promise('00000000-0000-0000-0000-000000000000', 'ann',
                            '2026-05-14 12:00+00')$$,
    'TR001', null, 'nor to nobody');

select * from finish();
rollback;
