-- For t/sql/claim_front.t: random things, and the same question twice.

create table test.checked (step int, done text, is_ahead boolean);
create table test.thing (thing text);
insert into test.thing (thing)
values ('message'), ('late message'), ('claim'), ('reply'), ('release'),
       ('snooze'), ('retriage'), ('refer'), ('echo'), ('edit'), ('delete'),
       ('hand up'), ('pick'), ('let go'), ('close'), ('message and echo'), ('lapse'), ('engage');

create function test.any_conversation(held boolean)
returns triage_data.conversation
language sql
as $$
    select c.*
      from triage_data.conversation as c
     where (c.lease_until > triage.now()) is true = any_conversation.held
       and c.waiting_since is not null
     order by random()
     limit 1;
$$;

create function test.any_message(kinds text[])
returns triage_data.message
language sql
as $$
    select m.*
      from triage_data.message as m
     where m.kind = any (any_message.kinds)
     order by random()
     limit 1;
$$;

-- One thing; what cannot be done is not.
create function test.do_something(thing text, step int)
returns boolean
language plpgsql
as $$
declare
    queue constant text := (array['crisis', 'urgent', 'public', 'standard'])
        [1 + floor(4 * random())];
    agent constant text := 'agent ' || floor(4 * random());
    thread constant int := floor(25 * random());
    c constant triage_data.conversation := test.any_conversation(
        thing in ('reply', 'release') or thing = 'refer' and random() < 0.5);
    holder constant text := coalesce(c.claimed_by, agent);
    m triage_data.message;
begin
    case
    when thing in ('message', 'late message') then
        perform test.file(jsonb_build_array(jsonb_build_object(
            'message_id', 'm' || step, 'thread_id',
            case when random() < 0.4 then coalesce(c.thread_id, 't')
                 else 't' || thread
            end,
            'queue', queue, 'language',
            (array['en', 'fi', null])[1 + floor(3 * random())],
            'sent_at', triage.now() - random()
                * case when thing = 'message' then interval '5 seconds'
                       else interval '20 hours' end,
            'received_at', triage.now())));
    when thing = 'claim' then
        perform triage.claim(agent, quantity => 1 + floor(3 * random())::int);
    when thing = 'reply' then
        perform triage.reply(c.conversation_id, c.claimed_by);
    when thing = 'release' then
        perform triage.release(c.conversation_id, c.claimed_by);
    when thing = 'snooze' then
        perform triage.snooze(c.conversation_id, agent,
            triage.now() + random() * interval '10 minutes');
    when thing = 'retriage' then
        m := test.any_message('{comment}');
        perform triage.retriage(m.message_no, 90, 'a test', queue);
    when thing = 'refer' then
        perform triage.refer(c.conversation_id, holder,
            case when random() < 0.5 then c.queue else queue end);
    when thing = 'echo' then
        perform test.file(jsonb_build_array(jsonb_build_object(
            'message_id', 'e' || step, 'kind', 'echo', 'author_id', 'page',
            'thread_id', c.thread_id,
            'sent_at', triage.now() - random() * interval '1 minute')));
    when thing = 'message and echo' then
        perform test.file(jsonb_build_array(
            jsonb_build_object(
                'message_id', 'm' || step, 'thread_id', 't' || thread,
                'queue', queue, 'sent_at', triage.now()),
            jsonb_build_object(
                'message_id', 'e' || step, 'kind', 'echo',
                'author_id', 'page', 'thread_id', c.thread_id,
                'sent_at', triage.now())));
    when thing in ('edit', 'delete') then
        m := test.any_message('{comment,echo}');
        perform test.file(jsonb_build_array(jsonb_build_object(
            'message_id', m.message_id, 'event_id', 'x' || step,
            'kind', thing, 'thread_id', m.thread_id,
            'author_id', m.author_id, 'queue', queue,
            'urgency', 80, 'sent_at', triage.now())));
    when thing = 'hand up' then
        perform
           from triage_data.conversation as l
          where l.conversation_id = c.conversation_id
            for update;
        perform triage_data.hand_up(array[c.conversation_id], queue);
    when thing = 'pick' then
        perform triage.pick(c.conversation_id, agent);
    when thing = 'let go' then
        perform triage_data.let_go(agent);
        update triage_data.conversation as k
           set kept_for = agent,
               kept_until = triage.now() + interval '10 minutes'
         where k.conversation_id = c.conversation_id;
    when thing = 'close' then
        perform triage.close(c.conversation_id, agent);
    when thing = 'lapse' then
        perform triage_data.wake();
    when thing = 'engage' then
        m := test.any_message('{comment}');
        perform test.file(jsonb_build_array(jsonb_build_object(
            'message_id', m.message_id, 'event_id', 'r' || step,
            'kind', 'reaction', 'thread_id', m.thread_id,
            'engagement', jsonb_build_object('likes', 5000, 'rises',
                jsonb_build_array(jsonb_build_object(
                    'visibility', 1, 'queue', 'crisis'))),
            'author_id', 'fan' || step, 'sent_at', triage.now())));
    end case;
    return true;
exception
    when sqlstate 'TR001' or sqlstate 'TR002' or sqlstate 'TR003'
         or sqlstate 'TR005' or sqlstate 'TR007' then
        return false;
end
$$;

-- Who would be claimed, one after the other: by the front, and by the book.
create function test.check_front(step int, done text)
returns void
language plpgsql
stable
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
#variable_conflict use_column
declare
    most constant int := 6;
    now constant timestamptz := triage.now();
    soon constant timestamptz := now + interval '30 minutes';
    front constant triage_data.front := triage_data.front_at(now);
    languages constant text[] := case when step % 3 = 0 then '{fi}' end;
    asked record;
    passed text[];
    passed_at timestamptz[];
    passed_since timestamptz[];
    passed_id uuid[];
    next record;
    found uuid[];
    wanted uuid[];
begin
    for asked in
        select q.queue, s.is_late
          from triage_data.queue as q
         cross join (values (false), (true)) as s(is_late)
    loop
        found := '{}';
        passed := '{}';
        while cardinality(found) < most loop
            next := triage_data.head(
                array[asked.queue], languages, null, asked.is_late, now,
                soon, front, passed, passed_at, passed_since, passed_id);
            exit when next.due_at is null;
            passed := array[next.place];
            passed_at := array[next.due_at];
            passed_since := array[next.waiting_since];
            passed_id := array[next.conversation_id];
            found := found || next.conversation_id;
        end loop;

        wanted := array(
            select c.conversation_id
              from triage_data.conversation as c
             where c.queue = asked.queue
               and c.waiting_since is not null
               and c.lease_until is null
               and c.snoozed_until is null
               and c.kept_until is null
               and (languages is null
                    or c.language = ''
                    or c.language = any (languages))
               and (c.due_at < now) = asked.is_late
             order by c.due_at, c.waiting_since, c.conversation_id
             limit most);
        if found <> wanted then
            raise exception 'step % (%), %: % instead of %; %',
                  step, done, asked, found, wanted, front;
        end if;
    end loop;
end
$$;

create procedure test.note(anew boolean default false)
language plpgsql
as $$
begin
    perform triage_data.wake();
    perform triage_data.note_front(0, note.anew);
    perform triage_data.tell_news();
    commit;
end
$$;

create procedure test.shuffle(steps int, seed float8)
language plpgsql
as $$
declare
    things constant text[] := array(
        select t.thing from test.thing as t order by t.thing);
    step int := 0;
    tried int := 0;
    thing text;
begin
    -- As test.configure has it, but for a queue in which what comes is worked
    -- out anew.
    perform triage.sync('{"commit": "on", "queues": [
        {"name": "crisis", "respond": 900, "weight": 8},
        {"name": "urgent", "respond": 3600, "weight": 4},
        {"name": "public", "respond": 14400, "weight": 2, "next": 600},
        {"name": "standard", "respond": 86400, "weight": 1}]}');
    perform setseed(shuffle.seed);
    perform set_config('triage.now', '2026-05-04 12:00+00', false);
    call test.note(true);
    while step < steps loop
        tried := tried + 1;
        -- At first enough people, then about as many as are answered.
        thing := case when step < 40 or random() < 0.3 then 'message'
                      when random() < 0.2 then 'claim'
                      else things[1 + floor(cardinality(things) * random())]
                 end;
        if not test.do_something(thing, tried) then
            commit;
            continue;
        end if;
        commit;

        step := step + 1;
        perform test.check_front(step, thing);
        insert into test.checked (step, done, is_ahead)
        select step, thing, exists (
               select
                 from triage_data.front_at(triage.now()) as f
                where triage.now() < any (f.soon_at));
        commit;
        if random() < 0.4 then
            call test.note();
            perform test.check_front(step, 'note');
        end if;
        perform set_config('triage.now',
            (triage.now() + random() * interval '40 seconds')::text, false);
    end loop;
end
$$;

-- Many who wait, by turns in four queues, in one of them all since the same
-- moment.
create procedure test.fill(quantity int)
language sql
as $$
    insert into triage_data.conversation
           (conversation_id, waiting_since, due_at, latest_at, latest_no,
            urgent_at, urgent_no, contacts, queue, platform, brand, account,
            thread_id, customer, audience)
    select md5(n::text)::uuid, t.at, t.at + q.respond, t.at, n, t.at, n, 1,
           q.queue, 'x', 'acme', 'page', n::text, n::text, 'public'
      from generate_series(1, fill.quantity) as n
      join (select row_number() over (order by queue) - 1 as number, *
              from triage_data.queue) as q
        on q.number = n % 4
     cross join lateral (
           select timestamptz '2026-05-04 11:50+00'
                  + q.number * n * interval '0.05 seconds' as at) as t;
$$;

-- So many are claimed and answered, by many agents.
create procedure test.work(quantity int)
language plpgsql
as $$
begin
    for n in 1 .. work.quantity / 20 loop
        perform triage.reply(c.conversation_id, 'agent ' || n)
           from triage.claim('agent ' || n, quantity => 20) as c;
        commit;
    end loop;
end
$$;
