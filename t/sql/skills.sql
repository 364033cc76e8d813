-- Who may claim what: queues, languages, capacity; who knows a customer; and
-- what is handed to another department.

begin;
select plan(59);

select set_config('triage.now', '2026-05-04 12:00+00', true);
-- What is late waits its turn, so that the order is easy to follow.
update triage_data.setting set repay_every = 1000000;

create function pg_temp.at(hour text)
returns void
language sql
as $$
    select set_config('triage.now', '2026-05-04 ' || hour || '+00', true);
$$;

-- The customers whom an agent gets.
create function pg_temp.claimed(agent text, quantity int default 1,
                                queues text[] default null)
returns text
language sql
as $$
    select string_agg(author_id, ' ')
      from triage.claim(claimed.agent, claimed.queues, claimed.quantity);
$$;

-- 1. Whom nobody defined may claim everything.
select test.file('[
    {"message_id": "m1", "author_id": "german", "queue": "urgent",
     "language": "de", "thread_id": "t1",
     "sent_at": "2026-05-04 11:10+00"},
    {"message_id": "m2", "author_id": "english", "queue": "urgent",
     "language": "en", "thread_id": "t2",
     "sent_at": "2026-05-04 11:15+00"},
    {"message_id": "m3", "author_id": "silent", "queue": "urgent",
     "thread_id": "t3", "sent_at": "2026-05-04 11:20+00"},
    {"message_id": "m4", "author_id": "public-english", "queue": "public",
     "language": "en", "thread_id": "t4",
     "sent_at": "2026-05-04 08:05+00"},
    {"message_id": "m5", "author_id": "late-german", "queue": "public",
     "language": "de", "thread_id": "t5",
     "sent_at": "2026-05-04 07:00+00"},
    {"message_id": "m6", "author_id": "calm", "queue": "standard",
     "language": "fr", "thread_id": "t6",
     "sent_at": "2026-05-04 11:00+00"}]');
select is(pg_temp.claimed('anybody', 10),
    'german english silent public-english late-german calm',
    'who is not defined claims every language, in the same order');
update triage_data.conversation
   set claimed_by = null, lease_until = null;

-- 2. Languages.
select lives_ok($$select triage.set_agent('deb', languages => '{de}')$$,
    'an agent has languages');
select is(pg_temp.claimed('deb', 10), 'german silent late-german',
    'and gets these, and what has no language, in triage''s order');
select is(pg_temp.claimed('deb'), null, 'and nothing else');
select lives_ok($$select triage.set_agent('deb', languages => '{de,fr}')$$,
    'it can be changed');
select is(pg_temp.claimed('deb'), 'calm', 'at any time');
update triage_data.conversation
   set claimed_by = null, lease_until = null;
select lives_ok($$select triage.set_agent('eve', languages => '{}')$$,
    'no language at all');
select is(pg_temp.claimed('eve', 10), 'silent',
    'leaves what has none');
update triage_data.conversation
   set claimed_by = null, lease_until = null;

-- The language is that of the latest words that tell one.
select test.file('[
    {"message_id": "m7", "author_id": "german", "queue": "urgent",
     "language": "en", "thread_id": "t1",
     "sent_at": "2026-05-04 11:30+00"}]');
select is(pg_temp.claimed('deb', 10), 'silent late-german calm',
    'who changes to another language');
update triage_data.conversation
   set claimed_by = null, lease_until = null;
select test.file('[
    {"message_id": "m8", "author_id": "german", "queue": "urgent",
     "language": "de", "thread_id": "t1",
     "sent_at": "2026-05-04 11:25+00"},
    {"message_id": "m9", "author_id": "german", "queue": "urgent",
     "thread_id": "t1", "sent_at": "2026-05-04 11:35+00"}]');
select is((select language from triage_data.conversation
            where conversation_id = test.conversation('m1')), 'en',
    'not that of earlier ones that come late, nor nothing');

-- 3. Queues.
select lives_ok(
    $$select triage.set_agent('quin', queues => '{public,standard}')$$,
    'an agent has queues');
select is(pg_temp.claimed('quin', 10), 'public-english late-german calm',
    'and gets what waits there');
update triage_data.conversation
   set claimed_by = null, lease_until = null;
select is(pg_temp.claimed('quin', 10, '{urgent,public}'),
    'public-english late-german', 'of those that are asked for');
select is(pg_temp.claimed('quin', 10, '{urgent}'), null, 'nothing else');
update triage_data.conversation
   set claimed_by = null, lease_until = null;

-- 4. Capacity.
select lives_ok($$select triage.set_agent('cap', capacity => 2)$$,
    'an agent has a capacity');
select is(pg_temp.claimed('cap', 10), 'german english',
    'and gets no more at once');
select is(pg_temp.claimed('cap'), null, 'nor one by one');
select results_eq(
    $$select capacity, held, present from triage.agent where agent = 'cap'$$,
    $$values (2, 2::bigint, false)$$, 'as the view shows');
select lives_ok($$select triage.reply(test.conversation('m1'), 'cap')$$,
    'who answers one');
select is(pg_temp.claimed('cap', 10), 'silent', 'has room for one');
select pg_temp.at('12:15');
select is(pg_temp.claimed('cap', 10, '{urgent}'), 'english silent',
    'a lease that ran out takes no room');
select pg_temp.at('12:00');

-- 5. Who knows the case.
delete from triage_data.agent;
update triage_data.conversation
   set claimed_by = null, lease_until = null;
select count(*) from triage.claim('zed', quantity => 100, lease => '1 day');
select test.file('[
    {"message_id": "k1", "author_id": "kim", "queue": "urgent",
     "thread_id": "t20", "sent_at": "2026-05-04 11:50+00"}]');
select is(pg_temp.claimed('ann'), 'kim', 'an agent gets a customer');
select is(triage.reply(test.conversation('k1'), 'ann'), true,
    'and answers');
select test.file('[
    {"message_id": "k2", "author_id": "kim", "queue": "urgent",
     "thread_id": "t21", "sent_at": "2026-05-04 11:58+00"}]');
select is(pg_temp.claimed('bob'), 'kim',
    'while that agent is away, anybody gets the customer who writes again');
select is(triage.release(test.conversation('k2'), 'bob'), true, 'and gives up');
select is(triage.set_presence('ann'), '2026-05-05 00:00+00'::timestamptz,
    'an agent comes');
select results_eq(
    $$select present, present_until, held, kept from triage.agent
       where agent = 'ann'$$,
    $$values (true, '2026-05-05 00:00+00'::timestamptz, 0::bigint,
              0::bigint)$$,
    'and is there');
select is(pg_temp.claimed('bob'), null, 'nobody else gets the customer then');
select results_eq($$select kept from triage.agent where agent = 'ann'$$,
    $$values (1::bigint)$$, 'who is kept');
select is(pg_temp.claimed('ann'), 'kim', 'for whom it is kept');
select is(triage.release(test.conversation('k2'), 'ann'), true, 'given up');
select is(pg_temp.claimed('bob'), null, 'kept again');
select pg_temp.at('12:05');
select is(pg_temp.claimed('bob'), 'kim', 'but not for long');
select is(triage.release(test.conversation('k2'), 'bob'), true, 'given up');
select is(pg_temp.claimed('bob'), null, 'kept once a claim');
select is(triage.set_presence('ann', false), null, 'who leaves');
select is(pg_temp.claimed('bob'), 'kim', 'holds nobody up');
select is(triage.release(test.conversation('k2'), 'bob'), true, 'given up');
select triage.set_presence('ann');
select triage.set_agent('ann', queues => '{standard}');
select is(pg_temp.claimed('bob'), 'kim',
    'nothing is kept for who is not for that queue');
select is(triage.release(test.conversation('k2'), 'bob'), true, 'given up');
select triage.set_agent('ann');
select pg_temp.at('12:58:01');
select is(pg_temp.claimed('bob'), 'kim', 'nor what is late');
select is(triage.reply(test.conversation('k2'), 'bob'), true, 'answered');
select test.file('[
    {"message_id": "k3", "author_id": "kim", "queue": "urgent",
     "thread_id": "t21", "sent_at": "2026-05-04 12:58+00"}]');
select is(pg_temp.claimed('bob'), 'kim',
    'who knows the customer, too, need not wait');

-- 6. Another department.
select pg_temp.at('13:00');
select is(triage.refer(test.conversation('k3'), 'bob', 'crisis'),
    '2026-05-04 13:13+00'::timestamptz,
    'referred to another queue: the deadline of its target, from when the customer wrote');
select results_eq(
    $$select queue, waiting_since, due_at, claimed_by, contacts
        from triage.inbox where conversation_id = test.conversation('k3')$$,
    $$values ('crisis' collate "C", '2026-05-04 12:58+00'::timestamptz,
              '2026-05-04 13:13+00'::timestamptz,
              null::text collate "C", 1)$$,
    'the clock runs on, and nobody holds it');
select is(triage.refer(test.conversation('k3'), 'bob', 'standard'),
    '2026-05-04 13:13+00'::timestamptz, 'a deadline never moves away');
select is((select queue from triage.inbox
            where conversation_id = test.conversation('k3')), 'standard',
    'wherever it waits');
select triage_data.recount(array[test.conversation('k3')], '-infinity');
select results_eq(
    $$select queue, due_at from triage.inbox
       where conversation_id = test.conversation('k3')$$,
    $$values ('standard' collate "C", '2026-05-04 13:13+00'::timestamptz)$$,
    'worked out anew it is the same');
select is(pg_temp.claimed('bob', 1, '{standard}'), 'kim',
    'not kept for anybody: it was passed on');

-- 7. What cannot be.
select throws_ok($$select triage.refer(test.conversation('k3'), 'eve',
                                       'crisis')$$,
    'TR002', null, 'nobody refers what another agent holds');
select throws_ok($$select triage.refer(test.conversation('k3'), 'bob',
                                       'nowhere')$$,
    'TR004', 'there is no queue "nowhere"', 'nor to no queue');
select throws_ok($$select triage.refer(test.conversation('k1'), 'bob',
                                       'crisis')$$,
    'TR002', null, 'nor where nobody waits');
select throws_ok($$select triage.set_agent('')$$,
    'TR007', 'an agent needs a name', 'an agent needs a name');
select throws_ok($$select triage.set_agent('x', queues => '{nowhere}')$$,
    'TR004', 'there is no queue "nowhere"', 'queues that exist');
select throws_ok($$select triage.set_agent('x', languages => '{German}')$$,
    'TR007', 'a language is two letters (ISO 639-1), not "German"',
    'languages by their code');
select throws_ok($$select triage.set_agent('x', capacity => 0)$$,
    'TR007', 'a capacity is at least 1, not 0', 'and room for somebody');
select throws_ok($$select triage.set_presence('x', true, '0')$$,
    'TR007', null, 'nobody is there for no time');
select is(triage.drop_agent('ann'), true, 'an agent can be dropped');
select is(triage.drop_agent('ann'), false, 'once');

select * from finish();
rollback;
