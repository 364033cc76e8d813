-- Answers of 400 days, loaded without their triggers: as they are after the
-- sums have looked.  :events of them; messages of the last 30 days.

create procedure public.fill(events int)
language plpgsql
as $$
declare
    apart constant interval := interval '400 days' / fill.events;
    block constant int := 250000;
    first int := 1;
begin
    while first <= fill.events loop
        insert into triage_data.answer
               (conversation_id, answered_at, answered_through,
                waiting_since, due_at, contacts, first, kind, agent, queue,
                platform, brand, account, changed_by)
        select md5((n / 2)::text)::uuid, t.at, t.at, t.at - t.took,
               t.at - t.took + q.respond, 1, n % 2 = 0,
               case when n % 50 = 0 then 'close' when n % 3 = 0 then 'reply'
                    else 'echo' end,
               case when n % 3 = 0 then 'agent ' || n / 3 % 40 end,
               q.queue,
               (array['facebook', 'instagram', 'x', 'whatsapp'])[1 + n / 7 % 4],
               (array['acme', 'zen'])[1 + n / 11 % 2], 'page', null
          from generate_series(first,
                               least(first + block - 1, fill.events)) as n
         cross join lateral (
               select now() - (fill.events - n) * apart as at,
                      exp(random() * 9) * interval '1 second' as took) as t
          join (select row_number() over (order by respond) - 1 as number,
                       queue, respond
                  from triage_data.queue) as q
            on q.number = n % 4;
        first := first + block;
        commit;
    end loop;

    insert into triage_data.message
           (message_no, delivery_id, conversation_id, sent_at, clock_at,
            received_at, urgency, visibility, kind, audience, platform,
            brand, account, message_id, author_id, queue, author_followers,
            language)
    select a.answer_id, a.answer_id, a.conversation_id, a.waiting_since,
           a.waiting_since, a.waiting_since, 10, 5, 'comment', 'public',
           a.platform, a.brand, 'page', a.answer_id::text,
           a.answer_id::text, a.queue, a.answer_id * 7919 % 100000,
           (array['en', 'de', null])[1 + a.answer_id % 3]
      from triage_data.answer as a
     where a.answered_at > now() - interval '30 days';

    insert into triage_data.unsummed_hour (hour)
    select distinct triage_data.hour_of(a.answered_at)
      from triage_data.answer as a
        on conflict do nothing;
    commit;
end
$$;

-- What waits while agents claim.
create procedure public.wait(conversations int)
language sql
as $$
    insert into triage_data.conversation
           (conversation_id, waiting_since, due_at, latest_at, latest_no,
            urgent_at, urgent_no, contacts, queue, platform, brand, account,
            thread_id, customer, audience)
    select md5('w' || n)::uuid, t.at, t.at + q.respond, t.at, n, t.at, n, 1,
           q.queue, 'x', (array['acme', 'zen'])[1 + n % 2], 'page',
           'w' || n, 'w' || n, 'public'
      from generate_series(1, conversations) as n
      join (select row_number() over (order by respond) - 1 as number, *
              from triage_data.queue) as q
        on q.number = n % 4
     cross join lateral (
           select now() - (random() + 0 * n) * interval '6 hours' as at) as t;
$$;
