-- A platform that allows its words to be kept for hours.

begin;
select plan(19);

select set_config('triage.now', '2026-05-04 12:00+00', true);
select test.file('[
    {"message_id": "w1", "author_id": "wil", "author_name": "Wil Doe",
     "author_followers": 7, "thread_id": "w", "platform": "linkedin",
     "text": "words of Wil", "engagement": {"likes": 1},
     "terms": [{"signal": "of Wil", "urgency": 10}],
     "sent_at": "2026-05-02 09:00+00"},
    {"message_id": "a1", "author_id": "amy", "author_name": "Amy Doe",
     "thread_id": "a", "platform": "linkedin", "text": "words of Amy",
     "sent_at": "2026-05-02 09:00+00"},
    {"message_id": "a2", "author_id": "page", "thread_id": "a",
     "platform": "linkedin", "kind": "echo", "text": "dear Amy",
     "sent_at": "2026-05-02 09:30+00"},
    {"message_id": "y1", "author_id": "yan", "author_name": "Yan Doe",
     "thread_id": "y", "platform": "linkedin", "text": "words of Yan",
     "sent_at": "2026-05-03 10:00+00"},
    {"message_id": "z1", "author_id": "zoe", "author_name": "Zoe Doe",
     "thread_id": "z", "platform": "linkedin", "text": "words of Zoe",
     "sent_at": "2026-05-04 10:00+00"},
    {"message_id": "f1", "author_id": "fay", "author_name": "Fay Doe",
     "thread_id": "f", "text": "words of Fay",
     "sent_at": "2026-05-02 09:00+00"},
    {"nothing": true, "platform": "linkedin", "failure": "odd",
     "raw": "Vic", "received_at": "2026-05-02 09:00+00"},
    {"nothing": true, "failure": "odd", "raw": "Val",
     "received_at": "2026-05-02 09:00+00"}]');
select triage.retriage(test.message('w1'), 50, 'Wil is angry');

select is(triage.retain('24 hours', 'linkedin', names_only => true), 3,
    'a day for names');
select results_eq(
    $$select message_id, author_name is null, author_followers is null,
             text is null, author_id is null
        from triage_data.message
       where author_id <> 'page' order by 1$$,
    $$values ('a1' collate "C", true, true, false, false),
             ('f1', false, true, false, false),
             ('w1', true, true, false, false),
             ('y1', true, true, false, false),
             ('z1', false, true, false, false)$$,
    'they go; words stay, and younger ones, and other platforms');
select results_eq(
    'select distinct convert_from(raw, ''UTF8'') ~ ''words of [ZF]''
       from triage_data.delivery where raw is not null',
    'values (true)', 'raw bodies hold names');
select results_eq('select raw from triage_data.dead_letter',
    $$values ('Val'::bytea)$$, 'so do dead letters');
select is((select count(*)::int from triage.inbox
            where platform = 'linkedin'), 3, 'who waits waits');
select is((select text from triage.inbox where author_id = 'wil'),
    'words of Wil', 'and can be answered');
select is(triage.retain('24 hours', 'linkedin', true), 0, 'and again');

select is(triage.retain('48 hours', 'linkedin'), 3, 'two days for words');
select is((select count(*)::int from triage_data.message as m
            where m::text ~ 'of Wil|of Amy|dear Amy'), 0, 'they go');
select is((select count(*)::int from triage_data.message
            where author_id in ('wil', 'amy')), 0, 'and who it was');
select is((select why from triage_data.correction), 'retained',
    'and what agents said about it');
select results_eq(
    $$select text from triage_data.message where text is not null
       order by 1$$,
    $$values ('words of Fay'), ('words of Yan'), ('words of Zoe')$$,
    'younger ones stay, and other platforms');
select is_empty($$select * from triage_data.conversation
                   where customer = 'amy'$$, 'who was answered is gone');
select results_eq(
    $$select waiting_since, due_at is not null, text
        from triage.inbox
       where message_no = test.message('w1')$$,
    $$values (timestamptz '2026-05-02 09:00+00', true, null::text)$$,
    'who waits keeps waiting, without words');
select is(test.file('[
    {"message_id": "w1", "author_id": "wil", "thread_id": "w",
     "platform": "linkedin", "text": "words of Wil",
     "sent_at": "2026-05-02 09:00+00"}]'), '{1}',
    'a redelivery brings nothing back');
select is(triage.reply(test.conversation('w1'), 'ann'), true,
    'and can be answered');
select is(triage.retain('48 hours', 'linkedin'), 0, 'and again');
select is_empty($$select * from triage_data.conversation
                   where customer = 'wil'$$, 'and is gone then');
select throws_ok($$select triage.retain('2 days', names_only => true)$$,
    'TR007', null, 'names alone are forgotten of a platform');

select * from finish();
rollback;
