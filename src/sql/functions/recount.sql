create or replace function triage_data.recount(
       conversations uuid[],
       since timestamptz)
returns void
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
#variable_conflict use_column
begin
    -- Each answer ended the wait of what came since the answer before it.
    -- Whether it is the first response, and so which target counts, depends
    -- on the waits that those before it ended: once more, until all is said.
    loop
        update triage_data.answer as a
           set waiting_since = w.waiting_since,
               due_at = w.due_at,
               contacts = w.contacts,
               queue = w.queue,
               first = w.first,
               counted = w.counted
          from (select n.answer_id, s.*,
                       s.waiting_since is not null
                       and n.kind <> 'close'
                       and not g.again as first,
                       case when q.hours is not null
                             and s.waiting_since is not null
                            then triage_data.open_time(
                                     q.hours, s.waiting_since, n.answered_at)
                       end as counted
                  from triage_data.answer as n
                  left join lateral (
                       select p.answered_through
                         from triage_data.answer as p
                        where p.conversation_id = n.conversation_id
                          and (p.answered_through, p.answer_id)
                              < (n.answered_through, n.answer_id)
                        order by p.answered_through desc, p.answer_id desc
                        limit 1) as b
                    on true
                 cross join lateral (
                       select exists (
                           select
                             from triage_data.answer as p
                            where p.conversation_id = n.conversation_id
                              and p.answered_through < n.answered_through
                              and p.waiting_since is not null
                              and p.kind <> 'close') as again
                       offset 0) as g
                 cross join lateral (
                       select min(m.clock_at) as waiting_since,
                              min(m.due_at) as due_at,
                              count(*) as contacts,
                              (array_agg(m.queue order by m.due_at,
                                         m.message_no))[1] as queue
                         from (select u.clock_at, u.message_no, u.queue,
                                      case when g.again
                                           then coalesce(u.next_due_at,
                                                         u.due_at)
                                           else u.due_at
                                      end as due_at
                                 from triage_data.message as u
                                where u.conversation_id = n.conversation_id
                                  and u.clock_at > coalesce(
                                          b.answered_through, '-infinity')
                                  and u.clock_at <= n.answered_through
                                  and triage_data.starts_wait(u.kind)
                              ) as m) as s
                  left join triage_data.queue as q
                    on q.queue = s.queue
                 where n.conversation_id = any (recount.conversations)
                   and n.answered_through >= recount.since) as w
         where a.answer_id = w.answer_id
           and (a.waiting_since, a.due_at, a.contacts, a.queue, a.first,
                a.counted)
               is distinct from
               (w.waiting_since, w.due_at, w.contacts::int4, w.queue,
                w.first, w.counted);
        exit when not found;
    end loop;

    insert into triage_data.news (queue, what)
    select distinct a.queue, 'answer'
      from triage_data.answer as a
     where a.conversation_id = any (recount.conversations)
       and a.answered_through >= recount.since
       and a.queue is not null;

    perform triage_data.keep(recount.conversations);

    -- The rest waits: a new wait is told to claims like a message's, one that
    -- was brought forward stands aside.
    with waiting as (
    update triage_data.conversation as c
       set answered_through = w.answered_through,
           waiting_since = w.waiting_since,
           due_at = w.due_at,
           queue = coalesce(w.queue, c.queue),
           contacts = w.contacts,
           latest_at = w.latest_at,
           latest_no = w.latest_no,
           audience = coalesce(w.audience, c.audience),
           language = coalesce(w.language, c.language),
           urgent_at = w.urgent_at,
           urgent_no = w.urgent_no,
           urgency = coalesce(w.urgency, 0),
           visibility = coalesce(w.visibility, 0),
           known_to = case when w.contacts = 0 and c.lease_until is not null
                           then c.claimed_by else c.known_to end,
           claimed_by = case when w.contacts > 0 then c.claimed_by end,
           lease_until = case when w.contacts > 0 then c.lease_until end,
           snoozed_until = case when w.latest_no = c.latest_no
                                then c.snoozed_until end,
           resolve_due_at = null,
           warned = c.warned
                    and w.contacts > 0
                    and w.answered_through = c.answered_through,
           escalated = c.escalated
                       and w.contacts > 0
                       and w.answered_through = c.answered_through,
           kept_until = case when w.contacts > 0 then c.kept_until end,
           kept_for = case when w.contacts > 0 then c.kept_for end,
           closed_at = case when w.contacts = 0 then c.closed_at end,
           aside = w.contacts > 0
                   and not w.is_new
                   and (c.aside
                        or c.snoozed_until is not null
                           and w.latest_no is distinct from c.latest_no
                        or (w.queue, w.due_at, w.waiting_since)
                           is distinct from
                           (c.queue, c.due_at, c.waiting_since))
      from (select n.conversation_id, b.answered_through, s.*,
                   o.waiting_since is null as is_new
              from unnest(recount.conversations) as n(conversation_id)
              join triage_data.conversation as o
                on o.conversation_id = n.conversation_id
             cross join lateral (
                   select coalesce(max(a.answered_through), '-infinity')
                              as answered_through
                     from triage_data.answer as a
                    where a.conversation_id = n.conversation_id) as b
             cross join lateral (
                   select exists (
                       select
                         from triage_data.answer as a
                        where a.conversation_id = n.conversation_id
                          and a.first) as again
                   offset 0) as g
             cross join lateral (
                   select min(m.clock_at) as waiting_since,
                          min(m.wait_due_at) as due_at,
                          count(*) as contacts,
                          (array_agg(m.queue order by m.wait_due_at,
                                     m.message_no))[1] as queue,
                          max(m.clock_at) as latest_at,
                          (array_agg(m.message_no order by m.clock_at desc,
                                     m.message_no desc))[1] as latest_no,
                          (array_agg(m.audience order by m.clock_at desc,
                                     m.message_no desc))[1] as audience,
                          (array_agg(m.language order by m.clock_at desc,
                                     m.message_no desc)
                           filter (where m.language is not null))[1]
                              as language,
                          (array_agg(m.clock_at order by m.urgency desc,
                                     m.clock_at, m.message_no))[1]
                              as urgent_at,
                          (array_agg(m.message_no order by m.urgency desc,
                                     m.clock_at, m.message_no))[1]
                              as urgent_no,
                          max(m.urgency) as urgency,
                          max(m.visibility) as visibility
                     from (select u.*,
                                  case when g.again
                                       then coalesce(u.next_due_at, u.due_at)
                                       else u.due_at
                                  end as wait_due_at
                             from triage_data.message as u
                            where u.conversation_id = n.conversation_id
                              and u.clock_at > b.answered_through
                              and triage_data.starts_wait(u.kind)) as m) as s
           ) as w
     where c.conversation_id = w.conversation_id
    returning c.queue, c.due_at, w.is_new
    )
    insert into triage_data.news (queue, what, due_at)
    select w.queue, 'message', min(w.due_at)
      from waiting as w
     where w.is_new
       and w.due_at is not null
     group by w.queue;

    perform triage_data.count_resolutions(recount.conversations,
                                          recount.since);
end
$$;

comment on function triage_data.recount(uuid[], timestamptz) is
'Works out anew what the answers since a time ended, and what still waits.  The caller holds the locks of the conversations.';
