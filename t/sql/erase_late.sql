-- What nginx had before an erasure, and files later: a spool can be late.

begin;
select plan(30);

select set_config('triage.now', '2026-05-04 12:00+00', true);
select test.file('[
    {"message_id": "b1", "author_id": "bea", "thread_id": "dm-1",
     "audience": "private", "text": "words of Bea",
     "sent_at": "2026-05-04 09:00+00"}]');
select is(triage.erase('facebook', 'bea'), 1::bigint, 'who is here is erased');
select results_eq(
    'select platform, messages, asked_by from triage.erasure',
    $$values ('facebook' collate "C", 1::bigint,
              session_user::text collate "C")$$, 'a stub is kept');
select is((select digest from triage.erasure),
    encode(sha256(convert_to('facebook' || chr(31) || 'bea', 'UTF8')), 'hex'),
    'that recognises who it was');
select is((select count(*)::int from triage_data.erasure as e
            where e::text ~ 'bea'), 0, 'and does not say it');

-- The spool drains.
select is(test.file('[
    {"message_id": "b2", "author_id": "bea", "author_name": "Bea Doe",
     "author_handle": "@bea", "author_followers": 7, "parent_id": "p",
     "thread_id": "post", "text": "late words of Bea",
     "engagement": {"likes": 1}, "terms": [{"signal": "x", "urgency": 10}],
     "sent_at": "2026-05-04 09:00+00", "delivery": 1},
    {"message_id": "c2", "author_id": "cat", "thread_id": "post",
     "text": "words of Cat", "sent_at": "2026-05-04 09:00+00",
     "delivery": 1},
    {"message_id": "e2", "author_id": "page", "thread_id": "dm-1",
     "audience": "private", "kind": "echo", "text": "dear Bea",
     "sent_at": "2026-05-04 09:30+00", "delivery": 2},
    {"message_id": "b3", "author_id": "bea", "thread_id": "dm-2",
     "audience": "private", "text": "another thread of Bea",
     "sent_at": "2026-05-04 09:40+00", "delivery": 3},
    {"message_id": "x2", "author_id": "bea", "platform": "x",
     "text": "another Bea", "sent_at": "2026-05-04 09:40+00",
     "delivery": 4},
    {"author_id": "bea", "text": "nameless words of Bea",
     "raw": "a nameless body", "sent_at": "2026-05-04 09:50+00",
     "delivery": 5},
    {"message_id": "d2", "author_id": "dan", "thread_id": "dan",
     "text": "words of Dan", "sent_at": "2026-05-04 09:50+00",
     "delivery": 6}]'), '{}', 'all of it is filed');
select is((select count(*)::int from triage_data.message), 8,
    'each message once');
select is((select count(*)::int from triage_data.message as m
            where m::text ~ 'words of Bea|thread of Bea|dear Bea|Bea Doe'
              and platform = 'facebook'), 0, 'without words or name');
select is((select count(*)::int from triage_data.message as m
            where 'bea' in (author_id, thread_id) and platform = 'facebook'),
    0, 'or who it was');
select results_eq(
    $$select kind, author_followers, parent_id, engagement::text,
             terms::text, queue
        from triage_data.message where message_id = 'b2'$$,
    $$values ('other' collate "C", null::bigint, null::text collate "C",
              null::text, null::text, 'standard' collate "C")$$,
    'what is left of it does nothing');
select is((select count(*)::int from triage_data.delivery
            where raw like '%of Bea%' or raw like '%dear Bea%'), 0,
    'no raw body of it is kept');
select results_eq(
    $$select d.raw is null, d.has_erased
        from triage_data.delivery as d
        join triage_data.message as m
          on m.delivery_id = d.delivery_id
       where m.message_id in ('c2', 'd2') order by m.message_id$$,
    $$values (true, true), (false, false)$$,
    'whoever else is in it; others are');
select is_empty($$select * from triage_data.conversation
                   where customer = 'bea' and platform = 'facebook'$$,
    'nobody waits');
select results_eq('select author_id, text from triage.inbox order by 1',
    $$values ('bea' collate "C", 'another Bea'), ('cat', 'words of Cat'),
             ('dan', 'words of Dan')$$,
    'but everybody else, and the same id on another platform');
select is((select messages from triage.erasure), 4::bigint,
    'the stub counts what they said');

select is(test.file('[
    {"message_id": "b2", "author_id": "bea", "text": "late words of Bea",
     "sent_at": "2026-05-04 09:00+00"},
    {"author_id": "bea", "text": "nameless words of Bea",
     "raw": "a nameless body", "sent_at": "2026-05-04 09:50+00"}]'),
    '{1,2}', 'a redelivery is a duplicate, also of what has no id');
select test.file('[
    {"message_id": "e3", "author_id": "page", "thread_id": "dm-2",
     "audience": "private", "kind": "echo", "text": "Bea, still there?",
     "sent_at": "2026-05-04 10:30+00"}]');
select is((select text from triage_data.message where message_id = 'e3'),
    null, 'what the brand said in a thread that came late is forgotten');
select test.file('[
    {"message_id": "b1", "event_id": "b1-edit", "author_id": "bea",
     "kind": "edit", "text": "edited words of Bea",
     "sent_at": "2026-05-04 11:00+00"}]');
select is((select count(*)::int from triage_data.message
            where text ~ 'Bea' and platform = 'facebook'), 0,
    'an edit brings nothing back');

-- A handle is an author, too.
select triage.erase('facebook', '@eve');
select test.file('[
    {"message_id": "v1", "author_id": "5", "author_handle": "@eve",
     "text": "words of Eve", "sent_at": "2026-05-04 09:00+00"}]');
select is((select text from triage_data.message where message_id = 'v1'),
    null, 'a handle is an author, too');
select is((select messages from triage.erasure
            order by erasure_id desc limit 1), 1::bigint, 'and is counted');

-- What cannot be read.
select test.file('[
    {"nothing": true, "failure": "odd", "raw": "{\"id\":\"bea\", \"t\":",
     "received_at": "2026-05-04 09:00+00"},
    {"nothing": true, "failure": "odd", "raw": "<id>bea</id>",
     "received_at": "2026-05-04 09:00+00"},
    {"nothing": true, "failure": "odd", "raw": "1001_bea=1",
     "received_at": "2026-05-04 09:00+00"},
    {"nothing": true, "failure": "odd", "raw": "{\"id\":\"beatrice\"",
     "received_at": "2026-05-04 09:00+00"},
    {"nothing": true, "failure": "odd", "raw": "{\"id\":\"bea\", \"n\":",
     "received_at": "2026-05-04 13:00+00"},
    {"message_id": "b7", "author_id": "bea", "failure": "half",
     "raw": "half of Bea", "text": "half",
     "sent_at": "2026-05-04 09:00+00"}]');
select results_eq(
    'select raw from triage_data.dead_letter order by 1',
    $$values ('{"id":"bea", "n":'::bytea), ('{"id":"beatrice"')$$,
    'a dead letter that names them is not kept; others are, and what came after');
select is((select count(*)::int from triage_data.message
            where message_id = 'b7' and text is null), 1,
    'what could be read of it has no words');
select is((select count(*)::int from triage_data.delivery
            where raw like '%half of Bea%'), 0, 'and no body');

-- Afterwards.
select test.file('[
    {"message_id": "b8", "author_id": "bea", "thread_id": "post",
     "text": "Bea is back", "sent_at": "2026-05-04 13:00+00"},
    {"message_id": "b9", "author_id": "bea", "thread_id": "post",
     "text": "late again", "sent_at": "2026-05-04 10:00+00"}]');
select results_eq(
    $$select text from triage.inbox
       where author_id = 'bea' and platform = 'facebook'$$,
    $$values ('Bea is back')$$, 'who writes anew is answered');
select is((select contacts from triage.inbox
            where author_id = 'bea' and platform = 'facebook'), 1,
    'for what is new alone');
select is(triage.erase('facebook', 'bea'), 1::bigint, 'and can be erased again');
select is((select count(*)::int from triage.erasure
            where platform = 'facebook'), 3, 'a stub each');

select set_config('triage.now', '2026-07-04 12:00+00', true);
select triage.retain('30 days');
select is((select count(*)::int from triage.erasure), 3,
    'a stub outlives any spool');
select set_config('triage.now', '2026-09-04 12:00+00', true);
select triage.retain('200 days');
select is((select count(*)::int from triage.erasure), 3,
    'and stays as long as what it is about');
select triage.retain('30 days');
select is((select count(*)::int from triage.erasure), 0, 'no longer');
select is((select count(*)::int from triage_data.erased_thread), 0,
    'nor its threads');

select * from finish();
rollback;
