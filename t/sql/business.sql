-- What business hours mean beyond deadlines: the order of claims, reports, and
-- what the configuration must be.

begin;
select no_plan();

select triage.sync('{"hours": [
    {"name": "office", "zone": "Europe/Berlin", "dates": {},
     "week": [[[540, 1020]], [[540, 1020]], [[540, 1020]], [[540, 1020]],
              [[540, 1020]], [], []]}],
  "queues": [
    {"name": "urgent", "respond": 3600, "weight": 1},
    {"name": "office", "respond": 14400, "weight": 1, "hours": "office",
     "next": 7200, "resolve": 28800}]}');

-- Friday 16:00 in Berlin to Monday 13:00: 69 hours, five of them open, are
-- 1.25 targets; two hours of one are 2.
select set_config('triage.now', '2026-05-11 11:00+00', true);
select test.file('[
    {"message_id": "o", "queue": "office", "thread_id": "o",
     "sent_at": "2026-05-08 14:00+00"},
    {"message_id": "u", "queue": "urgent", "thread_id": "u",
     "sent_at": "2026-05-11 09:00+00"}]');
select is((select c.conversation_id from triage.claim('ann') as c),
    test.conversation('u'), 'in the order of claims, nights do not count');

select set_config('triage.now', '2026-05-11 06:59+00', true);
select is((select opens_at from triage.queue where queue = 'office'),
    '2026-05-11 07:00+00', 'a queue shows when it opens');
select set_config('triage.now', '2026-05-11 11:00+00', true);
select is((select concat_ws('|', opens_at, next_target, resolve_target, hours)
             from triage.queue where queue = 'office'),
    '02:00:00|08:00:00|office', 'and not when it is open');
select is((select concat_ws('|', opens_at, next_target, resolve_target, hours)
             from triage.queue where queue = 'urgent'),
    '', 'as it is round the clock');

-- Who waits reads the truth; the target is kept in business time.
select triage.reply(test.conversation('o'), 'ann');
select is(
    (select concat_ws('|', p50, share_in_time) from triage.response_time
      where queue = 'office' and response = 'first'),
    '2 days 21:00:00|0', 'a wait is told in the customer''s time');
select is(
    (select counted from triage_data.answer where queue = 'office'),
    '05:00', 'beside what counts of it');
select test.file('[
    {"message_id": "n", "queue": "office", "thread_id": "n",
     "sent_at": "2026-05-08 14:30+00"}]');
select set_config('triage.now', '2026-05-11 10:30+00', true);
select test.file('[
    {"message_id": "e", "kind": "echo", "author_id": "page",
     "thread_id": "n", "sent_at": "2026-05-11 10:30+00"}]');
select is(
    (select array_agg(answered_at <= due_at order by answered_at)
       from triage_data.answer where queue = 'office'),
    '{t,f}', 'three days later can be in time');
select triage.close(test.conversation('n'), 'ann');
select is(
    (select concat_ws('|', opened_at at time zone 'UTC', waited, counted,
                      target)
       from triage_data.resolution),
    '2026-05-08 14:30:00|2 days 20:00:00|04:00:00|08:00:00',
    'so it is with closing');

-- A deadline is fixed when the message arrives.
select test.file('[
    {"message_id": "p", "queue": "office", "thread_id": "p",
     "sent_at": "2026-05-11 12:00+00"}]');
select triage.sync('{"queues": [
    {"name": "urgent", "respond": 3600, "weight": 1},
    {"name": "office", "respond": 60, "weight": 1}]}');
select is((select due_at from triage.inbox
            where conversation_id = test.conversation('p')),
    '2026-05-12 08:00+00', 'other hours hold for what comes later');
select is_empty('select * from triage_data.hours',
    'hours that no queue has are gone');
select is_empty('select * from triage_data.open_span', 'with their spans');

-- A message to a queue that there is not: the longest target's hours.
select triage.sync('{"hours": [
    {"name": "office", "zone": "Europe/Berlin", "dates": {},
     "week": [[[540, 1020]], [], [], [], [], [], []]}],
  "queues": [
    {"name": "urgent", "respond": 3600, "weight": 1},
    {"name": "office", "respond": 14400, "weight": 1, "hours": "office"}]}');
select test.file('[
    {"message_id": "q", "queue": "nowhere", "thread_id": "q",
     "sent_at": "2026-05-11 12:00+00"}]');
select is((select due_at from triage.inbox
            where conversation_id = test.conversation('q')),
    '2026-05-18 08:00+00', 'an unknown queue is that one');

-- A retired queue keeps its hours while anything may wait in it.
select triage.sync('{"queues": [
    {"name": "urgent", "respond": 3600, "weight": 1}]}');
select is((select hours from triage_data.queue where queue = 'office'),
    'office', 'a retired queue keeps its hours');

-- What cannot be mirrored.
create function pg_temp.refused(hours text, queue text, why text)
returns text
language sql
as $$
    select throws_like(
        format('select triage.sync(%L)', '{"hours": [' || hours
               || '], "queues": [{"name": "a", "respond": 1, "weight": 1'
               || queue || '}]}'),
        why, queue || hours);
$$;
create temp table week as
select '[[[540, 1020]], [], [], [], [], [], []]' as days;

select pg_temp.refused('', ', "hours": "office"', '%"a" needs hours%');
select pg_temp.refused('', ', "warn": 100', '%a warn of 1 to 99%');
select pg_temp.refused('', ', "next": 0', '%targets over 0%');
select pg_temp.refused('', ', "resolve": -1', '%targets over 0%');
select pg_temp.refused('', ', "escalate": "b"', '%queue to escalate to%');
select pg_temp.refused('', ', "escalate": "a"', '%queue to escalate to%');
select pg_temp.refused(
    '{"name": "o", "zone": "Europe/Berlim", "week": ' || days || '}', '',
    '%"o": there is no time zone "Europe/Berlim"%')
  from week;
select pg_temp.refused(
    '{"name": "", "zone": "UTC", "week": ' || days || '}', '',
    '%a name of their own%')
  from week;
select pg_temp.refused(
    '{"name": "o", "zone": "UTC", "week": ' || days || '}, '
    || '{"name": "o", "zone": "UTC", "week": ' || days || '}', '',
    '%a name of their own%')
  from week;
select pg_temp.refused('{"name": "o", "zone": "UTC", "week": ' || w || '}',
                       '', '%need spans for the days of a week%')
  from unnest(array['[]', '[[], [], [], [], [], [], []]', '7',
                    '[[[540, 540]], [], [], [], [], [], []]',
                    '[[[-1, 540]], [], [], [], [], [], []]',
                    '[[[0, 1441]], [], [], [], [], [], []]',
                    '[[[0, null]], [], [], [], [], [], []]']) as w;
select throws_ok(
    $$select triage.sync('{"hours": [{"name": "o", "zone": "no"}],
        "queues": [{"name": "a", "respond": 1, "weight": 1}]}')$$,
    'TR009', null, 'an error of our own');

select * from finish();
rollback;
