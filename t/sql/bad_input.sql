-- What agents, dashboards and the module may get wrong: each is an error of
-- our own class that says what and why, and changes nothing.

begin;
select no_plan();

create function pg_temp.state()
returns text
language sql
as $$
    select md5(string_agg(s.row, ',' order by s.row))
      from (select to_jsonb(t)::text from triage_data.conversation as t
             union all
            select to_jsonb(t)::text from triage_data.answer as t
             union all
            select to_jsonb(t)::text from triage_data.message as t
             union all
            select to_jsonb(t)::text from triage_data.promise as t
             union all
            select to_jsonb(t)::text from triage_data.handoff as t
             union all
            select to_jsonb(t)::text from triage_data.pick as t
             union all
            select to_jsonb(t)::text from triage_data.resolution as t
             union all
            select to_jsonb(t)::text from triage_data.correction as t
             union all
            select to_jsonb(t)::text from triage_data.agent as t
             union all
            select to_jsonb(t)::text from triage_data.queue as t
             union all
            select to_jsonb(t)::text from triage_data.setting as t
             union all
            select to_jsonb(t)::text from triage_data.news as t) as s(row);
$$;

create function pg_temp.refused(call text, code text, words text)
returns setof text
language plpgsql
as $$
declare
    before constant text := pg_temp.state();
    name constant text := regexp_replace(call, '\s+', ' ', 'g');
begin
    begin
        execute 'select ' || call;
        return next fail(name || ' is refused');
        return;
    exception
        when others then
            if sqlstate <> code or sqlerrm !~ words then
                return next fail(name || ' is ' || code);
                return next diag(sqlstate || ' ' || sqlerrm);
                return;
            end if;
    end;
    return next is(pg_temp.state(), before, name || ' is ' || code);
end
$$;

select set_config('triage.now', '2026-05-04 12:00+00', true);
select triage.sync('{"queues": [
    {"name": "urgent", "respond": 3600, "weight": 4},
    {"name": "old", "respond": 3600, "weight": 1}]}');
select triage.sync('{"queues": [
    {"name": "urgent", "respond": 3600, "weight": 4}]}');

-- Somebody who waits, is held by Bob, was closed, was answered, is in private.
select test.file('[
    {"message_id": "w", "author_id": "w", "thread_id": "w",
     "queue": "urgent", "sent_at": "2026-05-04 11:50+00",
     "language": "en"},
    {"message_id": "h", "author_id": "h", "thread_id": "h",
     "queue": "urgent", "sent_at": "2026-05-04 11:40+00"},
    {"message_id": "c", "author_id": "c", "thread_id": "c",
     "queue": "urgent", "sent_at": "2026-05-04 11:50+00"},
    {"message_id": "a", "author_id": "a", "thread_id": "a",
     "queue": "urgent", "sent_at": "2026-05-04 11:50+00"},
    {"message_id": "p", "author_id": "p", "thread_id": "p",
     "queue": "urgent", "sent_at": "2026-05-04 11:50+00",
     "audience": "private"}]');
select triage.close(test.conversation('c'), 'ann');
select triage.reply(test.conversation('a'), 'ann');
select triage.claim('bob');
select is((select claimed_by from triage.inbox where author_id = 'h'), 'bob',
    'Bob holds one');
select triage.set_agent('bob', capacity => 1);
select triage.set_agent('mute', languages => '{fr}');
select triage.set_agent('else', queues => '{}');

create function pg_temp.of(name text)
returns uuid
language sql
return test.conversation(name);

-- A conversation that is not there, another's, closed; nobody's name.
select pg_temp.refused(format(c.call, v.conversation, v.agent), v.code,
                       v.words)
  from (values ('triage.reply(%s, %s)'),
               ('triage.close(%s, %s)'),
               ('triage.release(%s, %s)'),
               ('triage.snooze(%s, %s, ''2026-05-05'')'),
               ('triage.promise(%s, %s, ''2026-05-05'')'),
               ('triage.handoff(%s, %s)'),
               ('triage.renew(%s, %s)'),
               ('triage.pick(%s, %s)'),
               ('triage.transfer(%s, %s, ''eve'')'),
               ('triage.refer(%s, %s, ''urgent'')')) as c(call)
 cross join (
       values ('''00000000-0000-0000-0000-000000000001''', '''ann''',
               'TR001', 'no conversation 00000000'),
              ('null', '''ann''', 'TR001', 'no conversation'),
              ('pg_temp.of(''h'')', '''ann''', 'TR002', 'another agent'),
              ('pg_temp.of(''c'')', '''ann''', 'TR003', 'closed'),
              ('pg_temp.of(''w'')', '''''', 'TR007', 'needs a name'),
              ('pg_temp.of(''w'')', 'null', 'TR007', 'needs a name')
       ) as v(conversation, agent, code, words);

-- What is past, or never comes, or takes no time.
select pg_temp.refused(format(c.call, v.at), 'TR007', v.words)
  from (values ('triage.snooze(pg_temp.of(''w''), ''ann'', %s)'),
               ('triage.promise(pg_temp.of(''w''), ''ann'', %s)'),
               ('triage.handoff(pg_temp.of(''w''), ''ann'', %s)')) as c(call)
 cross join (
       values ('''2026-05-04 11:59:59+00''', 'is past'),
              ('''2026-05-04 12:00+00''', 'is past'),
              ('''-infinity''', 'is past'),
              ('''infinity''', 'never comes')) as v(at, words);
select pg_temp.refused('triage.snooze(pg_temp.of(''w''), ''ann'', null)',
                       'TR007', 'is past');
select pg_temp.refused('triage.promise(pg_temp.of(''w''), ''ann'', null)',
                       'TR007', 'is past');
select pg_temp.refused(format(c.call, v.lease), 'TR007', v.words)
  from (values ('triage.renew(pg_temp.of(''h''), ''bob'', %s)'),
               ('triage.transfer(pg_temp.of(''h''), ''bob'', ''eve'', %s)'),
               ('triage.claim(''ann'', lease => %s)'),
               ('triage.pick(pg_temp.of(''w''), ''ann'', %s)'),
               ('triage.set_presence(''ann'', true, %s)')) as c(call)
 cross join (
       values ('''0''', 'longer than nothing'),
              ('''-1 hour''', 'longer than nothing'),
              ('null', 'longer than nothing'),
              ('''300000 years''', 'a year at most')) as v(lease, words);

-- Queues that are not there, or no longer.
select pg_temp.refused(c.call, 'TR004', c.words)
  from (values
       ('triage.claim(''ann'', ''{nowhere}'')', 'no queue "nowhere"'),
       ('triage.claim(''ann'', ''{urgent,null}'')', 'no queue'),
       ('triage.refer(pg_temp.of(''w''), ''ann'', ''nowhere'')',
        'no queue "nowhere"'),
       ('triage.refer(pg_temp.of(''w''), ''ann'', ''old'')', 'retired'),
       ('triage.retriage(test.message(''w''), 50, ''x'', ''nowhere'')',
        'no queue "nowhere"'),
       ('triage.retriage(test.message(''w''), 50, ''x'', ''old'')',
        'retired'),
       ('triage.set_agent(''ann'', ''{nowhere}'')', 'no queue "nowhere"')
       ) as c(call, words);

-- The rest.
select pg_temp.refused(c.call, c.code, c.words)
  from (values
       ('triage.reply(pg_temp.of(''w''), ''ann'', null)', 'TR007',
        'automatic or'),
       ('triage.renew(pg_temp.of(''w''), ''ann'')', 'TR002', 'no lease'),
       ('triage.transfer(pg_temp.of(''w''), ''ann'', ''eve'')', 'TR002',
        'no lease'),
       ('triage.pick(pg_temp.of(''a''), ''ann'')', 'TR002',
        'nobody waits'),
       ('triage.pick(pg_temp.of(''w''), ''mute'')', 'TR012',
        'not for the language "en"'),
       ('triage.pick(pg_temp.of(''w''), ''else'')', 'TR012',
        'not for the queue "urgent"'),
       ('triage.pick(pg_temp.of(''w''), ''bob'')', 'TR013', 'room for: 1'),
       ('triage.transfer(pg_temp.of(''h''), ''bob'', '''')', 'TR007',
        'needs a name'),
       ('triage.refer(pg_temp.of(''a''), ''ann'', ''urgent'')', 'TR002',
        'nobody waits'),
       ('triage.refer(pg_temp.of(''w''), ''ann'', null)', 'TR007',
        'to a queue'),
       ('triage.handoff(pg_temp.of(''p''), ''ann'')', 'TR010',
        'private already'),
       ('triage.claim('''')', 'TR007', 'needs a name'),
       ('triage.claim(null)', 'TR007', 'needs a name'),
       ('triage.claim(''ann'', quantity => 0)', 'TR007', '1 to 1000'),
       ('triage.claim(''ann'', quantity => 1001)', 'TR007', '1 to 1000'),
       ('triage.claim(''ann'', quantity => null)', 'TR007', '1 to 1000'),
       ('triage.retriage(7, 50, ''x'')', 'TR005', 'no message 7'),
       ('triage.retriage(null, 50, ''x'')', 'TR005', 'no message'),
       ('triage.retriage(test.message(''w''), 100.1, ''x'')', 'TR007',
        '0 to 100'),
       ('triage.retriage(test.message(''w''), ''NaN'', ''x'')', 'TR007',
        '0 to 100'),
       ('triage.retriage(test.message(''w''), null, ''x'')', 'TR007',
        '0 to 100'),
       ('triage.retriage(test.message(''w''), 50, '''')', 'TR007', 'reason'),
       ('triage.retriage(test.message(''w''), 50, ''x'', null, '''')',
        'TR007', 'needs a name'),
       ('triage.explain(7)', 'TR005', 'no message 7'),
       ('triage.set_agent('''')', 'TR007', 'needs a name'),
       ('triage.set_agent(''ann'', capacity => 0)', 'TR007', 'at least 1'),
       ('triage.set_agent(''ann'', languages => ''{English}'')', 'TR007',
        'ISO 639'),
       ('triage.set_presence(''ann'', null)', 'TR007', 'present or away'),
       ('triage.suggest_promise(''I will call tomorrow'', null, ''No/where'')',
        'TR007', 'no time zone "No/where"'),
       ('triage.report(null)', 'TR007', 'span of time'),
       ('triage.report(''2026-05-04'', ''2026-05-03'')', 'TR007',
        'span of time'),
       ('triage.report(''2026-05-01'', by => ''{colour}'')', 'TR007',
        'colour'),
       ('triage.erase(''facebook'', '''')', 'TR007', 'author'),
       ('triage.retain(''1 hour'')', 'TR007', 'a day'),
       ('triage.dead_letter_replay(7)', 'TR006', 'dead letter 7')
       ) as c(call, code, words);

-- An invitation is one at a time.
select triage.handoff(pg_temp.of('w'), 'ann');
select pg_temp.refused('triage.handoff(pg_temp.of(''w''), ''ann'')', 'TR010',
                       'invited already');

-- Configurations, which nginx checks before.
select pg_temp.refused(format('triage.sync(%L)', c.config), 'TR009', c.words)
  from (values
       (null, 'needs queues'),
       ('[]', 'needs queues'),
       ('{}', 'needs queues'),
       ('{"queues": []}', 'needs queues'),
       ('{"queues": "urgent"}', 'needs queues'),
       ('{"queues": [{"name": "", "respond": 60, "weight": 1}]}', 'a name'),
       ('{"queues": [{"name": "a", "respond": 0, "weight": 1}]}', '"a"'),
       ('{"queues": [{"name": "a", "respond": "60", "weight": 1}]}', '"a"'),
       ('{"queues": [{"name": "a", "respond": 1e300, "weight": 1}]}', '"a"'),
       ('{"queues": [{"name": "a", "respond": 60, "weight": 1.5}]}', '"a"'),
       ('{"queues": [{"name": "a", "respond": 60, "weight": 1,
                      "next": "1h"}]}', '"a"'),
       ('{"queues": [{"name": "a", "respond": 60, "weight": 1,
                      "resolve": -1}]}', '"a"'),
       ('{"queues": [{"name": "a", "respond": 60, "weight": 1,
                      "warn": 100}]}', '"a"'),
       ('{"queues": [{"name": "a", "respond": 60, "weight": 1,
                      "escalate": "b"}]}', '"a"'),
       ('{"queues": [{"name": "a", "respond": 60, "weight": 1,
                      "hours": "never"}]}', '"a"'),
       ('{"queues": [{"name": "a", "respond": 60, "weight": 1}],
          "hours": "always"}', 'hours'),
       ('{"queues": [{"name": "a", "respond": 60, "weight": 1}],
          "hours": [{"name": "h", "zone": "No/where",
                     "week": [[[0, 60]], [], [], [], [], [], []]}]}',
        'No/where'),
       ('{"queues": [{"name": "a", "respond": 60, "weight": 1}],
          "hours": [{"name": "h", "zone": "UTC", "week": [[[0, 60]]]}]}',
        'days of a week'),
       ('{"queues": [{"name": "a", "respond": 60, "weight": 1}],
          "hours": [{"name": "h", "zone": "UTC",
                     "week": [[["a", "b"]], [], [], [], [], [], []]}]}',
        'days of a week'),
       ('{"queues": [{"name": "a", "respond": 60, "weight": 1}],
          "hours": [{"name": "h", "zone": "UTC",
                     "week": [[[60, 60]], [], [], [], [], [], []]}]}',
        'days of a week')
       ) as c(config, words);

select * from finish();
rollback;
