-- Engagement that comes later raises visibility, at most once a doubling, and
-- may bring a deadline nearer; nothing is ever pushed back.

begin;
select plan(38);

select set_config('triage.now', '2026-05-04 12:00+00', true);

create function test.seen(message_id text, out visibility numeric,
                          out queue text, out respond interval)
language sql
as $$
    select m.visibility::numeric, m.queue, m.due_at - m.clock_at
      from triage_data.message as m
     where m.message_no = test.message(seen.message_id);
$$;

create function test.adds_up(message_id text)
returns boolean
language sql
as $$
    select coalesce(sum(t.visibility), 0) = max(m.visibility::numeric)
           and coalesce(sum(t.urgency), 0) = max(m.urgency::numeric)
      from triage_data.message as m
     cross join triage_data.terms_of(m.terms) as t
     where m.message_no = test.message(adds_up.message_id);
$$;

-- What engagement adds, as src/score/visibility.c reckons it.
select is(triage_data.log_of(n), l, 'ln(1 + ' || n || ')')
  from (values (-1::numeric, 0::bigint), (0, 0), (1, 693), (2, 1039),
               (3, 1386), (1000, 6898), (1e18, 27720)) as v(n, l);
select is(triage_data.engaged_points('public',
        '{"likes": 1, "replies": 2, "shares": 3}'), 2572::bigint,
    'a share weighs as much as four likes, a reply as two');
select is(triage_data.engaged_points('private', '{"likes": 9}'), 0::bigint,
    'in private nobody sees it');

-- A plea in public: urgency 85, seen by few.
select test.file('[
    {"message_id": "p", "sent_at": "2026-05-04 11:00+00", "urgency": 85,
     "visibility": 45, "queue": "urgent", "kind": "mention",
     "terms": [{"signal": "base", "urgency": 85, "visibility": 0},
               {"signal": "audience", "urgency": 0, "visibility": 33},
               {"signal": "followers_unknown", "urgency": 0,
                "visibility": 12}],
     "engagement": {"rises": [{"visibility": 60, "queue": "crisis"}]}}]');

create function test.react(name text, engagement json default null)
returns int4[]
language sql
as $$
    select test.file(json_build_array(json_build_object(
               'message_id', 'p', 'event_id', react.name, 'author_id', react.name,
               'kind', 'reaction', 'sent_at', '2026-05-04 11:30+00',
               'engagement', react.engagement))::jsonb);
$$;

select test.react('r1');
select is(visibility, 51.23, 'somebody reacts: one like') from test.seen('p');
select is(queue, 'urgent', 'it waits where it waited') from test.seen('p');
select ok(test.adds_up('p'), 'the terms add up');
select test.react('r1');
select is(visibility, 51.23, 'once') from test.seen('p');
select test.react('r2');
select is(visibility, 51.23, 'two are no doubling of 1 + 1')
  from test.seen('p');
select is((select engagement ->> 'likes' from triage_data.message as m
            where m.message_no = test.message('p')), '2', 'but are counted');
select test.react('r3');
select is(visibility, 57.47, 'three are') from test.seen('p');
select test.react('s1', '{"shares": 2}');
select is(visibility, 66.82, 'shares, where the platform counts them')
  from test.seen('p');
select is(queue, 'crisis', 'bring it where the routes say')
  from test.seen('p');
select is(respond, interval '15 minutes', 'with its deadline')
  from test.seen('p');
select is((select queue from triage.inbox), 'crisis', 'in the inbox too');
select is((select due_at from triage.inbox),
    '2026-05-04 11:15+00'::timestamptz, 'counted from when it was said');
select is((select visibility::numeric from triage.inbox), 66.82,
    'and seen there');
select ok(test.adds_up('p'), 'the terms still add up');
select test.react('s2', '{"shares": 1, "likes": 0}');
select is(visibility, 66.82, 'fewer are not believed') from test.seen('p');

-- The same message again, with more; with less; edited.
select test.file('[
    {"message_id": "p", "sent_at": "2026-05-04 11:00+00", "urgency": 85,
     "visibility": 45, "queue": "standard", "kind": "mention",
     "engagement": {"likes": 300}}]');
select is(visibility, 93.82, 'delivered again with 300 likes')
  from test.seen('p');
select is(queue, 'crisis', 'where it is') from test.seen('p');
select test.file('[
    {"message_id": "p", "event_id": "e1", "sent_at": "2026-05-04 11:40+00",
     "urgency": 20, "visibility": 40, "queue": "standard", "kind": "edit",
     "text": "never mind", "engagement": {"likes": 2},
     "terms": [{"signal": "base", "urgency": 20, "visibility": 0},
               {"signal": "audience", "urgency": 0, "visibility": 33},
               {"signal": "link", "urgency": 0, "visibility": -2.88},
               {"signal": "engagement", "urgency": 0, "visibility": 9.88}]}]');
select cmp_ok(visibility, '>', 80::numeric, 'an edit does not forget them')
  from test.seen('p');
select ok(test.adds_up('p'), 'the terms of the new words add up');
select is(respond, interval '15 minutes', 'nor does it gain time')
  from test.seen('p');

-- What nobody waits for, and what is private.
select test.file('[
    {"message_id": "d", "thread_id": "d", "sent_at": "2026-05-04 11:00+00",
     "audience": "private", "kind": "message", "visibility": 0,
     "terms": [{"signal": "base", "urgency": 10, "visibility": 0}]},
    {"message_id": "d", "event_id": "x", "kind": "reaction",
     "sent_at": "2026-05-04 11:01+00", "engagement": {"shares": 1000}},
    {"message_id": "nothing", "event_id": "y", "kind": "reaction",
     "sent_at": "2026-05-04 11:01+00"}]');
select is(visibility, 0::numeric, 'private stays private')
  from test.seen('d');

-- Whatever comes in whatever order: a property.
create function test.broken(seed double precision)
returns text
language plpgsql
as $$
declare
    id text := 'q' || seed;
    step int;
    chance double precision;
    counts jsonb;
    before record;
    after record;
    rises int := 0;
    most numeric := 0;
    said text;
begin
    perform setseed(seed);
    said := (array['public', 'limited', 'private'])[1 + floor(random() * 3)];
    perform test.file(json_build_array(json_build_object(
        'message_id', id, 'thread_id', id, 'audience', said,
        'kind', 'mention', 'sent_at', '2026-05-04 11:00+00',
        'urgency', 50, 'visibility', case said when 'private' then 0 else 20
                                     end, 'queue', 'standard',
        'terms', json_build_array(
            json_build_object('signal', 'base', 'urgency', 50,
                              'visibility', case said when 'private' then 0
                                            else 20 end)),
        'engagement', json_build_object('rises', json_build_array(
            json_build_object('visibility', 30 + 60 * random(),
                              'queue', 'urgent'),
            json_build_object('visibility', 90, 'queue', 'crisis'))))
        )::jsonb);

    for step in 1 .. 25 loop
        select m.due_at, m.visibility, c.due_at as waits, m.engagement
          into before
          from triage_data.message as m
          join triage_data.conversation as c
            on c.conversation_id = m.conversation_id
         where m.message_no = test.message(id);
        chance := random();
        counts := case
                  when random() < 0.3 then null
                  else jsonb_build_object(
                      (array['likes', 'replies', 'shares'])
                          [1 + floor(random() * 3)],
                      floor(exp(random() * 8)) - 1)
                  end;
        perform test.file(json_build_array(json_build_object(
            'message_id', id, 'thread_id', id, 'audience', said,
            'engagement', counts, 'urgency', 50, 'visibility', 0,
            'queue', 'standard',
            'terms', '[{"signal": "base", "urgency": 50}]'::json)::jsonb
            || case
            when chance < 0.6 then jsonb_build_object(
                'kind', 'reaction', 'event_id', id || step,
                'sent_at', '2026-05-04 11:30+00')
            when chance < 0.9 then jsonb_build_object(
                'kind', 'mention', 'sent_at', '2026-05-04 11:00+00')
            else jsonb_build_object(
                'kind', 'edit', 'event_id', id || step,
                'sent_at', timestamptz '2026-05-04 11:00+00'
                           + step * interval '1 minute')
            end)::jsonb);
        select m.due_at, m.visibility, c.due_at as waits, m.engagement
          into after
          from triage_data.message as m
          join triage_data.conversation as c
            on c.conversation_id = m.conversation_id
         where m.message_no = test.message(id);

        if after.due_at > before.due_at or after.waits > before.waits then
            return format('step %s pushed a deadline back', step);
        end if;
        if after.waits <> after.due_at then
            return format('step %s: message and conversation differ', step);
        end if;
        if chance < 0.9 and after.visibility < before.visibility then
            return format('step %s lowered visibility', step);
        end if;
        if said = 'private' and after.visibility <> 0 then
            return format('step %s: private is seen', step);
        end if;
        if not test.adds_up(id) then
            return format('step %s: the terms do not add up', step);
        end if;
        if after.visibility <> before.visibility and chance < 0.9 then
            rises := rises + 1;
        end if;
        most := greatest(most, (
            select sum(case k.key when 'likes' then 1 when 'replies' then 2
                       else 4 end * (k.value)::numeric)
              from jsonb_each_text(after.engagement::jsonb - 'rises') as k));
        if chance >= 0.9 then
            rises := 0; -- new words begin anew
        end if;
        if rises > floor(log(2, 1 + most)) + 1 then
            return format('step %s: more often than once a doubling', step);
        end if;
    end loop;
    return null;
end
$$;

select is(test.broken(n / 8.0), null, 'sequence ' || n)
  from generate_series(1, 8) as n;

select * from finish();
rollback;
