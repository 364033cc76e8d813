-- Who may do what.

begin;
select no_plan();

create temp table verb (name text, ingest bool, agent bool, reader bool,
                        admin bool);
insert into verb
values ('ingest', true, false, false, false),
       ('sync', true, false, false, false),
       ('replay_next', true, false, false, false),
       ('replay_done', true, false, false, false),
       ('tick', true, false, false, false),
       ('publish', true, false, false, false),
       ('now', true, true, true, true),
       ('claim', false, true, false, false),
       ('pick', false, true, false, false),
       ('renew', false, true, false, false),
       ('release', false, true, false, false),
       ('transfer', false, true, false, false),
       ('refer', false, true, false, false),
       ('set_presence', false, true, false, false),
       ('set_agent', false, false, false, true),
       ('drop_agent', false, false, false, true),
       ('reply', false, true, false, false),
       ('close', false, true, false, false),
       ('snooze', false, true, false, false),
       ('promise', false, true, false, false),
       ('suggest_promise', false, true, false, false),
       ('handoff', false, true, false, false),
       ('retriage', false, true, false, false),
       ('explain', false, true, false, true),
       ('report', false, true, true, true),
       ('allow', false, false, false, true),
       ('disallow', false, false, false, true),
       ('dead_letter_purge', false, false, false, true),
       ('dead_letter_limit', false, false, false, true),
       ('erase', false, false, false, true),
       ('retain', false, false, false, true),
       ('dead_letter_replay', false, false, false, true),
       ('dead_letter_raw', false, false, false, true);

create temp table noun (name text, ingest bool, agent bool, reader bool,
                        admin bool);
insert into noun
values ('inbox', false, true, true, true),
       ('history', false, true, true, true),
       ('held', false, true, true, true),
       ('picked', false, true, true, true),
       ('queue', false, true, true, true),
       ('response_time', false, true, true, true),
       ('handoff_due', false, true, true, true),
       ('agent', false, true, true, true),
       ('forecast', false, true, true, true),
       ('forecast_record', false, true, true, true),
       ('overflow', false, true, true, true),
       ('spike', false, true, true, true),
       ('fairness', false, false, true, true),
       ('alert', false, true, true, true),
       ('correction', false, false, false, true),
       ('erasure', false, false, false, true),
       ('allowance', false, false, false, true),
       ('promise_due', false, true, true, true),
       ('dead_letter', false, false, true, true);

create temp view triage_role as
select unnest(array['ingest', 'agent', 'reader', 'admin']) as name;

select bag_eq(
    $$select proname::text from pg_proc
       where pronamespace = 'triage'::regnamespace$$,
    'select name from verb', 'the functions of triage');
select bag_eq(
    $$select relname::text from pg_class
       where relnamespace = 'triage'::regnamespace$$,
    'select name from noun', 'the views of triage');

select is(has_function_privilege('triage_' || r.name, p.oid, 'execute'),
          case r.name when 'ingest' then v.ingest when 'agent' then v.agent
                      when 'reader' then v.reader else v.admin end,
          format('triage_%s and triage.%s()', r.name, v.name))
  from verb as v
  join pg_proc as p
    on p.proname = v.name
   and p.pronamespace = 'triage'::regnamespace
 cross join triage_role as r;

select is(has_table_privilege('triage_' || r.name, c.oid, 'select'),
          case r.name when 'ingest' then n.ingest when 'agent' then n.agent
                      when 'reader' then n.reader else n.admin end,
          format('triage_%s and triage.%s', r.name, n.name))
  from noun as n
  join pg_class as c
    on c.relname = n.name
   and c.relnamespace = 'triage'::regnamespace
 cross join triage_role as r;

select is_empty(
    $$select n.name, r.name
        from noun as n, triage_role as r
       where has_table_privilege('triage_' || r.name, 'triage.' || n.name,
                                 'insert, update, delete, truncate')$$,
    'nobody writes to a view');
select is_empty(
    $$select c.relname, r.name
        from pg_class as c, triage_role as r
       where c.relnamespace = 'triage_data'::regnamespace
         and c.relkind in ('r', 'p', 'v')
         and has_table_privilege('triage_' || r.name, c.oid,
                 'select, insert, update, delete, truncate, references')$$,
    'nobody has a right to a table');
select is_empty(
    $$select c.relname, r.name
        from pg_class as c, triage_role as r
       where c.relnamespace = 'triage_data'::regnamespace
         and c.relkind = 'S'
         and has_sequence_privilege('triage_' || r.name, c.oid,
                                    'usage, select, update')$$,
    'nor to a sequence');
select is_empty(
    $$select r.name
        from triage_role as r
       where has_schema_privilege('triage_' || r.name, 'triage_data',
                                  'usage, create')
          or has_schema_privilege('triage_' || r.name, 'triage', 'create')$$,
    'nor to the schema of the tables');
select is_empty(
    $$select p.proname
        from pg_proc as p
       where p.pronamespace in ('triage'::regnamespace,
                                'triage_data'::regnamespace)
         and p.proacl is null$$,
    'no function is left to everybody');
select is_empty(
    $$select p.proname
        from pg_proc as p, aclexplode(p.proacl) as a
       where p.pronamespace in ('triage'::regnamespace,
                                'triage_data'::regnamespace)
         and a.grantee = 0$$,
    'nor granted to everybody');
select is_empty(
    $$select p.proname
        from pg_proc as p
       where p.prosecdef
         and not coalesce(p.proconfig, '{}')
                 @> '{"search_path=pg_catalog, pg_temp"}'$$,
    'what runs as the owner has a search_path of its own');
select is_empty(
    $$select r.rolname
        from pg_roles as r
       where r.rolname ~ '^triage_'
         and (r.rolcanlogin or r.rolsuper or r.rolcreaterole
              or r.rolcreatedb or r.rolbypassrls)$$,
    'the roles are groups without powers');
select is_empty(
    $$select 1
        from pg_auth_members as m
        join pg_roles as r
          on r.oid = m.member
       where r.rolname ~ '^triage_'$$,
    'and siblings');

-- And it works: as each role, through the rights it has.
select test.configure();
grant usage on schema test to public;
grant execute on all functions in schema test to public;

set local role triage_ingest;
select lives_ok($$select test.configure()$$, 'the module can sync');
select lives_ok($$select test.file('[
    {"message_id": "m1", "sent_at": "2026-05-04 09:00+00"},
    {"message_id": "m1", "event_id": "e1", "kind": "edit",
     "sent_at": "2026-05-04 09:01+00"},
    {"message_id": "m3", "kind": "echo", "author_id": "page",
     "sent_at": "2026-05-04 08:01+00"},
    {"message_id": "m4"},
    {"nothing": true, "failure": "not JSON", "raw": "{"}]')$$,
    'and file messages of every kind');
select lives_ok('select * from triage.replay_next(1)', 'and replay');
select lives_ok('select triage.tick()', 'and does what time demands');
select throws_ok('select * from triage.inbox', '42501', null,
    'but not read the inbox');
select throws_ok('select * from triage_data.message', '42501', null,
    'nor a table');

set local role triage_agent;
select isnt_empty('select * from triage.inbox', 'an agent sees the inbox');
select isnt_empty('select * from triage.queue', 'and the queues');
select isnt_empty($$select * from triage.claim('ann')$$, 'and claims');
select lives_ok($$select triage.explain(message_no),
                         triage.retriage(message_no, 50, 'why'),
                         triage.reply(conversation_id, 'ann')
                    from triage.inbox$$, 'and explains, corrects, replies');
select throws_ok('select * from triage.dead_letter', '42501', null,
    'but does not see dead letters');
select throws_ok('select * from triage_data.conversation', '42501', null,
    'nor a table');

set local role triage_reader;
select lives_ok($$select * from triage.inbox, triage.queue,
                         triage.response_time$$,
    'a dashboard reads the views');
select isnt_empty('select * from triage.dead_letter', 'all of them');
select lives_ok('select * from triage.fairness, triage.promise_due,
                               triage.handoff_due',
    'those that say what must not be forgotten, too');
select throws_ok($$select triage.claim('ann')$$, '42501', null,
    'but claims nothing');

set local role triage_admin;
select lives_ok($$select triage.dead_letter_replay(dead_letter_id),
                         triage.dead_letter_raw(dead_letter_id)
                    from triage.dead_letter$$, 'an admin replays');
select throws_ok($$select triage.claim('ann')$$, '42501', null,
    'but claims nothing');
reset role;

select * from finish();
rollback;
