-- An agent claims a conversation by name: the same lease as triage.claim
-- gives, and a note of it for those who lead.

begin;
select plan(34);

create function pg_temp.at(hour text)
returns void
language sql
as $$
    select set_config('triage.now', '2026-05-04 ' || hour || '+00', true);
$$;

-- The customers whom an agent holds.
create function pg_temp.holds(agent text)
returns text
language sql
as $$
    select string_agg(i.author_id, ' ' order by i.due_at)
      from triage.inbox as i
     where i.claimed_by = holds.agent;
$$;

select pg_temp.at('12:00');
select test.file('[
    {"message_id": "m1", "author_id": "first", "queue": "urgent",
     "language": "en", "thread_id": "t1", "sent_at": "2026-05-04 11:10+00"},
    {"message_id": "m2", "author_id": "second", "queue": "urgent",
     "language": "de", "thread_id": "t2", "sent_at": "2026-05-04 11:15+00"},
    {"message_id": "m3", "author_id": "third", "queue": "urgent",
     "language": "en", "thread_id": "t3", "sent_at": "2026-05-04 11:20+00",
     "text": "Where is my parcel?"},
    {"message_id": "m4", "author_id": "zen", "queue": "urgent",
     "brand": "zen", "thread_id": "t4", "sent_at": "2026-05-04 11:05+00"},
    {"message_id": "m5", "author_id": "calm", "queue": "standard",
     "language": "en", "thread_id": "t5",
     "sent_at": "2026-05-03 11:00+00"}]');

-- 1. The row of the inbox, leased.
select results_eq(
    $$select author_id, text, claimed_by, lease_until
        from triage.pick(test.conversation('m3'), 'ann')$$,
    $$values ('third' collate "C", 'Where is my parcel?',
              'ann' collate "C", '2026-05-04 12:15+00'::timestamptz)$$,
    'an agent picks one and gets its row');
select results_eq(
    $$select to_jsonb(i) from triage.inbox as i where author_id = 'third'$$,
    $$select to_jsonb(p)
        from triage.pick(test.conversation('m3'), 'ann') as p$$,
    'as the inbox shows it');
select results_eq(
    $$select agent, picked_at, waiting_since, due_at, passed_over, queue,
             platform, brand
        from triage.picked$$,
    $$values ('ann' collate "C", '2026-05-04 12:00+00'::timestamptz,
              '2026-05-04 11:20+00'::timestamptz,
              '2026-05-04 12:20+00'::timestamptz, 3,
              'urgent' collate "C", 'facebook' collate "C",
              'acme' collate "C")$$,
    'it is noted once, with how many of that queue were passed over');
select is((select count(*) from triage_data.news
            where queue = 'urgent' and what = 'agent') > 0, true,
    'listeners hear of it');
select is(pg_temp.holds('ann'), 'third', 'it is hers');

-- 2. Who is next is not passed over by anybody.
select lives_ok($$select triage.pick(test.conversation('m4'), 'ann')$$,
    'who is next can be picked, too');
select is((select passed_over from triage.picked order by pick_id desc
            limit 1), 0, 'nobody is passed over then');

-- 3. Again: kept for longer, noted once.
select pg_temp.at('12:10');
select is((select lease_until
             from triage.pick(test.conversation('m3'), 'ann', '1 hour')),
    '2026-05-04 13:10+00'::timestamptz, 'who has it keeps it for longer');
select is((select count(*) from triage.picked), 2::bigint,
    'which is no other pick');

-- 4. What another agent has.
select throws_ok(
    $$select triage.pick(test.conversation('m3'), 'bob')$$, 'TR002', null,
    'what another agent holds cannot be picked');
select pg_temp.at('12:20');
select lives_ok($$select triage.pick(test.conversation('m4'), 'bob')$$,
    'until the lease runs out');
select is(pg_temp.holds('bob'), 'zen', 'then it is the other''s');
select is((select passed_over from triage.picked order by pick_id desc
            limit 1), 0, 'what is later or held is not passed over');

-- 5. What was put off comes back with it.
select triage.snooze(test.conversation('m1'), 'ann', '2026-05-04 15:00+00');
select is((select snoozed_until
             from triage.pick(test.conversation('m1'), 'eve')), null,
    'what was put off can be picked');
select is((select passed_over from triage.picked order by pick_id desc
            limit 1), 0, 'zen is held');
select triage.release(test.conversation('m1'), 'eve');
select is((select author_id from triage.claim('bob', '{urgent}')), 'first',
    'and is claimed in its turn when given back');
select triage.release(test.conversation('m1'), 'bob');

-- 6. Languages, queues, capacity.
select triage.set_agent('deb', '{urgent}', '{de}', 1);
select throws_ok(
    $$select triage.pick(test.conversation('m1'), 'deb')$$, 'TR012',
    'agent "deb" is not for the language "en"', 'a foreign language');
select throws_ok(
    $$select triage.pick(test.conversation('m5'), 'deb')$$, 'TR012',
    'agent "deb" is not for the queue "standard"', 'another queue');
select lives_ok($$select triage.pick(test.conversation('m2'), 'deb')$$,
    'what the agent is for');
select is((select passed_over from triage.picked order by pick_id desc
            limit 1), 0,
    'who speaks another language is not passed over');
select test.file('[
    {"message_id": "m6", "author_id": "mute", "queue": "urgent",
     "thread_id": "t6", "sent_at": "2026-05-04 12:19+00"}]');
select throws_ok(
    $$select triage.pick(test.conversation('m6'), 'deb')$$, 'TR013',
    'agent "deb" holds as many conversations as there is room for: 1',
    'no room');
select lives_ok($$select triage.pick(test.conversation('m2'), 'deb')$$,
    'what an agent has takes no more room');
select triage.reply(test.conversation('m2'), 'deb');
select lives_ok($$select triage.pick(test.conversation('m6'), 'deb')$$,
    'who answered has room, for what has no language, too');

-- 7. A customer who is kept for another agent.
update triage_data.conversation
   set claimed_by = null, lease_until = null;
select triage.set_presence('ann');
update triage_data.conversation
   set kept_for = 'ann', kept_until = '2026-05-04 12:25+00'
 where conversation_id = test.conversation('m1');
select is((select claimed_by
             from triage.pick(test.conversation('m1'), 'eve')), 'eve',
    'a customer who is kept for somebody does not have to wait');
select is((select string_agg(author_id, ' ' order by author_id)
             from triage.claim('ann', '{urgent}', 10)), 'mute third zen',
    'and is not given to her as well');

-- 8. The order of claims is not moved by it.
update triage_data.conversation
   set claimed_by = null, lease_until = null;
create temp table number as
select last_value, is_called from triage_data.claim_number;
select triage.pick(test.conversation('m5'), 'eve');
select results_eq(
    'select last_value, is_called from triage_data.claim_number',
    'select * from number', 'a pick takes no turn of those who are late');

-- 9. What is over.
select triage.close(test.conversation('m3'), 'ann');
select throws_ok(
    $$select triage.pick(test.conversation('m3'), 'ann')$$, 'TR003', null,
    'what is closed');
select triage.reply(test.conversation('m5'), 'eve');
select throws_ok(
    $$select triage.pick(test.conversation('m5'), 'ann')$$, 'TR002',
    format('nobody waits in conversation %s', test.conversation('m5')),
    'what is answered');
select throws_ok(
    $$select triage.pick(gen_random_uuid(), 'ann')$$, 'TR001', null,
    'what there never was');

-- 10. Reports count the answer as any other.
select triage.pick(test.conversation('m1'), 'ann');
select triage.reply(test.conversation('m1'), 'ann');
select results_eq(
    $$select response, responses, p50
        from triage.report('2026-05-04 12:20+00', '2026-05-04 12:21+00',
                           '{agent}')
       where agent = 'ann' and response = 'first'$$,
    $$values ('first', 1::bigint, interval '70 minutes')$$,
    'the answer counts as any other');

-- 11. Who may see whom.
select test.conversation('m6') as acme \gset
create role pick_lead_zen in role triage_agent, triage_reader;
select triage.allow('pick_lead_zen', 'zen');
set local role pick_lead_zen;
select throws_ok(
    format('select triage.pick(%L, ''ann'')', :'acme'), 'TR011', null,
    'what is of another brand');
select results_eq(
    'select distinct brand from triage.picked',
    $$values ('zen' collate "C")$$, 'and what was picked there');
reset role;

-- 12. Not for ever.
select is((select count(*) from triage.picked), 9::bigint,
    'each pick was noted');
select set_config('triage.now', '2026-05-06 12:21+00', true);
select triage.retain('1 day');
select is_empty('select from triage.picked', 'until they are forgotten');

select * from finish();
rollback;
