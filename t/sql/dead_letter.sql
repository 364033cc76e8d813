-- Dead letters: what is kept of them, how many, and how they go.

begin;
select plan(20);

select set_config('triage.now', '2026-05-04 12:00+00', true);

-- What a parser reads beside the body.
select test.file('[
    {"nothing": true, "failure": "not JSON", "raw": "{1", "platform":
     "discourse", "headers": "X-Discourse-Event: post_created\n",
     "received_at": "2026-05-04 09:00+00"},
    {"nothing": true, "failure": "not JSON", "raw": "{2",
     "received_at": "2026-05-04 10:00+00"}]');
select results_eq(
    'select headers from triage.dead_letter order by platform',
    $$values (E'X-Discourse-Event: post_created\n'), (null)$$,
    'headers are kept with a dead letter');
select triage.dead_letter_replay(dead_letter_id)
  from triage.dead_letter where platform = 'discourse';
select results_eq(
    'select headers from triage.replay_next(10)',
    $$values (E'X-Discourse-Event: post_created\n')$$,
    'and are there when it is read again');
select triage.replay_done(dead_letter_id, null)
  from triage.dead_letter where state = 'marked';
select is((select state from triage.dead_letter
            where platform = 'discourse'), 'replayed', 'it was');
select test.file('[
    {"nothing": true, "failure": "refused by the database", "raw": "{1",
     "platform": "discourse"}]');
select results_eq(
    $$select state, failure from triage.dead_letter
       where platform = 'discourse'$$,
    $$values ('dead', 'refused by the database')$$,
    'and is dead again when it comes again');

-- A purge.
select triage.replay_done(dead_letter_id, null)
  from triage.dead_letter where platform = 'discourse';
select is(triage.dead_letter_purge('2026-05-04 09:00+00'), 0::bigint,
    'what came later stays');
select is(triage.dead_letter_purge('2026-05-04 11:00+00'), 1::bigint,
    'what was replayed goes');
select is((select count(*)::int from triage.dead_letter), 1,
    'what nobody could read stays');
select triage.dead_letter_replay(dead_letter_id) from triage.dead_letter;
select is(triage.dead_letter_purge('2026-05-04 11:00+00', true), 0::bigint,
    'so does what waits for its replay');
select triage.replay_done(dead_letter_id, 'still not')
  from triage.dead_letter;
select is(triage.dead_letter_purge('2026-05-04 11:00+00', true), 1::bigint,
    'unless it is asked for');
select throws_ok('select triage.dead_letter_purge(null)', 'TR007',
    'before when is a time', 'never by accident');

-- The limit.
select results_eq(
    'select letters, bytes from triage_data.dead_letter_room',
    'values (0::bigint, 0::bigint)', 'letters are counted');
select throws_ok('select triage.dead_letter_limit(0, 1)', 'TR007',
    'a limit is at least 1', 'there is a limit');
select lives_ok('select triage.dead_letter_limit(2, 8)', 'of letters, bytes');
select test.file('[
    {"nothing": true, "failure": "not JSON", "raw": "{3"},
    {"nothing": true, "failure": "not JSON", "raw": "{4"}]');
select results_eq(
    'select letters, bytes from triage_data.dead_letter_room',
    'values (2::bigint, 4::bigint)', 'up to it they are kept');
select test.file('[{"nothing": true, "failure": "not JSON", "raw": "{3"}]');
select is((select count(*)::int from triage.dead_letter), 2,
    'the same bytes need no more room');
select throws_ok($$select test.file('[
    {"nothing": true, "failure": "not JSON", "raw": "{5"}]')$$,
    'TR016', 'there is no room for a dead letter',
    'a further one is refused, not lost');
select lives_ok($$select test.file('[{"message_id": "m1",
    "sent_at": "2026-05-04 09:00+00"}]')$$, 'what can be read is filed');
select triage.replay_done(dead_letter_id, null)
  from triage_data.dead_letter where raw = '{3';
select lives_ok($$select test.file('[
    {"nothing": true, "failure": "not JSON", "raw": "{5"}]')$$,
    'one that was replayed makes room');
select results_eq(
    'select raw from triage_data.dead_letter order by raw',
    $$values ('{4'::bytea), ('{5')$$, 'the oldest of those');
select throws_ok($$select test.file('[
    {"nothing": true, "failure": "not JSON", "raw": "123456789"}]')$$,
    'TR016', 'there is no room for a dead letter', 'bytes count as well');

select * from finish();
rollback;
