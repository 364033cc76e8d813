-- Who writes while a queue is closed shares a deadline with all others who do:
-- who has waited longest comes first.

begin;
select plan(8);

select triage.sync('{"hours": [
    {"name": "office", "zone": "Europe/Berlin", "dates": {},
     "week": [[[540, 1020]], [[540, 1020]], [[540, 1020]], [[540, 1020]],
              [[540, 1020]], [], []]}],
  "queues": [
    {"name": "office", "respond": 3600, "weight": 1, "hours": "office"},
    {"name": "shop", "respond": 3600, "weight": 1, "hours": "office"}]}');

-- One an hour from Friday evening to Sunday night, in no order, in two queues
-- by turns, some of them in a rare language.
select test.file(jsonb_agg(jsonb_build_object(
           'message_id', n, 'thread_id', n, 'queue',
           case when n % 2 = 0 then 'office' else 'shop' end,
           'language', case when n % 10 = 4 then 'fi' else 'de' end,
           'sent_at', timestamptz '2026-05-08 18:00+00'
                      + n * interval '1 hour')
           order by md5(n::text)))
  from generate_series(0, 49) as n;

-- A claim's conversations, by the hour they were written in.
create function pg_temp.claimed(agent text, quantity int4)
returns int4[]
language sql
as $$
    select array_agg((extract(epoch from c.waiting_since
                                  - timestamptz '2026-05-08 18:00+00')
                      / 3600)::int4
                     order by c.ordinality)
      from triage.claim(claimed.agent, quantity => claimed.quantity)
           with ordinality as c;
$$;

select set_config('triage.now', '2026-05-11 07:05+00', true);
select is((select count(distinct due_at) from triage.inbox), 1::bigint,
    'all are due at the same time');
select is((select oldest_wait from triage.queue where queue = 'office'),
    '2 days 13:05:00', 'the longest wait is shown');
select is(pg_temp.claimed('ann', 5), '{0,1,2,3,4}',
    'the longest wait comes first, in whichever queue');
select triage.set_agent('aino', languages => '{fi}');
select is(pg_temp.claimed('aino', 2), '{14,24}', 'in one language, too');
select is(pg_temp.claimed('ann', 12), '{5,6,7,8,9,10,11,12,13,15,16,17}',
    'what others have is passed by');

-- Beside so many leases that what is ready is looked up by itself.
insert into triage_data.conversation
       (conversation_id, waiting_since, due_at, latest_at, latest_no,
        urgent_at, urgent_no, contacts, queue, platform, brand, account,
        thread_id, customer, audience, claimed_by, lease_until)
select gen_random_uuid(), t.at, '2026-05-11 08:00+00', t.at, 1, t.at, 1, 1,
       q.queue, 'x', 'acme', 'page', n::text, n::text, 'public', 'bob',
       '2026-05-12 09:00+00'
  from generate_series(1, 300) as n
 cross join triage_data.queue as q
 cross join lateral (
       select timestamptz '2026-05-08 17:00+00' + n * interval '1 second'
                  as at) as t
 where q.queue in ('office', 'shop');
select is(pg_temp.claimed('ann', 3), '{18,19,20}', 'beside many leases, too');

select set_config('triage.now', '2026-05-11 09:05+00', true);
select is(pg_temp.claimed('carl', 3), '{0,1,2}',
    'and when all of it is late, and no lease holds');
select is(pg_temp.claimed('carl', 50) <@ array(select generate_series(-1, 49)),
    true, 'until nobody is left');

select * from finish();
rollback;
