-- How many wait: counted at each look while they are few, once a minute where
-- they are many.

begin;
select plan(10);

select set_config('triage.now', '2026-05-04 12:00+00', true);

create function pg_temp.fill(queue text, brand text, people int4,
                             due_at timestamptz)
returns void
language sql
as $$
    insert into triage_data.conversation
           (conversation_id, waiting_since, due_at, contacts, queue,
            platform, brand, account, thread_id, customer, audience)
    select gen_random_uuid(), fill.due_at - interval '1 hour', fill.due_at,
           1, fill.queue, 'x', fill.brand, 'page', n::text, n::text,
           'public'
      from generate_series(1, fill.people) as n;
$$;

create function pg_temp.shown(queue text)
returns text
language sql
as $$
    select q.length || ' ' || q.late
      from triage.queue as q
     where q.queue = shown.queue;
$$;

select pg_temp.fill('urgent', 'acme', 2, '2026-05-04 11:00+00');
select pg_temp.fill('public', 'acme', 700, '2026-05-04 11:00+00');
select pg_temp.fill('public', 'other', 500, '2026-05-04 13:00+00');
select is(pg_temp.shown('public'), '1200 700',
    'a long queue that was not counted yet is counted');

update triage_data.conversation
   set lease_until = '2026-05-04 13:00+00', claimed_by = 'ann'
 where conversation_id in (select conversation_id
                             from triage_data.conversation
                            where queue = 'public'
                            limit 10);
select triage_data.count_waiting('0');
select results_eq(
    'select queue, brand, length, late from triage_data.waiting order by 2',
    $$values ('public' collate "C", 'acme' collate "C", 700::bigint,
              700::bigint),
             ('public', 'other', 500, 0)$$,
    'only long queues are counted beforehand, whoever holds what');

select pg_temp.fill('public', 'acme', 300, '2026-05-04 11:00+00');
select pg_temp.fill('urgent', 'acme', 1, '2026-05-04 13:00+00');
select is(pg_temp.shown('public'), '1200 700', 'then it shows that');
select is(pg_temp.shown('urgent'), '3 2', 'and a short queue what there is');

select set_config('triage.now', '2026-05-04 12:04+00', true);
select is(pg_temp.shown('public'), '1500 1000',
    'what was counted long ago does not count');

select triage_data.count_waiting('0');
select is(pg_temp.shown('public'), '1500 1000', 'until it is counted again');

-- So many at a time: deliveries wait for a tick.
select set_config('triage.now', '2026-05-04 12:04:30+00', true);
update triage_data.conversation
   set lease_until = null
 where queue = 'public'
   and brand = 'acme'
   and lease_until is not null;
select triage_data.count_waiting(case n when 1 then '0' else '1 hour'
                                 end::interval, 500)
  from generate_series(1, 3) as n;
select is((select string_agg(format('%s %s %s', brand, length, next_length),
                             ', ' order by brand)
             from triage_data.waiting),
    'acme 1000 1000, other 500 500', 'a very long queue in slices');
select triage_data.count_waiting('1 hour', 500);
select results_eq(
    'select brand, counted_at, length, late
       from triage_data.waiting order by 1',
    $$values ('acme' collate "C", '2026-05-04 12:04:30+00'::timestamptz,
              1000::bigint, 1000::bigint),
             ('other', '2026-05-04 12:04:30+00', 500, 0)$$,
    'until all are counted');

delete from triage_data.conversation where queue = 'public';
select is(pg_temp.shown('public'), '0 0', 'a queue that was long is short');
select set_config('triage.now', '2026-05-04 12:05+00', true);
select triage_data.count_waiting('0');
select is((select count(*)::int from triage_data.waiting), 0,
    'and its count is forgotten');

select * from finish();
rollback;
