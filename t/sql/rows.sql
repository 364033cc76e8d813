-- Who sees which brand's and queue's rows: in each view, through each
-- function.  Everything of another brand has "zen" in it.

begin;
select no_plan();

create role lead_acme login in role triage_reader;
create role lead_urgent login in role triage_reader;
create role lead_both login in role triage_reader;
create role lead_none login in role triage_reader;
create role lead_all login in role triage_reader;
create role agent_acme login in role triage_agent;
create role agent_urgent login in role triage_agent;
create role admin_acme login in role triage_admin;
create role admin_urgent login in role triage_admin;
create role team_acme in role triage_reader;
create role member login in role team_acme, triage_reader;
create role doorman login noinherit in role lead_acme, lead_both;

select set_config('triage.now', '2026-05-04 12:00+00', true);
select test.file('[
    {"message_id": "a1", "thread_id": "a1", "queue": "urgent",
     "text": "acme urgent", "author_id": "al", "language": "en",
     "author_followers": 7, "sent_at": "2026-05-04 09:00+00"},
    {"message_id": "a2", "thread_id": "a2", "queue": "standard",
     "text": "acme standard", "author_id": "bo",
     "sent_at": "2026-05-04 09:00+00"},
    {"message_id": "a3", "thread_id": "a3", "queue": "urgent",
     "text": "acme answered", "author_id": "cy",
     "sent_at": "2026-05-04 09:00+00"},
    {"message_id": "a4", "thread_id": "a3", "author_id": "page",
     "kind": "echo", "sent_at": "2026-05-04 09:30+00"},
    {"nothing": true, "failure": "not JSON", "raw": "{acme"},
    {"message_id": "z1", "thread_id": "zen1", "queue": "urgent",
     "brand": "zen", "account": "zen", "text": "zen urgent",
     "author_id": "zen al", "language": "zen", "author_followers": 8,
     "platform": "zen", "sent_at": "2026-05-04 09:00+00"},
    {"message_id": "z2", "thread_id": "zen2", "queue": "standard",
     "brand": "zen", "account": "zen", "text": "zen standard",
     "author_id": "zen bo", "platform": "zen",
     "sent_at": "2026-05-04 09:00+00"},
    {"message_id": "z3", "thread_id": "zen3", "queue": "urgent",
     "brand": "zen", "account": "zen", "text": "zen answered",
     "author_id": "zen cy", "platform": "zen", "language": "zen",
     "sent_at": "2026-05-04 09:00+00"},
    {"message_id": "z4", "thread_id": "zen3", "author_id": "zen",
     "brand": "zen", "account": "zen", "kind": "echo", "platform": "zen",
     "sent_at": "2026-05-04 09:30+00"},
    {"nothing": true, "failure": "not zen", "raw": "{zen", "brand": "zen",
     "platform": "zen"}]');

-- Something in each view, of both brands and of both queues.
select triage.retriage(test.message(m), 50, m || ' zen', agent => 'zen ' || m)
  from unnest(array['z1', 'z2']) as m;
select triage.retriage(test.message(m), 50, m, agent => 'ann')
  from unnest(array['a1', 'a2']) as m;
select triage.promise(test.conversation(m), 'ann', '2026-05-05', m)
  from unnest(array['a1', 'a2', 'a3']) as m;
select triage.promise(test.conversation(m), 'zen', '2026-05-05', 'zen' || m)
  from unnest(array['z1', 'z2', 'z3']) as m;
select triage.handoff(test.conversation(m), 'ann')
  from unnest(array['a1', 'a2']) as m;
select triage.handoff(test.conversation(m), 'zen')
  from unnest(array['z1', 'z2']) as m;
select triage.erase('zen', 'zen nobody');
insert into triage_data.pick
       (conversation_id, picked_at, waiting_since, due_at, passed_over, agent,
        queue, platform, brand)
select i.conversation_id, triage.now(), i.waiting_since, i.due_at, 1, 'ann',
       i.queue, i.platform, i.brand
  from triage.inbox as i;

select triage.allow('lead_acme', 'acme');
select triage.allow('lead_urgent', queue => 'urgent');
select triage.allow('lead_both', 'acme', 'standard');
select triage.allow('lead_both', 'zen', 'urgent');
select triage.allow('lead_none', 'nobody');
select triage.allow('agent_acme', 'acme');
select triage.allow('agent_urgent', queue => 'urgent');
select triage.allow('admin_acme', 'acme');
select triage.allow('admin_urgent', queue => 'urgent');
select triage.allow('team_acme', 'acme');
select triage.allow('lead_all');

-- How many rows of each view a role sees whose text matches, as
-- {view: rows}; a view that it has no right to is left out.
create function pg_temp.seen(role text, pattern text default '')
returns jsonb
language plpgsql
as $$
declare
    noun text;
    number int;
    seen jsonb := '{}';
begin
    for noun in
        select relname
          from pg_class
         where relnamespace = 'triage'::regnamespace
           and relkind = 'v'
           and has_table_privilege(seen.role, oid, 'select')
    loop
        execute format('set local role %I', seen.role);
        execute format(
            'select count(*) from triage.%1$I as n where n::text ~ %2$L',
            noun, pattern)
           into number;
        reset role;
        seen := seen || jsonb_build_object(noun, number);
    end loop;
    return seen;
end
$$;

-- The others' rows.
select is_empty(
    format($$select * from jsonb_each(pg_temp.seen('%s', 'zen'))
              where value <> '0'$$, role),
    role || ' sees nothing of another brand, in no view')
  from unnest(array['lead_acme', 'agent_acme', 'admin_acme', 'team_acme',
                    'member', 'lead_none']) as role;
select is_empty(
    $$select * from jsonb_each(pg_temp.seen('lead_none', 'acme|ann'))
       where value <> '0'$$, 'who is allowed what is not there sees nothing');
select is(pg_temp.seen('lead_all'), pg_temp.seen('triage_reader'),
    'who is allowed all sees all');
select isnt_empty(
    $$select * from jsonb_each(pg_temp.seen('lead_all', 'zen'))
       where key = 'inbox' and value <> '0'$$, 'of every brand');

-- And their own, in each view that has something of a brand to show.
select is_empty(
    format($$select * from jsonb_each(pg_temp.seen('%s'))
              where key in ('inbox', 'queue', 'response_time', 'fairness',
                            'promise_due', 'handoff_due', 'correction')
                and value = '0'$$, role),
    role || ' sees its own in each view')
  from unnest(array['lead_acme', 'agent_acme', 'admin_acme', 'member',
                    'lead_urgent']) as role;
select is(pg_temp.seen('lead_acme', 'not JSON') -> 'dead_letter', '1',
    'a brand''s dead letters, too');
select is(pg_temp.seen('lead_urgent') -> 'dead_letter', '0',
    'which are in no queue');
select is(pg_temp.seen('admin_acme') -> 'erasure', '0',
    'an erasure is of no brand: not shown');
select is(pg_temp.seen('admin_acme') -> 'allowance', '0',
    'nor who sees what');

set local role lead_urgent;
select bag_eq('select text from triage.inbox',
    $$values ('acme urgent'), ('zen urgent')$$, 'a queue, of all brands');
select bag_eq('select queue::text from triage.queue', $$values ('urgent')$$,
    'and nothing of other queues');
set local role lead_both;
select bag_eq('select text from triage.inbox',
    $$values ('acme standard'), ('zen urgent')$$,
    'allowances add up, and are of both a brand and a queue');
set local role lead_acme;
select is((select sum(length)::int from triage.queue), 2,
    'a queue is as long as its rows that are seen');
select is((select sum(responses)::int from triage.response_time), 1,
    'and reports count those alone');
reset role;

-- A conversation's words go along when it changes the queue.
select triage.retriage(test.message('z2'), 90, 'worse', queue => 'urgent');
set local role lead_urgent;
select is((select text from triage.inbox where text = 'zen standard'),
    'zen standard', 'what was moved to a queue is seen there, with its words');
reset role;

-- Views that are not of one brand.
select triage.set_agent('both zen', queues => '{standard,urgent}');
select triage.set_agent('zen', queues => '{standard}');
select triage.set_agent('any');
insert into triage_data.forecast
       (queue, forecast_at, waiting, arrivals_per_hour, answers_per_hour,
        agents, capacity_per_hour, lost, wait_p50, wait_p90)
select q, triage.now(), 2, 3, 4, 5, 6, 0, interval '6 minutes',
       interval '7 minutes'
  from unnest(array['urgent', 'standard']) as q;
insert into triage_data.forecast_day (queue, day, published, held)
select q, '2026-05-04', 10, 9
  from unnest(array['urgent', 'standard']) as q;
insert into triage_data.spike
       (began_at, expected, messages, kind, brand, subject, queues)
values (triage.now(), 1, 20, 'phrase', 'acme', 'urgent', '{urgent}'),
       (triage.now(), 1, 20, 'phrase', 'acme', 'standard', '{standard}'),
       (triage.now(), 1, 20, 'phrase', 'acme', 'answered', '{standard,urgent}');
set local role lead_urgent;
select results_eq('select subject from triage.spike',
    $$values ('urgent' collate "C")$$,
    'who sees a queue sees the spikes that are all in there');
select is((select spike from triage.inbox where text = 'acme urgent'),
    'urgent', 'in the inbox, too');
select results_eq('select agent, queues from triage.agent order by agent',
    $$values ('any' collate "C", null::text[] collate "C"),
             ('both zen', '{urgent}')$$,
    'who works in a queue is seen there, and no other queue is named');
select results_eq(
    'select queue, waiting, agents from triage.forecast',
    $$values ('urgent' collate "C", 2, 5)$$,
    'who sees a queue sees its forecast');
set local role lead_acme;
select is((select count(*)::int from triage.spike), 3,
    'who sees a brand, all of its');
select results_eq(
    $$select waiting is null and arrivals_per_hour is null
             and answers_per_hour is null and agents is null, wait_p90
        from triage.forecast where queue = 'urgent'$$,
    $$values (true, interval '7 minutes')$$,
    'who sees a brand, how long it will wait, but not how many do');
select results_eq(
    $$select published, held, share from triage.forecast_record
       where queue = 'urgent'$$,
    $$values (null::int, null::int, 0.9::real)$$,
    'and how often that held');
select is((select count(*)::int from triage.agent), 3,
    'agents are of no brand: each works for all in the queue');
reset role;

-- A function that tells what it is called with learns nothing either: the
-- policy is asked first.
create table test.told (text text);
create function test.tell(text) returns boolean language plpgsql
cost 0.0000001 as $$
begin
    insert into test.told values ($1);
    return true;
end
$$;
grant usage on schema test to public;
grant all on test.told to public;
grant execute on function test.tell(text) to public;
set local role lead_acme;
select count(*) from triage.inbox where test.tell(text);
select count(*) from triage.dead_letter where test.tell(brand);
select count(*) from triage.promise_due where test.tell(note);
select count(*) from triage.handoff_due where test.tell(author_id);
select count(*) from triage.response_time where test.tell(platform);
reset role;
select isnt_empty('select * from test.told', 'a function in a condition');
select is_empty($$select * from test.told where text ~ 'zen'$$,
    'is never called with another brand''s row');
truncate test.told;
set local role lead_urgent;
select count(*) from triage.inbox where test.tell(text);
select count(*) from triage.promise_due where test.tell(note);
reset role;
select is_empty($$select * from test.told where text ~ 'acme standard|a2'$$,
    'nor another queue''s');
truncate test.told;
set local role admin_acme;
select count(*) from triage.correction where test.tell(why);
reset role;
select is_empty($$select * from test.told where text ~ 'zen'$$,
    'whatever the view');

-- Logins, and the roles they can set.
set session authorization lead_acme;
select is_empty($$select from triage.inbox where brand = 'zen'$$,
    'a login sees what its role sees');
set role triage_reader;
select is_empty($$select from triage.inbox where brand = 'zen'$$,
    'and no more as a group that it is a member of');
select isnt_empty($$select from triage.inbox where brand = 'acme'$$,
    'but no less');
reset role;
reset session authorization;
set session authorization doorman;
set role lead_acme;
select bag_eq('select brand::text from triage.inbox',
    $$values ('acme'), ('acme')$$,
    'a server that takes on roles sees what each of them sees');
set role lead_both;
select bag_eq('select text from triage.inbox',
    $$values ('acme standard'), ('zen urgent'), ('zen standard')$$,
    'one and the other');
reset role;
reset session authorization;

-- Every function for agents and admins that takes a row.
create temp table wrong (call text, errcode text, said text);
create function pg_temp.call(role text, conversation uuid, message bigint,
                             letter bigint)
returns setof wrong
language plpgsql
as $$
declare
    verb record;
    state text;
    said text;
begin
    for verb in
        select p.oid::regprocedure::text as name,
               format('select * from triage.%I(%s)', p.proname,
                      string_agg(a.name || ' => ' || case a.name
                          when 'conversation' then quote_literal(call.conversation)
                          when 'message' then call.message::text
                          when 'dead_letter_id' then call.letter::text
                          when 'urgency' then '50'
                          when 'quantity' then '1'
                          else case format_type(a.type, null)
                               when 'text' then '''ann'''
                               when 'timestamp with time zone' then '''2026-05-30'''
                               when 'interval' then '''1 hour'''
                               when 'boolean' then 'false'
                               else 'null'
                               end
                          end, ', ')) as call
          from pg_proc as p
         cross join lateral (
               select n.name, t.type, n.ordinality
                 from unnest(p.proargnames) with ordinality as n(name)
                 join unnest(p.proargtypes::oid[]) with ordinality as t(type)
                   on t.ordinality = n.ordinality
                where n.ordinality <= p.pronargs - p.pronargdefaults) as a
         where p.pronamespace = 'triage'::regnamespace
           and has_function_privilege(call.role, p.oid, 'execute')
           and p.proargnames && array['conversation', 'message',
                                      'dead_letter_id']
         group by p.oid, p.proname
    loop
        state := 'none';
        said := '';
        begin
            execute format('set local role %I', call.role);
            execute verb.call;
        exception
            when others then
                state := sqlstate;
                said := sqlerrm;
        end;
        reset role;
        return next row(verb.name, state, said);
    end loop;
end
$$;
create temp table before as
select (select jsonb_agg(to_jsonb(c) order by c.conversation_id)
          from triage_data.conversation as c) as conversation,
       (select jsonb_agg(to_jsonb(d) order by d.dead_letter_id)
          from triage_data.dead_letter as d) as dead_letter,
       (select jsonb_agg(to_jsonb(p) order by p.promise_id)
          from triage_data.promise as p) as promise;
create temp table called as
select role, c.*
  from unnest(array['agent_acme', 'admin_acme']) as role
 cross join lateral pg_temp.call(role, test.conversation('z1'),
           test.message('z1'), (select dead_letter_id
                                  from triage_data.dead_letter
                                 where brand = 'zen')) as c;
select cmp_ok((select count(*)::int from called), '>=', 13,
    'every function that takes a row');
select is(errcode, 'TR011', format('%s refuses %s another brand''s row', call, role))
  from called;
select is_empty($$select * from called where said ~ 'zen|urgent'$$,
    'and does not say whose it is');
select results_eq('select * from before',
    $$select (select jsonb_agg(to_jsonb(c) order by c.conversation_id)
                from triage_data.conversation as c),
             (select jsonb_agg(to_jsonb(d) order by d.dead_letter_id)
                from triage_data.dead_letter as d),
             (select jsonb_agg(to_jsonb(p) order by p.promise_id)
                from triage_data.promise as p)$$,
    'and nothing is changed');

set local role admin_acme;
select throws_ok($$select triage.erase('zen', 'zen al')$$, 'TR011', null,
    'who sees a brand does not erase from all');
select throws_ok($$select triage.retain('13 months')$$, 'TR011', null,
    'nor retain');
set local role admin_urgent;
select throws_ok($$select triage.set_agent('ann', '{standard}')$$, 'TR011',
    null, 'nor give somebody a queue that it does not see');
set local role admin_acme;
select throws_ok($$select triage.allow('admin_acme')$$, 'TR011', null,
    'nor allow itself more');
select throws_ok($$select triage.disallow('lead_all')$$, 'TR011', null,
    'nor others less');

-- Claims.
set local role agent_acme;
select bag_eq($$select text from triage.claim('ann', quantity => 100)$$,
    $$values ('acme urgent'), ('acme standard')$$,
    'an agent is given the conversations of its brand');
select is_empty($$select * from triage.claim('ann')$$, 'and no others');
select lives_ok($$select triage.explain(message_no) from triage.inbox$$,
    'and can ask why');
select lives_ok($$select triage.renew(conversation_id, 'ann'),
                         triage.reply(conversation_id, 'ann')
                    from triage.inbox$$, 'and can answer');
set local role agent_urgent;
select throws_ok($$select triage.claim('ann', '{standard}')$$, 'TR011', null,
    'another queue is refused by its name');
select bag_eq($$select text from triage.claim('ann', quantity => 100)$$,
    $$values ('zen urgent'), ('zen standard')$$,
    'and not given to who claims of all');
reset role;

-- Giving and taking.
select throws_ok($$select triage.allow('no such role', 'acme')$$, 'TR007',
    null, 'a role that there is not');
select throws_ok($$select triage.allow('lead_acme', '')$$, 'TR007', null,
    'a brand without a name');
select throws_ok($$select triage.allow('lead_acme', 'acme', 'nowhere')$$,
    'TR004', null, 'a queue that there is not');
select is(triage.disallow('lead_acme', 'zen'), false,
    'what was not given is not taken');
select is(triage.disallow('lead_acme', 'acme'), true, 'what was given is');
select is(pg_temp.seen('lead_acme') -> 'inbox',
          pg_temp.seen('triage_reader') -> 'inbox',
    'who has no allowance of its own has the group''s');
select triage.disallow('triage_reader');
select is(pg_temp.seen('lead_acme') -> 'inbox', '0',
    'and nothing when the group has none');
select is(pg_temp.seen('lead_both') -> 'inbox', '2',
    'while others keep theirs');

-- So that nothing new is forgotten.
select is_empty(
    $$select c.relname
        from pg_class as c
       where c.relnamespace = 'triage'::regnamespace
         and c.relkind = 'v'
         and c.relowner <> 'triage_view'::regrole$$,
    'every view belongs to a role that row-level security holds for');
select is_empty(
    $$select c.relname
        from pg_class as c
       where c.relnamespace = 'triage_data'::regnamespace
         and c.relkind in ('r', 'p')
         and not c.relispartition
         and not c.relrowsecurity
         and exists (select
                       from pg_attribute as a
                      where a.attrelid = c.oid
                        and a.attname in ('brand', 'queue',
                                          'conversation_id'))$$,
    'every table with something of a brand or a queue has a policy');
select is_empty(
    $$select c.relname
        from pg_class as c
       where c.relnamespace = 'triage_data'::regnamespace
         and c.relforcerowsecurity$$,
    'the owner, whom the functions run as, is not slowed down');

select * from finish();
rollback;
