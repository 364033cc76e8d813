-- The wait: when it starts, what ends it, in whatever order things come.

begin;
select plan(37);

select set_config('triage.now', '2026-05-04 12:00+00', true);

create temp view waiting as
select author_id, waiting_since, due_at, contacts, text, queue, urgency
  from triage.inbox;

-- The deadline.
select test.file('[
    {"message_id": "a1", "author_id": "a", "sent_at": "2026-05-04 09:00+00",
     "queue": "standard", "urgency": 50, "text": "first"},
    {"message_id": "a2", "author_id": "a", "sent_at": "2026-05-04 09:30+00",
     "queue": "urgent", "urgency": 20, "text": "second"}]');
select results_eq('select * from waiting',
    $$values ('a' collate "C", '2026-05-04 09:00+00'::timestamptz,
              '2026-05-04 10:30+00'::timestamptz, 2, 'second',
              'urgent' collate "C", 50::real)$$,
    'the earliest start, the strictest deadline, the latest words, the greatest urgency');
select test.file('[
    {"message_id": "a0", "author_id": "a", "sent_at": "2026-05-04 08:00+00",
     "queue": "public", "urgency": 5, "text": "zeroth"}]');
select results_eq('select * from waiting',
    $$values ('a' collate "C", '2026-05-04 08:00+00'::timestamptz,
              '2026-05-04 10:30+00'::timestamptz, 3, 'second',
              'urgent' collate "C", 50::real)$$,
    'a message out of order starts the wait earlier');

-- An echo in the same batch, before and after.
select test.file('[
    {"message_id": "b1", "author_id": "b", "thread_id": "tb",
     "sent_at": "2026-05-04 09:00+00"},
    {"message_id": "b2", "author_id": "page", "thread_id": "tb",
     "kind": "echo", "sent_at": "2026-05-04 09:10+00"},
    {"message_id": "b3", "author_id": "b", "thread_id": "tb",
     "sent_at": "2026-05-04 09:20+00"}]');
select results_eq($$select waiting_since, contacts from waiting
                     where author_id = 'b'$$,
    $$values ('2026-05-04 09:20+00'::timestamptz, 1)$$,
    'an echo ends the wait of what was sent before it, no more');
select results_eq($$select answered_at - waiting_since, contacts, first
                      from triage_data.answer
                     where waiting_since is not null$$,
    $$values (interval '10 minutes', 1, true)$$, 'and is a response');

-- An echo that came first.
select test.file('[
    {"message_id": "c2", "author_id": "page", "thread_id": "tc",
     "kind": "echo", "sent_at": "2026-05-04 09:10+00",
     "audience": "private"}]');
select test.file('[
    {"message_id": "c1", "author_id": "c", "thread_id": "tc",
     "sent_at": "2026-05-04 09:00+00", "audience": "private"}]');
select is_empty($$select * from waiting where author_id = 'c'$$,
    'an echo that came before its message ends its wait');
select is((select answered_at - waiting_since from triage_data.answer
            where conversation_id = test.conversation('c1')),
    interval '10 minutes', 'and is a response');
select is((select count(*)::int from triage_data.early_change), 0,
    'nothing is left to be remembered');

-- An old message that comes after its answer.
select test.file('[
    {"message_id": "c0", "author_id": "c", "thread_id": "tc",
     "sent_at": "2026-05-04 08:00+00", "audience": "private"}]');
select is_empty($$select * from waiting where author_id = 'c'$$,
    'a message older than the answer does not wait');
select is((select answered_at - waiting_since from triage_data.answer
            where conversation_id = test.conversation('c1')),
    interval '70 minutes', 'but the wait was longer than it seemed');

-- An echo older than the message.
select test.file('[
    {"message_id": "d1", "author_id": "d", "thread_id": "td",
     "sent_at": "2026-05-04 09:00+00"}]');
select test.file('[
    {"message_id": "d0", "author_id": "page", "thread_id": "td",
     "kind": "echo", "sent_at": "2026-05-04 08:59+00"}]');
select isnt_empty($$select * from waiting where author_id = 'd'$$,
    'an echo that was sent before does not end a wait');

-- Public threads.
select test.file('[
    {"message_id": "e1", "author_id": "e", "thread_id": "te",
     "sent_at": "2026-05-04 09:00+00"},
    {"message_id": "f1", "author_id": "f", "thread_id": "te",
     "sent_at": "2026-05-04 09:01+00"},
    {"message_id": "g1", "author_id": "g", "thread_id": "te",
     "sent_at": "2026-05-04 09:02+00"}]');
select test.file('[
    {"message_id": "e2", "author_id": "page", "thread_id": "te",
     "parent_id": "e1", "kind": "echo", "sent_at": "2026-05-04 09:05+00"}]');
select results_eq($$select author_id from waiting
                     where author_id in ('e', 'f', 'g') order by 1$$,
    $$values ('f' collate "C"), ('g' collate "C")$$,
    'an echo to a message answers its author only');
select test.file('[
    {"message_id": "e3", "author_id": "page", "thread_id": "te",
     "parent_id": "h1", "kind": "echo", "sent_at": "2026-05-04 09:06+00"}]');
select is((select count(*)::int from waiting
            where author_id in ('e', 'f', 'g')), 2,
    'one to a message that is not here answers nobody else');
select test.file('[
    {"message_id": "h1", "author_id": "h", "thread_id": "te",
     "sent_at": "2026-05-04 09:03+00"}]');
select is_empty($$select * from waiting where author_id = 'h'$$,
    'and that one when it comes');
select test.file('[
    {"message_id": "f2", "author_id": "f", "thread_id": "te",
     "parent_id": "e2", "sent_at": "2026-05-04 09:07+00"},
    {"message_id": "e4", "author_id": "page", "thread_id": "te",
     "parent_id": "e2", "kind": "echo", "sent_at": "2026-05-04 09:08+00"}]');
select is((select count(*)::int from waiting
            where author_id in ('e', 'f', 'g')), 2,
    'an answer to one''s own words answers whom these answered');
select test.file('[
    {"message_id": "e5", "author_id": "page", "thread_id": "te",
     "parent_id": "te", "kind": "echo", "sent_at": "2026-05-04 09:09+00"}]');
select is((select count(*)::int from waiting
            where author_id in ('e', 'f', 'g')), 0,
    'an echo to the thread answers everybody in it');
select is((select count(*)::int from waiting where author_id = 'a'), 1,
    'and nobody else');

-- Edits.
select test.file('[
    {"message_id": "i1", "author_id": "i", "thread_id": "ti",
     "sent_at": "2026-05-04 09:00+00", "urgency": 60, "queue": "public",
     "text": "secret old words", "raw": "raw with old words",
     "terms": [{"signal": "old", "urgency": 60, "visibility": 5}]}]');
select test.file('[
    {"message_id": "i1", "event_id": "i1-edit", "author_id": "i",
     "thread_id": "ti", "kind": "edit", "sent_at": "2026-05-04 09:05+00",
     "urgency": 30, "queue": "standard", "text": "new words",
     "terms": [{"signal": "new", "urgency": 30, "visibility": 5}]}]');
select results_eq($$select due_at, text, urgency, queue, contacts
                      from waiting where author_id = 'i'$$,
    $$values ('2026-05-04 13:00+00'::timestamptz, 'new words', 30::real,
              'public' collate "C", 1)$$,
    'an edit is rescored; its deadline is not put off');
select is((select reasons from triage.inbox where author_id = 'i'),
    '{new}'::text[], 'and explained anew');
select is((select count(*)::int from triage_data.message
            where text like '%old words%'), 0,
    'the old words are gone');
select is((select count(*)::int from triage_data.delivery
            where raw like '%old words%'), 0, 'and their raw body');
select test.file('[
    {"message_id": "i1", "event_id": "i1-edit2", "author_id": "i",
     "thread_id": "ti", "kind": "edit", "sent_at": "2026-05-04 09:06+00",
     "urgency": 90, "queue": "crisis", "text": "newest words"},
    {"message_id": "i1", "event_id": "i1-edit3", "author_id": "i",
     "thread_id": "ti", "kind": "edit", "sent_at": "2026-05-04 09:04+00",
     "urgency": 10, "queue": "crisis", "text": "older words"}]');
select results_eq($$select due_at, text, urgency, queue
                      from waiting where author_id = 'i'$$,
    $$values ('2026-05-04 09:15+00'::timestamptz, 'newest words', 90::real,
              'crisis' collate "C")$$,
    'the latest edit wins; it may bring the deadline forward, counted from the message');
select is((select count(*)::int from triage_data.message
            where text in ('new words', 'older words')), 0,
    'no older words stay');

-- Deletes.
select test.file('[
    {"message_id": "i1", "event_id": "i1-delete", "author_id": "i",
     "thread_id": "ti", "kind": "delete", "sent_at": "2026-05-04 09:10+00"}]');
select results_eq($$select text, contacts, due_at from waiting
                     where author_id = 'i'$$,
    $$values (null::text, 1, '2026-05-04 09:15+00'::timestamptz)$$,
    'a deleted message loses its words; the clock stops only at a person');
select isnt((select deleted_at from triage_data.message
              where message_no = test.message('i1')), null,
    'and leaves a trace');
select is((select count(*)::int from triage_data.delivery
            where raw like '%words%'), 0, 'no raw body keeps the words');
select test.file('[
    {"message_id": "i1", "event_id": "i1-edit4", "author_id": "i",
     "thread_id": "ti", "kind": "edit", "sent_at": "2026-05-04 09:20+00",
     "text": "back again"}]');
select is((select text from waiting where author_id = 'i'), null,
    'what is deleted stays so');

-- A delivery with several messages keeps the raw body of the others.
select test.file('[
    {"message_id": "j1", "author_id": "j", "thread_id": "tj", "delivery": 1,
     "sent_at": "2026-05-04 09:00+00", "raw": "words of j and k"},
    {"message_id": "k1", "author_id": "k", "thread_id": "tj", "delivery": 1,
     "sent_at": "2026-05-04 09:00+00"}]');
select test.file('[
    {"message_id": "j1", "event_id": "j1-delete", "author_id": null,
     "thread_id": null, "kind": "delete", "sent_at": "2026-05-04 09:10+00"}]');
select results_eq($$select has_erased, raw is not null
                      from triage_data.delivery
                     where delivery_id = (
                         select delivery_id from triage_data.message
                          where message_no = test.message('j1'))$$,
    'values (true, true)',
    'a raw body that others share is kept, and flagged');
select test.file('[
    {"message_id": "k1", "event_id": "k1-delete", "author_id": null,
     "thread_id": null, "kind": "delete", "sent_at": "2026-05-04 09:10+00"}]');
select results_eq($$select has_erased, raw is not null
                      from triage_data.delivery
                     where delivery_id = (
                         select delivery_id from triage_data.message
                          where message_no = test.message('j1'))$$,
    'values (true, false)', 'until the last of them is deleted');

-- Changes that came first.
select test.file('[
    {"message_id": "l1", "event_id": "l1-edit", "author_id": "l",
     "thread_id": "tl", "kind": "edit", "sent_at": "2026-05-04 09:10+00",
     "text": "edited"},
    {"message_id": "m1", "event_id": "m1-delete", "kind": "delete",
     "sent_at": "2026-05-04 09:10+00", "author_id": null,
     "thread_id": null}]');
select test.file('[
    {"message_id": "l1", "author_id": "l", "thread_id": "tl",
     "sent_at": "2026-05-04 09:00+00", "text": "original"},
    {"message_id": "m1", "author_id": "m", "thread_id": "tm",
     "sent_at": "2026-05-04 09:00+00", "text": "deleted",
     "raw": "deleted words"}]');
select results_eq($$select author_id, text from waiting
                     where author_id in ('l', 'm') order by 1$$,
    $$values ('l' collate "C", 'edited'), ('m' collate "C", null)$$,
    'an edit or a delete that came first wins');
select is((select count(*)::int from triage_data.delivery
            where raw = 'deleted words'), 0, 'over the raw body too');

-- A message with an event_id of its own is found by its message_id.
select test.file('[
    {"message_id": "n1", "event_id": "n1-created", "author_id": "n",
     "thread_id": "tn", "sent_at": "2026-05-04 09:00+00", "text": "old"},
    {"message_id": "n1", "event_id": "n1-edited", "author_id": "n",
     "thread_id": "tn", "kind": "edit", "sent_at": "2026-05-04 09:10+00",
     "text": "new"}]');
select is((select text from waiting where author_id = 'n'), 'new',
    'an edit in one batch with its message, which has an event_id');

-- The same moment: an edit whose message was filed unseen.
select test.file('[
    {"message_id": "o1", "event_id": "o1-delete", "kind": "delete",
     "sent_at": "2026-05-04 09:10+00", "author_id": null,
     "thread_id": null}]');
create temp table aside as select * from triage_data.early_change;
delete from triage_data.early_change;
select test.file('[
    {"message_id": "o1", "author_id": "o", "thread_id": "to",
     "sent_at": "2026-05-04 09:00+00", "text": "still there"}]');
insert into triage_data.early_change select * from aside;
update triage_data.early_change set retry_at = statement_timestamp();
select is((select text from waiting where author_id = 'o'), 'still there',
    'two sessions that do not see each other''s message');
select test.file('[
    {"message_id": "p1", "author_id": "p", "thread_id": "tp",
     "sent_at": "2026-05-04 09:00+00"}]');
select is((select text from waiting where author_id = 'o'), null,
    'are put right by the next batch');
select is((select count(*)::int from triage_data.early_change), 0,
    'once');

-- The reply of an agent.
select is(triage.reply(test.conversation('a1'), 'ann'), true,
    'a reply ends a wait');
select results_eq($$select kind, agent, answered_at, contacts
                      from triage_data.answer
                     where conversation_id = test.conversation('a1')$$,
    $$values ('reply' collate "C", 'ann' collate "C",
              '2026-05-04 12:00+00'::timestamptz, 3)$$,
    'is a response');
select test.file('[
    {"message_id": "a3", "author_id": "a", "sent_at": "2026-05-04 11:59+00"}]');
select is((select waiting_since from waiting where author_id = 'a'),
    '2026-05-04 11:59+00'::timestamptz,
    'what crossed it on the way was not answered');

select * from finish();
rollback;
