-- From a public thread to a private channel, without being dropped.

begin;
select plan(22);

select set_config('triage.now', '2026-05-04 12:00+00', true);
select test.file('[
    {"message_id": "m1", "author_id": "bea", "thread_id": "post",
     "audience": "public", "queue": "public",
     "sent_at": "2026-05-04 11:00+00"},
    {"message_id": "m2", "author_id": "cat", "thread_id": "post",
     "audience": "public", "queue": "public",
     "sent_at": "2026-05-04 11:00+00"}]');

select cmp_ok(triage.handoff(test.conversation('m1'), 'ann'), '>', 0::bigint,
    'an agent invites a customer');
select results_eq(
    $$select conversation_id, private_id, agent, invited_at, came_at, due_at,
             state, platform, brand, account, author_id
        from triage.handoff_due$$,
    $$select test.conversation('m1'), null::uuid, 'ann'::text collate "C",
             '2026-05-04 12:00+00'::timestamptz, null::timestamptz,
             '2026-05-11 12:00+00'::timestamptz, 'invited',
             'facebook'::text collate "C", 'acme'::text collate "C",
             'page'::text collate "C", 'bea'::text collate "C"$$,
    'who has seven days to come');
select throws_ok($$select triage.handoff(test.conversation('m1'), 'ann')$$,
    'TR010', null, 'one is invited once');
select is(triage.reply(test.conversation('m1'), 'ann'), true,
    'the invitation is an answer in public');
select is((select count(*)::int from triage.handoff_due), 1,
    'and not the end of it');

-- Somebody else, something else, another brand, before the invitation.
select test.file('[
    {"message_id": "d1", "author_id": "cat", "thread_id": "dm-cat",
     "audience": "private", "queue": "standard",
     "sent_at": "2026-05-04 12:10+00"},
    {"message_id": "d2", "author_id": "bea", "thread_id": "dm-bea",
     "audience": "private", "queue": "standard",
     "sent_at": "2026-05-04 11:59+00"},
    {"message_id": "d3", "author_id": "bea", "thread_id": "dm-bea",
     "audience": "private", "queue": "standard", "brand": "other",
     "sent_at": "2026-05-04 12:10+00"},
    {"message_id": "d4", "author_id": "bea", "thread_id": "post",
     "audience": "public", "queue": "public",
     "sent_at": "2026-05-04 12:10+00"},
    {"message_id": "d5", "author_id": "bea", "thread_id": "dm-bea",
     "audience": "private", "kind": "reaction",
     "sent_at": "2026-05-04 12:10+00"}]');
select is((select state from triage.handoff_due), 'invited',
    'none of these is the customer who comes');

-- The customer comes.
select test.file('[
    {"message_id": "d6", "author_id": "bea", "thread_id": "dm-bea",
     "audience": "private", "queue": "standard",
     "sent_at": "2026-05-04 12:20+00"}]');
select results_eq(
    $$select private_id, came_at, due_at, state from triage.handoff_due$$,
    $$select test.conversation('d6'), '2026-05-04 12:20+00'::timestamptz,
             '2026-05-04 15:00+00'::timestamptz, 'came'$$,
    'the customer has come, and inherits the deadline');
select is((select due_at from triage.inbox
            where conversation_id = test.conversation('d6')),
    '2026-05-04 15:00+00'::timestamptz, 'which the inbox shows');
select triage.close(test.conversation('d6'), 'ann');
select is((select state from triage.handoff_due), 'came',
    'closing is not answering');
select test.file('[
    {"message_id": "d7", "author_id": "bea", "thread_id": "dm-bea",
     "audience": "private", "queue": "standard",
     "sent_at": "2026-05-04 12:30+00"},
    {"message_id": "d8", "author_id": "page", "thread_id": "dm-bea",
     "audience": "private", "kind": "echo",
     "sent_at": "2026-05-04 12:40+00"}]');
select is_empty('select * from triage.handoff_due',
    'an answer in private ends it');
select is((select answered_at from triage_data.handoff),
    '2026-05-04 12:40+00'::timestamptz, 'at its time');

-- Again, and nobody comes.
select lives_ok($$select triage.handoff(test.conversation('m1'), 'ann',
                                        '2026-05-05 12:00+00')$$,
    'who came can be invited again, with another deadline');
select set_config('triage.now', '2026-05-05 12:00:01+00', true);
select is((select state from triage.handoff_due), 'expired',
    'an invitation expires');
select test.file('[
    {"message_id": "d9", "author_id": "bea", "thread_id": "dm-bea",
     "audience": "private", "sent_at": "2026-05-05 12:00:02+00"}]');
select is((select state from triage.handoff_due), 'expired',
    'who comes later starts a wait of their own');
select lives_ok($$select triage.handoff(test.conversation('m1'), 'ann')$$,
    'and can be invited again');

-- A deadline is inherited only if it is nearer.
select triage.handoff(test.conversation('m2'), 'ann');
select test.file('[
    {"message_id": "e1", "author_id": "cat", "thread_id": "dm-cat",
     "audience": "private", "queue": "crisis",
     "sent_at": "2026-05-05 12:10+00"}]');
select is((select due_at from triage_data.message
            where message_no = test.message('e1')),
    '2026-05-04 15:00+00'::timestamptz, 'a deadline that has passed, too');
select is((select count(*)::int from triage_data.handoff
            where came_at is not null), 2, 'two came');

-- Bad input.
select throws_ok($$select triage.handoff(test.conversation('d9'), 'ann')$$,
    'TR010', null, 'who is in private is not invited there');
select throws_ok($$select triage.handoff(test.conversation('m2'), 'ann',
                                         '2026-05-05 12:00+00')$$,
    'TR007', null, 'nor for the past');
select throws_ok($$select triage.handoff(test.conversation('m2'), '')$$,
    'TR007', null, 'nor by nobody');
select throws_ok(
    $$select triage.handoff('00000000-0000-0000-0000-000000000000', 'ann')$$,
    'TR001', null, 'nor from nowhere');
select triage.claim('ann', quantity => 100) is not null;
select throws_ok($$select triage.handoff(test.conversation('m2'), 'bob')$$,
    'TR002', null, 'nor on another''s lease');

select * from finish();
rollback;
