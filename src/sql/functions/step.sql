create or replace function triage_data.step(first_no bigint, last_no bigint)
returns boolean
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
#variable_conflict use_column
declare
    all_stepped boolean;
    began_at timestamptz;
    resolving uuid[];
begin
    with placed as (
    select n.*,
           row_number() over (partition by n.conversation_id
                              order by n.message_no) as place
      from triage_data.message as n
     where n.message_no between step.first_no and step.last_no
       and triage_data.starts_wait(n.kind)
    ), more as (
    select p.conversation_id,
           min(p.clock_at) as waiting_since,
           min(p.due_at) as due_at,
           (array_agg(p.queue order by p.due_at, p.message_no))[1]
               as queue,
           max(p.clock_at) as latest_at,
           (array_agg(p.message_no order by p.clock_at desc,
                      p.message_no desc))[1] as latest_no,
           (array_agg(p.audience order by p.clock_at desc,
                      p.message_no desc))[1] as audience,
           (array_agg(p.language order by p.clock_at desc,
                      p.message_no desc)
            filter (where p.language is not null))[1] as language,
           (array_agg(p.clock_at order by p.urgency desc, p.clock_at,
                      p.message_no))[1] as urgent_at,
           (array_agg(p.message_no order by p.urgency desc, p.clock_at,
                      p.message_no))[1] as urgent_no,
           max(p.urgency) as urgency,
           max(p.visibility) as visibility,
           count(*) as contacts
      from placed as p
     where p.place > 1
     group by p.conversation_id
    ), stepped as (
    update triage_data.conversation as c
       set waiting_since = least(c.waiting_since, m.waiting_since),
           due_at = least(c.due_at, m.due_at),
           queue = case when c.due_at <= m.due_at
                        then c.queue else m.queue end,
           latest_at = greatest(c.latest_at, m.latest_at),
           latest_no = case when c.latest_at > m.latest_at
                            then c.latest_no else m.latest_no end,
           audience = case when c.latest_at > m.latest_at
                           then c.audience else m.audience end,
           language = case when m.language is null
                             or c.latest_at > m.latest_at
                                and c.language <> ''
                           then c.language else m.language end,
           urgent_at = case when (-c.urgency, c.urgent_at, c.urgent_no)
                                 < (-m.urgency, m.urgent_at,
                                    m.urgent_no)
                            then c.urgent_at else m.urgent_at end,
           urgent_no = case when (-c.urgency, c.urgent_at, c.urgent_no)
                                 < (-m.urgency, m.urgent_at,
                                    m.urgent_no)
                            then c.urgent_no else m.urgent_no end,
           urgency = greatest(c.urgency, m.urgency),
           visibility = greatest(c.visibility, m.visibility),
           contacts = c.contacts + m.contacts,
           aside = c.aside
                   or coalesce(m.waiting_since < c.waiting_since, false)
      from more as m
     where c.conversation_id = m.conversation_id
       and m.waiting_since > c.answered_through
    returning c.conversation_id
    )
    select (select count(*) from stepped) = (select count(*) from more),
           (select min(m.waiting_since) from more as m),
           case when exists (select
                               from triage_data.queue as q
                              where q.resolve is not null)
                then array(select s.conversation_id from stepped as s)
           end
      into all_stepped, began_at, resolving;

    if all_stepped and cardinality(resolving) > 0 then
        perform triage_data.count_resolutions(resolving, began_at);
    end if;

    return all_stepped;
end
$$;

comment on function triage_data.step(bigint, bigint) is
'Counts what came in one batch beside the first message of a conversation, whose step triage.ingest has taken: a crisis is many messages in few threads.  False: some of it was answered before it came, and has to be worked out anew.';
