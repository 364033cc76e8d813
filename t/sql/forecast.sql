-- How long will a message that arrives now wait, and was that true?

begin;
select plan(37);

-- A time of ours, so far away that nobody else's rows matter.
create function pg_temp.at(minute float8)
returns timestamptz
language sql
return '2026-05-04 12:00+00'::timestamptz + minute * interval '1 minute';

create function pg_temp.clock(minute float8)
returns void
language sql
begin atomic
    select set_config('triage.now', pg_temp.at(minute)::text, true);
end;

-- People who write, one a minute from a minute on.
create function pg_temp.arrive(first int, last int, minute float8,
                               queue text default 'standard')
returns void
language sql
begin atomic
    select test.file((
        select jsonb_agg(jsonb_build_object(
                   'message_id', 'f' || n, 'thread_id', 'f' || n,
                   'author_id', 'p' || n, 'queue', queue,
                   'sent_at', pg_temp.at(minute + n - first)))
          from generate_series(first, last) as n));
end;

-- What triage.tick does: what is new is read by the second call.
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

select triage.sync('{"queues": [
    {"name": "standard", "respond": 86400, "weight": 1},
    {"name": "urgent", "respond": 3600, "weight": 4}]}');

-- Nobody answers: nothing is known.
select pg_temp.clock(0);
select pg_temp.tick();
select is((select count(*)::int from triage.forecast
            where wait_p50 is null and wait_p90 is null), 2,
    'while nobody answers, nothing is known');
select is((select min(agents) from triage.forecast), 0, 'of how many agents');
select is_empty('select * from triage.forecast_record', 'there is no record');

-- One agent needs six minutes for each.
select pg_temp.arrive(1, 40, -60);
do $$
begin
    for n in 1 .. 20 loop
        perform pg_temp.clock(6 * n);
        perform triage.reply(test.conversation('f' || n), 'ann');
    end loop;
end
$$;
select pg_temp.tick();
select is((select agents from triage.forecast where queue = 'standard'), 1,
    'an agent is at work');
select is((select waiting from triage.forecast where queue = 'standard'), 20,
    'twenty wait');
select is((select answers_per_hour from triage.forecast
            where queue = 'standard'), 10::real, 'ten are answered an hour');
select ok((select expected between '100 minutes' and '125 minutes'
             from triage.forecast where queue = 'standard'),
    'who comes now is behind twenty');
select ok((select expected < '7 minutes'
             from triage.forecast where queue = 'urgent'),
    'but in front of all where the deadline is near');
select ok((select bool_and(wait_p50 <= wait_p90) from triage.forecast),
    'p90 is not below p50');
select is((select target from triage.forecast where queue = 'urgent'),
    '1 hour'::interval, 'beside the target');

select is((select forecast from triage.queue where queue = 'standard'),
          (select wait_p50 from triage.forecast where queue = 'standard'),
    'the queue says the same');

-- A second agent halves it.
do $$
begin
    for n in 21 .. 25 loop
        perform pg_temp.clock(120 + 6 * (n - 20));
        perform triage.reply(test.conversation('f' || n), 'ann');
        perform triage.reply(test.conversation('f' || n + 5), 'bob');
    end loop;
end
$$;
select pg_temp.tick();
select is((select agents from triage.forecast where queue = 'standard'), 2,
    'two are at work');
select ok((select expected between '20 minutes' and '35 minutes'
             from triage.forecast where queue = 'standard'),
    'ten wait for two: half an hour');

-- What was published is judged: when the wait ends, ...
select is((select count(*)::int from triage_data.expectation), 0,
    'who came before there was a forecast could not read any');
select pg_temp.arrive(41, 41, 150);
select pg_temp.clock(151);
select pg_temp.tick();
select is((select count(*)::int from triage_data.expectation), 1,
    'who comes now can');
select pg_temp.clock(160);
select triage.reply(test.conversation('f41'), 'ann');
select pg_temp.tick();
select results_eq(
    'select queue, day, published, held, share from triage.forecast_record',
    $$values ('standard' collate "C", '2026-05-04'::date, 1, 1, 1::real)$$,
    'a wait that was not longer than the p90: it held');
select is((select count(*)::int from triage_data.outcome), 1,
    'the next forecast learns from it');
-- ... or as soon as it is longer.
select pg_temp.arrive(42, 42, 161);
select pg_temp.tick();
select pg_temp.clock(161 + 24 * 60);
select pg_temp.tick();
select results_eq(
    'select published, held, share from triage.forecast_record',
    $$values (2, 1, 0.5::real)$$,
    'who waits longer than the p90 needs no answer to be a miss');
select pg_temp.tick();
select is((select sum(published)::int from triage.forecast_record), 2,
    'once');
select triage.reply(test.conversation('f42'), 'ann');
select pg_temp.tick();
select is((select sum(published)::int from triage.forecast_record), 2,
    'the answer makes no other of it');
select is((select count(*)::int from triage_data.outcome), 2,
    'but says how far off it was');
select is((select share < 0.1 from triage_data.caution
            where queue = 'standard'), true,
    'a miss makes the next more careful');

-- What is closed is no response.
select pg_temp.arrive(43, 43, 161 + 24 * 60);
select pg_temp.clock(162 + 24 * 60);
select pg_temp.tick();
select triage.close(test.conversation('f43'), 'ann');
select pg_temp.tick();
select is((select sum(published)::int from triage.forecast_record), 2,
    'what is closed proves nothing');

-- It is forgotten after a while, the record is of 30 days.
select pg_temp.clock(40 * 24 * 60);
select is_empty('select * from triage.forecast_record',
    'the record is of 30 days');

-- Overflow: a queue of its own people, and another's who have time.
select triage.sync('{"queues": [
    {"name": "reserve", "respond": 14400, "weight": 1},
    {"name": "full", "respond": 3600, "weight": 4, "overflow": "reserve"}]}');
select set_config('triage.now', '2026-06-01 12:00+00', true);
create or replace function pg_temp.at(minute float8)
returns timestamptz
language sql
return '2026-06-01 12:00+00'::timestamptz + minute * interval '1 minute';
select pg_temp.arrive(101, 112, -90, 'full');
select pg_temp.arrive(201, 212, -90, 'reserve');
do $$
begin
    for n in 1 .. 12 loop
        perform pg_temp.clock(-60 + 5 * n);
        perform triage.reply(test.conversation('f' || 100 + n), 'ann');
        perform triage.reply(test.conversation('f' || 200 + n), 'bob');
    end loop;
end
$$;
select pg_temp.arrive(113, 142, -29, 'full');
select pg_temp.clock(1);
select pg_temp.tick();
select cmp_ok((select lost from triage_data.forecast where queue = 'full'
                order by forecast_at desc limit 1), '>', 10,
    'thirty in half an hour are too many for one');
create temp table before as
select conversation_id, due_at, waiting_since from triage.inbox
 where queue = 'full';
select triage_data.relieve('0');
select cmp_ok((select count(*)::int from triage.inbox
                where queue = 'reserve'), '>', 0,
    'some go to the other queue');
select is_empty(
    $$select conversation_id, due_at, waiting_since from before
      except
      select conversation_id, due_at, waiting_since from triage.inbox$$,
    'their clocks keep running: deadlines stay');
select results_eq(
    $$select distinct queue_before, queue, moved_at from triage.overflow$$,
    $$values ('full' collate "C", 'reserve' collate "C", pg_temp.at(1))$$,
    'it is written down');
select results_eq(
    $$select e.signal, e.urgency, e.visibility
        from (select message_no from triage.inbox
               where queue = 'reserve' limit 1) as i
       cross join lateral triage.explain(i.message_no) as e
       where e.signal = 'overflow'$$,
    $$values ('overflow', 0::real, 0::real)$$,
    'and can be seen in the explanation');
create temp table moved as
select count(*)::int as quantity from triage.overflow;
select triage_data.relieve('0');
select is((select count(*)::int from triage.overflow),
          (select quantity from moved), 'not twice by one forecast');

-- One hop, even if the other queue flows over to the first.
select triage.sync('{"queues": [
    {"name": "reserve", "respond": 14400, "weight": 1, "overflow": "full"},
    {"name": "full", "respond": 3600, "weight": 4, "overflow": "reserve"}]}');
select pg_temp.clock(4);
select pg_temp.tick();
update triage_data.forecast
   set lost = case queue when 'reserve' then 100 else 0 end,
       lost_through = pg_temp.at(60),
       capacity_per_hour = 1000
 where forecast_at = pg_temp.at(4);
select triage_data.relieve('0');
select is((select count(*)::int from triage.inbox as i
             join triage.overflow as v using (conversation_id)
            where i.queue <> 'reserve'), 0, 'nothing goes back');
select is((select count(*)::int from triage.overflow
            where queue_before = 'reserve'), 0, 'or on');

-- Nor does it when a message turns up from before: the wait is a longer one.
select test.file((
    select jsonb_agg(jsonb_build_object(
               'message_id', 'late' || n, 'thread_id', 'f' || n,
               'author_id', 'p' || n, 'queue', 'reserve',
               'sent_at', pg_temp.at(-45)))
      from generate_series(113, 142) as n
     where exists (select from triage.overflow as v
                    where v.conversation_id = test.conversation('f' || n))));
select cmp_ok((select count(*)::int from triage.inbox
                where waiting_since = pg_temp.at(-45)), '>', 0,
    'they wait for longer than was known');
select pg_temp.clock(5);
select pg_temp.tick();
update triage_data.forecast
   set lost = case queue when 'reserve' then 100 else 0 end,
       lost_through = pg_temp.at(60),
       capacity_per_hour = 1000
 where forecast_at = pg_temp.at(5);
select triage_data.relieve('0');
select is((select count(*)::int from triage.overflow
            where queue_before = 'reserve'), 0, 'but have hopped once');

-- A retired overflow, or itself, takes nothing.
select triage.sync('{"queues": [
    {"name": "full", "respond": 3600, "weight": 4, "overflow": "reserve"}]}');
select pg_temp.clock(8);
select pg_temp.tick();
select triage_data.relieve('0');
select is((select count(*)::int from triage.overflow),
          (select quantity from moved), 'a retired queue takes nothing');

select is((select count(*)::int from triage.publish()), 1,
    'what is published is of queues in use');

-- triage.tick does all of it.
select set_config('triage.now', '', true);
select triage.tick();
select is((select array_agg(chore order by chore) from triage_data.chore
            where chore in ('observe', 'foresee', 'relieve')),
    array['foresee', 'observe', 'relieve'] collate "C", 'triage.tick does it');

select * from finish();
rollback;
