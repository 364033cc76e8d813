-- Warnings before a deadline is missed, escalations after it: once a wait.

begin;
select no_plan();

select triage.sync('{"hours": [
    {"name": "office", "zone": "Europe/Berlin", "dates": {},
     "week": [[[540, 1020]], [[540, 1020]], [[540, 1020]], [[540, 1020]],
              [[540, 1020]], [], []]}],
  "queues": [
    {"name": "crisis", "respond": 900, "weight": 8},
    {"name": "urgent", "respond": 3600, "weight": 4, "warn": 25,
     "escalate": "crisis"},
    {"name": "office", "respond": 14400, "weight": 2, "hours": "office",
     "next": 7200, "warn": 50, "escalate": "urgent"},
    {"name": "standard", "respond": 86400, "weight": 1}]}');

create function pg_temp.at(text)
returns text
language sql
as $$select set_config('triage.now', $1, true)$$;

create temp view alerts as
select string_agg(kind || ' ' || queue || coalesce('>' || to_queue, ''),
                  ', ' order by alert_id) as alerts
  from triage.alert;

-- Monday.
select pg_temp.at('2026-05-04 09:00+00');
select test.file('[{"message_id": "a", "queue": "urgent",
                    "sent_at": "2026-05-04 09:00+00"}]');
select test.tick();
select is_empty('select * from triage.alert', 'there is time');
select pg_temp.at('2026-05-04 09:44:59+00');
select test.tick();
select is_empty('select * from triage.alert', 'until a quarter is left');
select pg_temp.at('2026-05-04 09:45+00');
select test.tick();
select is(
    (select concat_ws('|', kind, queue, to_queue,
                      (raised_at at time zone 'UTC')::time,
                      (waiting_since at time zone 'UTC')::time,
                      (due_at at time zone 'UTC')::time, waiting, platform,
                      brand, account)
       from triage.alert),
    'warning|urgent|09:45:00|09:00:00|10:00:00|t|facebook|acme|page',
    'then there is a warning');
select is((select warned from triage.inbox), true, 'which the inbox shows');
select pg_temp.at('2026-05-04 09:50+00');
select test.tick();
select test.file('[{"message_id": "b", "queue": "urgent",
                    "sent_at": "2026-05-04 09:50+00"}]');
select test.tick();
select is((select alerts from alerts), 'warning urgent', 'once a wait');

select pg_temp.at('2026-05-04 10:00+00');
select test.tick();
select is((select alerts from alerts),
          'warning urgent, escalation urgent>crisis',
          'what missed its deadline goes to another queue');
select is(
    (select concat_ws('|', queue, (due_at at time zone 'UTC')::time,
                      contacts)
       from triage.inbox),
    'crisis|10:00:00|2', 'with the deadline that it missed');
select pg_temp.at('2026-05-04 11:00+00');
select test.file('[{"message_id": "c", "queue": "standard",
                    "sent_at": "2026-05-04 10:30+00"},
                   {"message_id": "c", "event_id": "e", "kind": "edit",
                    "queue": "standard", "sent_at": "2026-05-04 10:31+00"}]');
select test.tick();
select is((select queue from triage.inbox), 'crisis',
    'where it stays, whatever else is worked out');
select is((select count(*)::int from triage.alert), 2, 'once a wait, too');

select triage.reply(test.conversation('a'), 'ann');
select is((select bool_or(waiting) from triage.alert), false,
    'an alert shows that the wait is over');
select pg_temp.at('2026-05-04 12:00+00');
select test.file('[{"message_id": "d", "queue": "urgent",
                    "sent_at": "2026-05-04 12:00+00"}]');
select pg_temp.at('2026-05-04 12:50+00');
select test.tick();
select is((select count(*)::int from triage.alert), 3,
    'the next wait has its own');
select triage.reply(test.conversation('a'), 'ann');
select pg_temp.at('2026-05-04 15:00+00');
select test.tick();
select is((select count(*)::int from triage.alert), 3,
    'what is answered is not escalated');

-- A worker that was away: what is late already is not warned of.
select test.file('[{"message_id": "e", "queue": "urgent",
                    "thread_id": "late",
                    "sent_at": "2026-05-04 13:00+00"}]');
select test.tick();
select is((select string_agg(kind, ', ') from triage.alert
            where conversation_id = test.conversation('e')),
    'escalation', 'what comes too late is escalated');

-- In business hours, 9 to 17 in Berlin: four hours are due on Tuesday at
-- 11:00 (09:00 UTC), and two of them are left when the office closes.
delete from triage_data.alert;
select test.file('[{"message_id": "f", "queue": "office",
                    "thread_id": "office",
                    "sent_at": "2026-05-04 13:00+00"}]');
select is((select due_at from triage.inbox
            where conversation_id = test.conversation('f')),
    '2026-05-05 09:00+00', 'a target counts in business hours');
select pg_temp.at('2026-05-04 14:59:59+00');
select test.tick();
select is((select alerts from alerts), null, 'so does the share of it');
select pg_temp.at('2026-05-04 15:00+00');
select test.tick();
select is((select alerts from alerts), 'warning office',
    'that is left at closing time');
select triage.reply(test.conversation('f'), 'ann');

-- Two hours for the second response: one is left at 10:00.
delete from triage_data.alert;
select pg_temp.at('2026-05-05 07:00+00');
select test.file('[{"message_id": "g", "queue": "office",
                    "thread_id": "office",
                    "sent_at": "2026-05-05 07:00+00"}]');
select is((select due_at from triage.inbox
            where conversation_id = test.conversation('g')),
    '2026-05-05 09:00+00', 'the next response has a target of its own');
select pg_temp.at('2026-05-05 07:59+00');
select test.tick();
select is((select alerts from alerts), null,
    'half of which is more than half of the other');
select pg_temp.at('2026-05-05 08:00+00');
select test.tick();
select is((select alerts from alerts), 'warning office',
    'and a share of its own');
select pg_temp.at('2026-05-05 09:00+00');
select test.tick();
select test.tick();
select is((select alerts from alerts),
    'warning office, escalation office>urgent', 'one hop, and no further');
select pg_temp.at('2026-05-05 12:00+00');
select test.tick();
select is((select alerts from alerts),
    'warning office, escalation office>urgent', 'not later either');

select * from finish();
rollback;
