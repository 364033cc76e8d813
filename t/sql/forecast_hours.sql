-- The forecast of a queue that closes: what is published includes the time
-- until it opens, overflow moves nothing that is due when it is open.

begin;
select plan(33);

create function pg_temp.clock(at text)
returns void
language sql
begin atomic
    select set_config('triage.now', at::timestamptz::text, true);
end;

-- Messages, one a minute from a time on.
create function pg_temp.arrive(prefix text, first int, last int, at text,
                               queue text)
returns void
language sql
begin atomic
    select test.file((
        select jsonb_agg(jsonb_build_object(
                   'message_id', prefix || n, 'thread_id', prefix || n,
                   'author_id', prefix || n, 'queue', queue,
                   'sent_at', at::timestamptz
                              + (n - first) * interval '1 minute'))
          from generate_series(first, last) as n));
end;

-- One answer every five minutes.
create function pg_temp.answer(prefix text, first int, last int, at text,
                               agent text)
returns void
language plpgsql
as $$
begin
    for n in first .. last loop
        perform set_config('triage.now', (at::timestamptz
            + (n - first) * interval '5 minutes')::text, true);
        perform triage.reply(test.conversation(prefix || n), agent);
    end loop;
end
$$;

create function pg_temp.tick()
returns void
language plpgsql
as $$
begin
    perform triage_data.observe('0');
    perform triage_data.observe('0');
    perform triage_data.foresee('0');
end
$$;

-- When the published wait of who writes now is over.
create function pg_temp.ends(queue text, what text default 'p90')
returns timestamptz
language sql
begin atomic
    select triage.now() + case ends.what when 'p50' then f.wait_p50
                                         when 'p90' then f.wait_p90
                                         else f.expected end
      from triage.forecast as f
     where f.queue = ends.queue;
end;

set timezone = 'UTC';
select triage.sync('{"hours": [
    {"name": "day", "zone": "UTC",
     "week": [[[540, 1080]], [[540, 1080]], [[540, 1080]], [[540, 1080]],
              [[540, 1080]], [], []]}],
  "queues": [
    {"name": "office", "respond": 14400, "weight": 2, "hours": "day",
     "overflow": "always"},
    {"name": "always", "respond": 14400, "weight": 1}]}');

-- Thursday, 7 May 2026.  Ann answers the office, one in five minutes, until it
-- closes; Bob, all night, the other queue.
select pg_temp.arrive('o', 1, 40, '2026-05-07 15:00', 'office');
select pg_temp.arrive('a', 1, 60, '2026-05-07 15:00', 'always');
select pg_temp.answer('o', 1, 24, '2026-05-07 15:55', 'ann');
select pg_temp.answer('a', 1, 12, '2026-05-07 16:55', 'bob');

-- Half an hour before it closes.
select pg_temp.clock('2026-05-07 17:51');
select pg_temp.tick();
select is((select agents from triage.forecast where queue = 'office'), 1,
    'somebody answers');
select is((select opens_at from triage.forecast where queue = 'office'), null,
    'it is open');
select cmp_ok(pg_temp.ends('office', 'expected'), '>',
    '2026-05-08 09:00+00'::timestamptz,
    'nine minutes before it closes, behind sixteen: not today');
select cmp_ok(pg_temp.ends('office'), '<', '2026-05-08 18:00+00'::timestamptz,
    'but tomorrow');
select cmp_ok(pg_temp.ends('always'), '<', '2026-05-08 09:00+00'::timestamptz,
    'who never closes has nothing to do with it');

-- At night.
select pg_temp.answer('a', 13, 48, '2026-05-07 18:55', 'bob');
select pg_temp.clock('2026-05-07 22:00');
select pg_temp.tick();
select is((select agents from triage.forecast where queue = 'office'), 1,
    'who answered before it closed will again');
select is((select agents from triage.forecast where queue = 'always'), 1,
    'but does not answer what never closes');
select is((select opens_at from triage.forecast where queue = 'office'),
    '2026-05-08 09:00+00'::timestamptz, 'it says when it opens');
select is((select opens_at from triage.queue where queue = 'office'),
    '2026-05-08 09:00+00'::timestamptz, 'so does the queue');
select cmp_ok(pg_temp.ends('office', 'p50'), '>',
    '2026-05-08 09:00+00'::timestamptz, 'the p50 ends when it is open');
select cmp_ok(pg_temp.ends('office'), '>=', pg_temp.ends('office', 'p50'),
    'so does the p90');
select cmp_ok(pg_temp.ends('office'), '<', '2026-05-08 18:00+00'::timestamptz,
    'tomorrow');
select cmp_ok((select wait_p90 from triage.forecast where queue = 'always'),
    '<', '4 hours'::interval, 'the other is answered at night');
select results_eq(
    $$select queue, due_at, opens_at, opens from triage.publish()
       order by 1$$,
    $$values ('always'::text, '2026-05-08 02:00+00'::timestamptz,
              null::timestamptz, null),
             ('office', '2026-05-08 13:00+00'::timestamptz,
              '2026-05-08 09:00+00'::timestamptz, 'Friday 09:00 (UTC)')$$,
    'what is published says it, too');

-- Nothing is lost: all of it is due when it is open, and there is time.
select is((select lost from triage_data.forecast
            where queue = 'office' and forecast_at = triage.now()), 0,
    'nothing is lost over night');
select triage_data.relieve('0');
select is_empty('select from triage.overflow', 'so nothing is moved');

-- What would be lost is moved to where somebody is: tomorrow at noon there
-- will have been three hours, and half of the target is two.
update triage_data.forecast
   set lost = 5, lost_through = '2026-05-08 12:00+00'
 where queue = 'office' and forecast_at = triage.now();
savepoint lost;
select triage_data.relieve('0');
select results_eq(
    $$select count(*)::int, max(due_at) <= '2026-05-08 11:00+00'
        from triage.overflow$$,
    'values (5, true)', 'what is lost is moved');
rollback to savepoint lost;

-- But not to a queue that is closed until then.
select triage.sync('{"hours": [
    {"name": "day", "zone": "UTC",
     "week": [[[540, 1080]], [[540, 1080]], [[540, 1080]], [[540, 1080]],
              [[540, 1080]], [], []]}],
  "queues": [
    {"name": "office", "respond": 14400, "weight": 2, "hours": "day"},
    {"name": "always", "respond": 14400, "weight": 1,
     "overflow": "office"}]}');
update triage_data.forecast
   set lost = case queue when 'always' then 5 else 0 end,
       lost_through = '2026-05-08 08:00+00'
 where forecast_at = triage.now();
select test.file('[{"message_id": "x", "author_id": "x", "thread_id": "x",
                    "queue": "always",
                    "sent_at": "2026-05-07 19:00+00"}]');
select triage_data.relieve('0');
select is_empty('select from triage.overflow',
    'nothing is moved to who is not there');

-- A message of tonight is answered tomorrow: the p90 held, and what is learned
-- from it is that it took so long in business hours.
select pg_temp.arrive('n', 1, 1, '2026-05-07 22:00:30', 'office');
select pg_temp.clock('2026-05-07 22:02');
select pg_temp.tick();
select is((select ends_at > '2026-05-08 09:00+00'
             from triage_data.expectation
            where conversation_id = test.conversation('n1')), true,
    'who writes at night was told of tomorrow');
select cmp_ok((select expected from triage_data.expectation
                where conversation_id = test.conversation('n1')), '<',
    7200::real, 'in business hours that is not long');
select pg_temp.clock('2026-05-08 09:30');
select triage.reply(test.conversation('n1'), 'ann');
select pg_temp.tick();
select results_eq(
    $$select published, held from triage.forecast_record
       where queue = 'office'$$,
    'values (1, 1)', 'the p90 held');
select cmp_ok((select abs(score) from triage_data.outcome
                where queue = 'office'), '<', 1.5::real,
    'and the night is no error of the forecast');

-- On Friday evening: the weekend, too.
select pg_temp.arrive('w', 1, 12, '2026-05-08 16:00', 'office');
select pg_temp.answer('w', 1, 12, '2026-05-08 16:55', 'ann');
do $$
begin
    for n in 25 .. 40 loop
        perform triage.reply(test.conversation('o' || n), 'ann');
    end loop;
end
$$;
select pg_temp.clock('2026-05-09 12:00');
select pg_temp.tick();
select is((select agents from triage.forecast where queue = 'office'), 1,
    'on Saturday it is known who will be there on Monday');
select cmp_ok(pg_temp.ends('office', 'p50'), '>=',
    '2026-05-11 09:00+00'::timestamptz, 'p50 is on Monday');
select cmp_ok(pg_temp.ends('office', 'p50'), '<',
    '2026-05-11 10:00+00'::timestamptz, 'early');
select is((select opens from triage.publish() where queue = 'office'),
    'Monday 09:00 (UTC)', 'it opens on Monday');

-- On Monday nobody comes: after an hour nothing is known any more.
select pg_temp.arrive('m', 1, 1, '2026-05-09 12:10', 'office');
select pg_temp.clock('2026-05-11 09:59');
select pg_temp.tick();
select isnt((select wait_p90 from triage.forecast where queue = 'office'),
    null, 'in the first hour they may be on their way');
select pg_temp.clock('2026-05-11 10:01');
select pg_temp.tick();
select is((select wait_p90 from triage.forecast where queue = 'office'),
    null, 'then nothing is known');
select is((select opens_at from triage.forecast where queue = 'office'),
    null, 'though it is open');

-- Where there is no forecast and nobody waits, nobody is answered before it
-- opens all the same.
select triage.close(test.conversation('m1'), 'ann');
select pg_temp.clock('2026-05-16 12:00');
select is((select forecast from triage.queue where queue = 'office'),
    '45 hours'::interval, 'nobody waits: until it opens');

-- Closed for two months: that is what it says.
select triage.sync(('{"hours": [
    {"name": "day", "zone": "UTC",
     "week": [[[540, 1080]], [[540, 1080]], [[540, 1080]], [[540, 1080]],
              [[540, 1080]], [], []],
     "dates": {' || (
         select string_agg(format('"%s": []', d::date), ', ')
           from generate_series('2026-05-16'::date, '2026-07-15',
                                interval '1 day') as d) || '}}],
  "queues": [
    {"name": "office", "respond": 14400, "weight": 2, "hours": "day"},
    {"name": "always", "respond": 14400, "weight": 1}]}')::jsonb);
select pg_temp.arrive('s', 1, 1, '2026-05-15 17:00', 'office');
select pg_temp.answer('s', 1, 1, '2026-05-15 17:05', 'ann');
select pg_temp.clock('2026-05-16 12:00');
select pg_temp.tick();
select is((select opens from triage.publish() where queue = 'office'),
    'Thursday, 16 July, 09:00 (UTC)', 'closed for months: it says the date');
select cmp_ok(pg_temp.ends('office', 'p50'), '>=',
    '2026-07-16 09:00+00'::timestamptz, 'and waits until then');
select cmp_ok(pg_temp.ends('office'), '<',
    '2026-07-16 18:00+00'::timestamptz, 'not longer');

select * from finish();
rollback;
