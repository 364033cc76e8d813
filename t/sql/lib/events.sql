-- Facts as triage.ingest would have left them, and a recount of them that has
-- nothing in common with the reports but the definition.

create table test.happened (
       n int, conversation_id uuid, at timestamptz, began timestamptz,
       queue text, platform text, brand text, agent text
);

-- One message, its answer, sometimes a resolution or an acknowledgement.
create or replace function test.happen(first int, last int)
returns void
language sql
as $$
    insert into test.happened
    select n, md5(n::text)::uuid, t.at,
           t.at - make_interval(secs => exp(h.a * 9)),
           (array['crisis', 'urgent', 'public', 'standard'])[1 + n % 4],
           (array['facebook', 'x', 'whatsapp'])[1 + n / 7 % 3],
           (array['acme', 'zen'])[1 + n / 11 % 2],
           case when n % 3 = 0 then 'agent ' || n / 3 % 9 end
      from generate_series(happen.first, happen.last) as n
     -- Random, and the same each time.
     cross join lateral (
           select ('x' || left(md5('a' || n), 6))::bit(24)::int / 16777216.0
                      as a,
                  ('x' || left(md5('b' || n), 6))::bit(24)::int / 16777216.0
                      as b) as h
     cross join lateral (
           select triage.now() - make_interval(secs => h.b * 86400 * 3) as at
           ) as t;

    insert into triage_data.message
           (message_no, delivery_id, conversation_id, sent_at, clock_at,
            due_at, received_at, urgency, visibility, kind, audience,
            platform, brand, account, message_id, author_id, queue,
            author_followers, language)
    select n, n, conversation_id, began, began, began, began, 10, 5,
           'comment', 'public', platform, brand, 'page', n::text, n::text,
           queue, case when n % 4 > 0 then n::bigint * 7919 % 1000 end,
           (array['en', 'de', null])[1 + n % 3]
      from test.happened
     where n between happen.first and happen.last;
    insert into triage_data.answer
           (conversation_id, answered_at, answered_through, waiting_since,
            due_at, contacts, first, kind, agent, queue, platform, brand,
            account)
    select conversation_id, at, at,
           case when n % 17 > 0 then began end,
           began + (select q.respond
                      from triage_data.queue as q
                     where q.queue = h.queue), 1, n % 2 = 0,
           case when n % 13 = 0 then 'close' when agent is null then 'echo'
                else 'reply' end,
           agent, queue, platform, brand, 'page'
      from test.happened as h
     where n between happen.first and happen.last;
    insert into triage_data.resolution
           (conversation_id, closed_at, closed_through, opened_at, waited,
            counted, target, agent, queue, platform, brand, account)
    select conversation_id, at, at, case when n % 10 = 0 then began end,
           at - began, case when n % 4 = 0 then (at - began) / 2 end,
           case when n % 3 = 0 then interval '1 hour' end, agent, queue,
           platform, brand, 'page'
      from test.happened
     where n % 5 = 0
       and n between happen.first and happen.last;
    insert into triage_data.acknowledgement
           (conversation_id, acknowledged_at, waiting_since, agent, queue,
            platform, brand)
    select conversation_id, at, began, 'bot', queue, platform, brand
      from test.happened
     where n % 8 = 0
       and n between happen.first and happen.last;
$$;

create or replace view test.fact as
select answered_at as at, extract(epoch from answered_at)
           - extract(epoch from waiting_since) as took,
       (answered_at <= due_at)::int as good,
       case when first then 'first' else 'next' end as response,
       queue, platform, brand, agent
  from triage_data.answer
 where waiting_since is not null and kind in ('echo', 'reply')
 union all
select closed_at, extract(epoch from waited),
       (coalesce(counted, waited) <= target)::int,
       'resolution', queue, platform, brand, agent
  from triage_data.resolution
 where opened_at is not null
 union all
select acknowledged_at, extract(epoch from acknowledged_at)
           - extract(epoch from waiting_since), null, 'automatic', queue,
       platform, brand, agent
  from triage_data.acknowledgement;

-- A percentile by hand: between the two values that it lies between.
create or replace function test.percentile(sorted numeric[], q numeric)
returns numeric
language sql
immutable
as $$
    select sorted[floor(p)::int]
           + (sorted[ceil(p)::int] - sorted[floor(p)::int])
             * (p - floor(p))
      from (select 1 + (cardinality(sorted) - 1) * q as p) as v;
$$;

create or replace function test.recount(by text[], since timestamptz,
                                        until timestamptz)
returns table (key text, responses bigint, p50 numeric, p90 numeric,
               p99 numeric, share numeric)
language sql
as $$
    select f.key, count(*),
           test.percentile(array_agg(f.took order by f.took), 0.5),
           test.percentile(array_agg(f.took order by f.took), 0.9),
           test.percentile(array_agg(f.took order by f.took), 0.99),
           sum(f.good)::numeric / count(f.good)
      from (select f.*, concat_ws('|', f.response,
                   case when 'hour' = any (by)
                        then floor(extract(epoch from f.at) / 3600) end,
                   case when 'queue' = any (by) then f.queue end,
                   case when 'platform' = any (by) then f.platform end,
                   case when 'brand' = any (by) then f.brand end,
                   case when 'agent' = any (by)
                        then coalesce(f.agent, '-') end) as key
              from test.fact as f
             where f.at >= since and f.at < until) as f
     group by f.key;
$$;

-- What differs between a report and the recount: nothing, to the
-- millisecond.
create or replace function test.differs(by text[], since timestamptz,
                                        until timestamptz)
returns table (key text, seen text, counted text)
language sql
as $$
    with said as (
    select concat_ws('|', r.response,
               floor(extract(epoch from r.hour) / 3600), r.queue, r.platform,
               r.brand, case when 'agent' = any (by)
                             then coalesce(r.agent, '-') end) as key, r.*
      from triage.report(since, until, by) as r
    )
    select key, s::text, c::text
      from said as s
      full join test.recount(by, since, until) as c using (key)
     where s.responses is distinct from c.responses
        or abs(extract(epoch from s.p50) - c.p50) > 0.001
        or abs(extract(epoch from s.p90) - c.p90) > 0.001
        or abs(extract(epoch from s.p99) - c.p99) > 0.001
        or abs(s.share_in_time - c.share) > 0.00001
        or (s.share_in_time is null) <> (c.share is null);
$$;

create or replace function test.view_differs(since timestamptz)
returns table (key text, seen text, counted text)
language sql
as $$
    with said as (
    select concat_ws('|', r.response,
               floor(extract(epoch from r.hour) / 3600), r.queue, r.platform,
               r.brand) as key, r.*
      from triage.response_time as r
     where r.hour >= since
    )
    select key, s::text, c::text
      from said as s
      full join test.recount('{hour,queue,platform,brand}', since,
                             'infinity') as c using (key)
     where s.responses is distinct from c.responses
        or abs(extract(epoch from s.p50) - c.p50) > 0.001
        or abs(extract(epoch from s.p90) - c.p90) > 0.001
        or abs(extract(epoch from s.p99) - c.p99) > 0.001
        or abs(s.share_in_time - c.share) > 0.00001
        or (s.share_in_time is null) <> (c.share is null);
$$;

create or replace function test.fairness_differs()
returns table (key text, seen text, counted text)
language sql
set enable_nestloop = off
as $$
    with waited as (
    select a.platform, extract(epoch from a.answered_at)
               - extract(epoch from a.waiting_since) as took,
           extract(epoch from a.due_at)
               - extract(epoch from a.waiting_since) as target,
           (a.answered_at <= a.due_at)::int as good,
           m.language, m.author_followers as followers
      from triage_data.answer as a
      join triage_data.message as m
        on m.conversation_id = a.conversation_id
       and m.clock_at = a.waiting_since
     where a.kind <> 'close'
    ), fewer as (
    -- How many have fewer followers, of all others.
    select v.followers,
           coalesce(sum(v.n) over (order by v.followers
               rows between unbounded preceding and 1 preceding), 0)
           / nullif(sum(v.n) over () - 1, 0) as rank
      from (select followers, count(*) as n
              from waited
             where followers is not null
             group by followers) as v
    ), counted as (
    select k.key, count(*) as responses,
           test.percentile(array_agg(w.took order by w.took), 0.5) as p50,
           test.percentile(array_agg(w.took order by w.took), 0.9) as p90,
           avg(w.good) as share,
           test.percentile(array_agg(w.took / w.target
                                     order by w.took / w.target), 0.5)
               as stretch
      from waited as w
      left join fewer as f using (followers)
     cross join lateral (
           values ('platform|' || w.platform),
                  ('language|' || coalesce(w.language, 'unknown')),
                  ('followers|' || case when f.rank is null then 'unknown'
                       else least(5, 1 + floor(5 * f.rank))::text end)
           ) as k(key)
     group by k.key
    ), said as (
    select f.dimension || '|' || f.value as key, f.*
      from triage.fairness as f
    )
    select key, s::text, c::text
      from said as s
      full join counted as c using (key)
     where s.responses is distinct from c.responses
        or abs(extract(epoch from s.p50) - c.p50) > 0.001
        or abs(extract(epoch from s.p90) - c.p90) > 0.001
        or abs(s.share_in_time - c.share) > 0.00001
        or abs(s.stretch - c.stretch) > 0.00001 * c.stretch;
$$;
