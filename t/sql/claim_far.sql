-- Claims past more than a claim steps over: what is held, and languages that
-- the agent does not speak.

begin;
select plan(8);

select set_config('triage.now', '2026-05-04 12:00+00', true);

create function pg_temp.fill(queue text, brand text, language text,
                             people int4, first_due_at timestamptz)
returns void
language sql
as $$
    insert into triage_data.conversation
           (conversation_id, waiting_since, due_at, latest_at, latest_no,
            urgent_at, urgent_no, contacts, queue, language, platform,
            brand, account, thread_id, customer, audience)
    select gen_random_uuid(), t.due_at - q.respond, t.due_at,
           t.due_at - q.respond, 1, t.due_at - q.respond, 1, 1, q.queue,
           fill.language, 'x', fill.brand, 'page', n::text, n::text, 'public'
      from generate_series(0, fill.people - 1) as n
     cross join lateral (
           select fill.first_due_at + n * interval '1 second' as due_at) as t
      join triage_data.queue as q
        on q.queue = fill.queue;
$$;

create function pg_temp.claimed(agent text, quantity int4 default 1)
returns text
language sql
as $$
    select string_agg(format('%s %s %s', c.queue, c.brand,
                             to_char(c.due_at at time zone 'UTC',
                                     'HH24:MI:SS')), ', ')
      from triage.claim(claimed.agent, quantity => claimed.quantity) as c;
$$;

select pg_temp.fill('urgent', 'acme', 'en', 300, '2026-05-04 12:10+00');
select pg_temp.fill('urgent', 'acme', 'fi', 2, '2026-05-04 12:20+00');
select pg_temp.fill('urgent', 'other', 'fi', 2, '2026-05-04 12:19:59.5+00');
select pg_temp.fill('urgent', 'acme', 'fi', 1, '2026-05-04 11:59+00');
select pg_temp.fill('public', 'acme', 'en', 300, '2026-05-04 11:00+00');
select pg_temp.fill('public', 'acme', 'fi', 1, '2026-05-04 11:30+00');
select triage.set_agent('aino', languages => '{fi}');

select setval('triage_data.claim_number', 1, false);
select is(pg_temp.claimed('aino', 3),
    'urgent other 12:19:59, urgent acme 12:20:00, urgent other 12:20:00',
    'who speaks a rare language gets what is soon, brand or not');
select is(pg_temp.claimed('aino'), 'urgent acme 12:20:01', 'one by one');
select is(pg_temp.claimed('aino', 10),
    'urgent acme 11:59:00, public acme 11:30:00',
    'then what is late, the heaviest first');
select is(pg_temp.claimed('aino'), null, 'and nothing else');

select is((select count(*)::int from triage.claim('bob', quantity => 200)),
    200, 'many are held');
select setval('triage_data.claim_number', 1, false);
select is(pg_temp.claimed('carl', 2),
    'urgent acme 12:13:00, urgent acme 12:13:01', 'and passed by');
update triage_data.setting set repay_every = 1;
select matches(pg_temp.claimed('carl'), '^public acme 11:00:',
    'what is late, too');
select is((select count(*)::int
             from (select conversation_id
                     from triage.claim('dora', quantity => 1000)
                   union all
                   select conversation_id
                     from triage_data.conversation
                    where claimed_by <> 'dora') as c),
    606, 'until each is claimed, once');

select * from finish();
rollback;
