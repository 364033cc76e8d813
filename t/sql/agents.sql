-- What agents do: claim in triage's order, and what follows.

begin;
select plan(79);

select set_config('triage.now', '2026-05-04 12:00+00', true);

create function pg_temp.claimed(queues text[] default null,
                                quantity int default 1)
returns text
language sql
as $$
    select string_agg(author_id, ' ')
      from triage.claim('ann', claimed.queues, claimed.quantity);
$$;

create function pg_temp.start_over()
returns void
language sql
as $$
    update triage_data.conversation
       set claimed_by = null, lease_until = null, snoozed_until = null;
    select setval('triage_data.claim_number', 1, false);
$$;

-- 1. In time and soon: the heaviest, then the earliest deadline.
select test.file('[
    {"message_id": "s1", "author_id": "standard-soon", "queue": "standard",
     "thread_id": "t1", "sent_at": "2026-05-03 12:05+00"},
    {"message_id": "p1", "author_id": "public-soon", "queue": "public",
     "thread_id": "t2", "sent_at": "2026-05-04 08:20+00"},
    {"message_id": "p2", "author_id": "public-sooner", "queue": "public",
     "thread_id": "t3", "sent_at": "2026-05-04 08:10+00"},
    {"message_id": "u1", "author_id": "urgent-calm", "queue": "urgent",
     "thread_id": "t4", "sent_at": "2026-05-04 11:35+00"},
    {"message_id": "s2", "author_id": "standard-late", "queue": "standard",
     "thread_id": "t5", "sent_at": "2026-05-03 10:00+00"},
    {"message_id": "p3", "author_id": "public-late", "queue": "public",
     "thread_id": "t6", "sent_at": "2026-05-04 06:00+00"},
    {"message_id": "s3", "author_id": "standard-calm", "queue": "standard",
     "thread_id": "t7", "sent_at": "2026-05-04 06:00+00"}]');
select is(pg_temp.claimed(quantity => 100),
    'public-sooner public-soon standard-soon public-late standard-late urgent-calm standard-calm',
    'soon by weight and deadline; late by weight and wait; then by deadline');
select is(pg_temp.claimed(), null, 'then nothing is left');
select pg_temp.start_over();
select setval('triage_data.claim_number', 9);
select is(pg_temp.claimed(quantity => 2), 'public-late public-sooner',
    'every tenth claim goes to what is late');
select is((select last_value from triage_data.claim_number), 11::bigint,
    'a claim is counted once');
select pg_temp.start_over();
select is(pg_temp.claimed('{standard}', 2), 'standard-soon standard-late',
    'an agent claims from some queues only');
select is(pg_temp.claimed('{}'), null, 'from no queue nothing');
select pg_temp.start_over();
update triage_data.setting set soon = '0', repay_every = 1;
select is(pg_temp.claimed(quantity => 2), 'public-late standard-late',
    'the constants are settings');
update triage_data.setting set soon = '30 minutes', repay_every = 10;
select pg_temp.start_over();

-- The boundary: a deadline is kept until it has passed.
select set_config('triage.now', '2026-05-04 12:05+00', true);
select is(pg_temp.claimed('{standard}'), 'standard-soon',
    'at its deadline a conversation is in time');
select pg_temp.start_over();
select set_config('triage.now', '2026-05-04 12:05:00.000001+00', true);
select is(pg_temp.claimed('{standard}', 2), 'standard-late standard-soon',
    'and late just after');
select pg_temp.start_over();
select set_config('triage.now', '2026-05-04 12:00+00', true);

-- What claim returns.
select results_eq(
    $$select author_id, claimed_by, lease_until, queue, text
        from triage.claim(agent => 'ann', quantity => 1,
                          lease => '20 minutes')$$,
    $$values ('public-sooner' collate "C", 'ann' collate "C",
              '2026-05-04 12:20+00'::timestamptz, 'public' collate "C",
              null::text)$$,
    'a claim is a row of the inbox, leased');
select results_eq(
    $$select claimed_by, lease_until from triage.inbox
       where author_id = 'public-sooner'$$,
    $$values ('ann' collate "C", '2026-05-04 12:20+00'::timestamptz)$$,
    'as the inbox shows it');

-- Leases.
select is(triage.renew(test.conversation('p2'), 'ann', '1 hour'),
    '2026-05-04 13:00+00'::timestamptz, 'a lease can be made longer');
select throws_ok($$select triage.renew(test.conversation('p2'), 'bob')$$,
    'TR002', null, 'by who holds it');
select throws_ok($$select triage.renew(test.conversation('p1'), 'bob')$$,
    'TR002', null, 'if anybody does');
select is(triage.transfer(test.conversation('p2'), 'ann', 'bob'),
    '2026-05-04 12:15+00'::timestamptz, 'a lease can be handed on');
select is((select claimed_by from triage.inbox
            where author_id = 'public-sooner'), 'bob', 'to another agent');
select throws_ok(
    $$select triage.transfer(test.conversation('p2'), 'ann', 'eve')$$,
    'TR002', null, 'by who holds it');
select throws_ok(
    $$select triage.transfer(test.conversation('p2'), 'bob', '')$$,
    'TR007', 'an agent needs a name', 'to somebody');
select throws_ok($$select triage.release(test.conversation('p2'), 'ann')$$,
    'TR002', null, 'nobody releases another''s lease');
select is(triage.release(test.conversation('p2'), 'bob'), true,
    'a lease can be given back');
select is(triage.release(test.conversation('p2'), 'bob'), false,
    'once');
select is(pg_temp.claimed('{public}'), 'public-sooner',
    'what is given back is next again');
select set_config('triage.now', '2026-05-04 12:15+00', true);
select results_eq(
    $$select claimed_by, lease_until, due_at from triage.inbox
       where author_id = 'public-sooner'$$,
    $$values (null::text collate "C", null::timestamptz,
              '2026-05-04 12:10+00'::timestamptz)$$,
    'a lease that runs out returns the conversation, its deadline unchanged');
select throws_ok($$select triage.renew(test.conversation('p2'), 'ann')$$,
    'TR002', null, 'and cannot be renewed');
select is(pg_temp.claimed('{public}', 2), 'public-soon public-late',
    'but claimed by anybody, in its order');
select pg_temp.start_over();
select set_config('triage.now', '2026-05-04 12:00+00', true);

-- Snooze.
select throws_ok($$select triage.snooze(test.conversation('p2'), 'ann',
                                        '2026-05-04 12:00+00')$$,
    'TR007', null, 'nothing is snoozed into the past');
select lives_ok($$select triage.snooze(test.conversation('p2'), 'ann',
                                       '2026-05-04 12:08+00')$$,
    'a conversation can be put off');
select is(pg_temp.claimed('{public}'), 'public-soon', 'nobody gets it then');
select results_eq($$select snoozed_until, due_at from triage.inbox
                     where author_id = 'public-sooner'$$,
    $$values ('2026-05-04 12:08+00'::timestamptz,
              '2026-05-04 12:10+00'::timestamptz)$$,
    'its deadline stays');
select set_config('triage.now', '2026-05-04 12:08+00', true);
select is(pg_temp.claimed('{public}'), 'public-sooner', 'until its time');
select set_config('triage.now', '2026-05-04 12:00+00', true);
select pg_temp.start_over();
select triage.snooze(test.conversation('p2'), 'ann', '2026-05-04 18:00+00');
select test.file('[
    {"message_id": "p4", "author_id": "public-sooner", "queue": "public",
     "thread_id": "t3", "sent_at": "2026-05-04 11:00+00"}]');
select is(pg_temp.claimed('{public}'), 'public-sooner',
    'or until the customer writes again');

-- Reply.
select throws_ok($$select triage.reply(test.conversation('p2'), 'bob')$$,
    'TR002', null, 'nobody replies on another''s lease');
select is(triage.reply(test.conversation('p2'), 'ann', automatic => true),
    false, 'an automatic answer does not stop the clock');
select is(triage.reply(test.conversation('p2'), 'ann'), true,
    'a person''s does');
select is_empty($$select * from triage.inbox
                   where author_id = 'public-sooner'$$, 'the wait is over');
select is(triage.reply(test.conversation('p2'), 'bob'), false,
    'the lease with it; there is nothing more to answer');
select is(triage.reply(test.conversation('p1'), 'bob'), true,
    'a reply needs no lease');

-- Close.
select lives_ok($$select triage.close(test.conversation('p3'), 'ann')$$,
    'a conversation can be closed');
select is_empty($$select * from triage.inbox
                   where author_id = 'public-late'$$,
    'then nobody waits');
select throws_ok($$select triage.reply(test.conversation('p3'), 'ann')$$,
    'TR003', null, 'it cannot be replied to');
select throws_ok($$select triage.close(test.conversation('p3'), 'ann')$$,
    'TR003', null, 'nor closed again');
select throws_ok($$select triage.snooze(test.conversation('p3'), 'ann',
                                        '2026-05-05 00:00+00')$$,
    'TR003', null, 'nor put off');
select test.file('[
    {"message_id": "p5", "author_id": "public-late", "queue": "public",
     "thread_id": "t6", "sent_at": "2026-05-04 11:50+00"}]');
select is((select waiting_since from triage.inbox
            where author_id = 'public-late'),
    '2026-05-04 11:50+00'::timestamptz,
    'until the customer writes again, with a clock of its own');
select lives_ok($$select triage.close(test.conversation('p3'), 'ann')$$,
    'and can be closed again');
select is((select sum(responses)::int from triage.response_time
            where response in ('first', 'next')), 2,
    'a closed wait is no response');

-- Retriage and explain.
select test.file('[
    {"message_id": "r1", "author_id": "rob", "thread_id": "tr",
     "sent_at": "2026-05-04 11:00+00", "urgency": 20.25, "visibility": 7.5,
     "terms": [{"signal": "a", "urgency": 20.25, "visibility": 0},
               {"signal": "b", "urgency": 0, "visibility": 7.5}]}]');
select results_eq($$select * from triage.explain(test.message('r1'))$$,
    $$values ('a', 20.25::real, 0::real), ('b', 0, 7.5)$$,
    'the terms of a score');
select results_eq($$select * from triage_data.terms_of(
        '{"urgency": {"a": 20.25, "limit": -1},
          "visibility": {"b": 7.5, "limit": 2}}')$$,
    $$values ('a', 20.25, 0.0), ('b', 0.0, 7.5), ('limit', -1, 2)$$,
    'as nginx writes them');
select lives_ok($$select triage.retriage(test.message('r1'), 90.3,
                                         'legal threat', agent => 'ann')$$,
    'an agent can correct an urgency');
select is((select urgency from triage.inbox where author_id = 'rob'),
    90.3::real, 'the inbox shows it');
select is((select reasons from triage.inbox where author_id = 'rob'),
    '{agent,a,b}', 'with the agent as a reason');
select is((select sum(urgency)::numeric(9, 2)
             from triage.explain(test.message('r1'))), 90.30,
    'the terms still add up');
select is((select sum(visibility) from triage.explain(test.message('r1'))),
    7.5::real, 'to the visibility too');
select results_eq($$select urgency_before, urgency, queue, agent, why
                      from triage_data.correction$$,
    $$values (20.25::real, 90.3::real, 'standard' collate "C",
              'ann' collate "C", 'legal threat')$$,
    'a correction is kept to learn from');
select lives_ok($$select triage.retriage(test.message('r1'), 95,
                                         'viral', 'crisis')$$,
    'and can name a queue');
select results_eq($$select queue, due_at from triage.inbox
                     where author_id = 'rob'$$,
    $$values ('crisis' collate "C", '2026-05-04 11:15+00'::timestamptz)$$,
    'which brings the deadline forward');
select lives_ok($$select triage.retriage(test.message('r1'), 5,
                                         'a joke', 'standard')$$,
    'the way back');
select results_eq($$select queue, due_at, urgency from triage.inbox
                     where author_id = 'rob'$$,
    $$values ('standard' collate "C", '2026-05-04 11:15+00'::timestamptz,
              5::real)$$,
    'never puts it off');
select is((select sum(urgency)::numeric(9, 2)
             from triage.explain(test.message('r1'))), 5.00,
    'the terms add up after any number of corrections');
select throws_ok('select triage.retriage(-1, 5, ''why'')', 'TR005', null,
    'there must be such a message');
select throws_ok('select triage.explain(-1)', 'TR005', null,
    'to be explained, too');
select throws_ok($$select triage.retriage(test.message('r1'), 101, 'why')$$,
    'TR007', null, 'an urgency has bounds');
select throws_ok($$select triage.retriage(test.message('r1'), 'NaN', 'w')$$,
    'TR007', null, 'and is a number');
select throws_ok($$select triage.retriage(test.message('r1'), 1, '')$$,
    'TR007', null, 'a correction needs a reason');
select throws_ok(
    $$select triage.retriage(test.message('r1'), 1, 'why', 'nowhere')$$,
    'TR004', 'there is no queue "nowhere"', 'and an existing queue');

-- Bad input.
select throws_ok($$select triage.claim('')$$, 'TR007', null,
    'an agent has a name');
select throws_ok($$select triage.claim(null)$$, 'TR007', null,
    'not none');
select throws_ok($$select triage.claim('ann', '{nowhere}')$$, 'TR004', null,
    'a queue exists');
select throws_ok($$select triage.claim('ann', quantity => 0)$$, 'TR007',
    null, 'a quantity is at least one');
select throws_ok($$select triage.claim('ann', quantity => 1001)$$, 'TR007',
    null, 'and at most a thousand');
select throws_ok($$select triage.claim('ann', lease => '0')$$, 'TR007', null,
    'a lease lasts');
select throws_ok($$select triage.renew(test.conversation('r1'), 'ann',
                                       '-1 minute')$$, 'TR007', null,
    'a renewed one too');
select throws_ok(
    $$select triage.reply('00000000-0000-0000-0000-000000000000', 'ann')$$,
    'TR001', null, 'there must be such a conversation');
select is((select count(*)::int from triage.inbox where claimed_by <> 'ann'),
    0, 'and nothing was changed by what failed');

-- Queues and reports.
select test.configure();
select results_eq(
    $$select queue, length, late, target from triage.queue order by target$$,
    $$values ('crisis' collate "C", 0::bigint, 0::bigint,
              interval '15 minutes'),
             ('urgent', 1, 0, '1 hour'), ('public', 0, 0, '4 hours'),
             ('standard', 4, 2, '24 hours')$$,
    'each queue with what waits');
select is((select oldest_wait from triage.queue where queue = 'standard'),
    interval '1 day 2 hours', 'and how long');
select results_eq(
    $$select share_in_time, forecast from triage.queue
       where queue = 'public'$$,
    $$values (1::real, interval '0')$$, 'and how it keeps its target');
select results_eq(
    $$select hour, queue, platform, brand, response, responses, p50,
             share_in_time
        from triage.response_time
       where response in ('first', 'next')$$,
    $$values ('2026-05-04 12:00+00'::timestamptz, 'public' collate "C",
              'facebook' collate "C", 'acme' collate "C", 'first',
              2::bigint, interval '3 hours 45 minutes', 1::real)$$,
    'response times by the hour');

-- What a claim returns is the row of the inbox.
select test.file('[
    {"message_id": "i1", "author_id": "i", "author_name": "Ina",
     "thread_id": "i", "sent_at": "2026-05-04 11:00+00", "urgency": 70,
     "terms": [{"signal": "threat", "urgency": 60}], "text": "first"},
    {"message_id": "i2", "author_id": "i", "author_handle": "ina",
     "thread_id": "i", "sent_at": "2026-05-04 11:30+00", "urgency": 20,
     "terms": [{"signal": "delay", "urgency": 10}], "text": "second"},
    {"message_id": "i3", "author_id": "early", "thread_id": "j",
     "received_at": "2026-05-04 11:40+00", "sent_at": "2026-08-04 11:40+00",
     "urgency": 30, "terms": [{"signal": "loss", "urgency": 30}],
     "text": "from a clock that is fast"}]');
select triage.promise(test.conversation('i1'), 'ann', '2026-05-05 09:00+00',
                      'a call');
insert into triage_data.spike
       (began_at, expected, messages, kind, brand, subject, queues)
values ('2026-05-04 11:50+00', 1, 20, 'brand', 'acme', 'acme', '{standard}');
update triage_data.conversation
   set resolve_due_at = '2026-05-05 12:00+00'
 where waiting_since is not null;
insert into triage_data.alert
       (kind, deadline, conversation_id, raised_at, waiting_since, due_at,
        queue, platform, brand, account)
select 'warning', 'resolution', c.conversation_id, '2026-05-04 12:00+00',
       c.waiting_since, c.resolve_due_at, c.queue, c.platform, c.brand,
       c.account
  from triage_data.conversation as c
 where c.conversation_id = test.conversation('i1');
create temp table shown as
select * from triage.claim('ina', quantity => 100, lease => '1 hour');
select results_eq('select * from shown order by conversation_id',
    $$select * from triage.inbox where claimed_by = 'ina'
       order by conversation_id$$,
    'a claim returns rows of the inbox');
select results_eq(
    $$select text, reasons, promise_due_at is not null, spike,
             resolve_warned
        from shown
       where author_handle = 'ina' or author_id = 'early' order by text$$,
    $$values ('from a clock that is fast', '{loss}'::text[], false,
              'acme' collate "C", false),
             ('second', '{threat}', true, 'acme', true)$$,
    'with all that they show');

select * from finish();
rollback;
