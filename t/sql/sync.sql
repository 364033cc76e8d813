-- What the module says at its start.

begin;
select plan(27);

select is(triage_data.make_partitions('message', 'sent_at',
        date_trunc('month', now() at time zone 'UTC'), 4), 0,
    'partitions are made ahead');
select is((select count(*)::int from pg_inherits
            where inhparent = 'triage_data.message'::regclass), 5,
    'four months, and one for the rest');
select is_empty(
    $$select p.attrelid::regclass, p.attname
        from pg_inherits as i
        join pg_attribute as a
          on a.attrelid = i.inhparent
        join pg_attribute as p
          on p.attrelid = i.inhrelid
         and p.attname = a.attname
       where i.inhparent in ('triage_data.message'::regclass,
                             'triage_data.delivery'::regclass)
         and (p.attcompression, p.attstorage)
             <> (a.attcompression, a.attstorage)$$,
    'they are compressed like their table');
select is_empty(
    $$select c.relname
        from pg_inherits as i
        join pg_index as x
          on x.indrelid = i.inhrelid
        join pg_class as c
          on c.oid = x.indexrelid
       where i.inhparent in ('triage_data.message'::regclass,
                             'triage_data.delivery'::regclass)
         and not x.indisunique
         and not coalesce(c.reloptions @> '{deduplicate_items=off}', false)$$,
    'no index looks for entries that are alike');

select lives_ok($$select triage.sync('{"commit": "local", "queues": [
    {"name": "a", "respond": 60, "weight": 2, "overflow": "b"},
    {"name": "b", "respond": 0.5, "weight": 1}]}')$$, 'queues are mirrored');
select results_eq(
    'select queue, target, weight, overflow from triage.queue order by 1',
    $$values ('a' collate "C", interval '1 minute', 2, 'b' collate "C"),
             ('b', '0.5 seconds', 1, null)$$,
    'others are not shown any more');
select is((select commit from triage_data.setting), 'local',
    'the level of the promise is kept');

create temp table before as
select ctid as place from triage_data.setting;
select triage.sync('{"commit": "local", "queues": [
    {"name": "a", "respond": 60, "weight": 2, "overflow": "b"},
    {"name": "b", "respond": 0.5, "weight": 1}]}');
select results_eq('select ctid from triage_data.setting',
    'select place from before', 'the same again writes nothing');

select test.file('[
    {"message_id": "m1", "queue": "a", "sent_at": "2026-05-04 09:00+00"}]');
select triage.sync('{"queues": [
    {"name": "b", "respond": 30, "weight": 1}]}');
select results_eq('select queue, length, retired from triage.queue order by 1',
    $$values ('a' collate "C", 1::bigint, true), ('b', 0, false)$$,
    'a queue that is no longer configured stays while anything waits in it');
select is((select queue from triage.claim('ann', '{a}')), 'a',
    'and can be claimed from');
select is(triage.reply(test.conversation('m1'), 'ann'), true,
    'when that is answered');
select results_eq('select queue from triage.queue',
    $$values ('b' collate "C")$$, 'it is gone');
select triage.sync('{"queues": [
    {"name": "a", "respond": 90, "weight": 1}]}');
select results_eq('select queue, target, retired from triage.queue',
    $$values ('a' collate "C", interval '90 seconds', false)$$,
    'and can come back');
select test.file('[
    {"message_id": "m2", "queue": "b", "sent_at": "2026-05-04 10:00+00"}]');
select is((select queue from triage.inbox), 'b',
    'a worker with an older configuration still files');

select throws_ok(format('select triage.sync(%L)', config), 'TR009', null,
                 'refused: ' || config)
  from (values ('{}'), ('[]'), ('{"queues": []}'), ('{"queues": {}}'),
               ('{"queues": [{"name": "a", "respond": 60}]}'),
               ('{"queues": [{"name": "a", "respond": 0, "weight": 1}]}'),
               ('{"queues": [{"name": "", "respond": 1, "weight": 1}]}'),
               ('{"queues": [{"name": "a", "respond": 1, "weight": 0}]}'),
               ('{"commit": "off", "queues": [{"name": "a", "respond": 1, "weight": 1}]}'),
               ('{"queues": [{"name": "a", "respond": 1, "weight": 1}, {"name": "a", "respond": 2, "weight": 1}]}')
       ) as c(config);

-- A partition that is made late takes what the default one holds.
select test.file('[
    {"message_id": "m3", "author_id": "old", "thread_id": "told",
     "sent_at": "2031-02-28 23:59:59+00",
     "received_at": "2031-02-28 23:59:59+00"},
    {"message_id": "m4", "author_id": "new", "thread_id": "tnew",
     "sent_at": "2031-03-01 00:00+00",
     "received_at": "2031-03-01 00:00+00"}]');
select is(triage_data.make_partitions('message', 'sent_at', '2031-02-01', 1),
    1, 'a partition can be made late');
select results_eq($$select tableoid::regclass::text
                      from triage_data.message
                     where message_id in ('m3', 'm4') order by sent_at$$,
    $$values ('triage_data.message_2031_02'),
             ('triage_data.message_default')$$,
    'and takes what is its own');
select is(test.file('[
    {"message_id": "m3", "author_id": "old", "thread_id": "told",
     "sent_at": "2031-02-28 23:59:59+00"}]'), '{1}',
    'a redelivery still meets the first one');

select * from finish();
rollback;
