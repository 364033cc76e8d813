create or replace function triage_data.lift(
       message_no bigint,
       sent_at timestamptz,
       engagement jsonb,
       more_likes bigint,
       is_edited boolean)
returns void
language plpgsql
as $$
#variable_conflict use_column
declare
    doubling bigint;
    m triage_data.message;
    counts jsonb;
    points bigint;
    known bigint;
    rise text;
begin
    select n.*
      into m
      from triage_data.message as n
     where n.message_no = lift.message_no
       and n.sent_at = lift.sent_at
       for update;

    -- The greatest of each count that was told, and reactions on top.
    select coalesce(m.engagement::jsonb, '{}')
           || coalesce(lift.engagement, '{}')
           || coalesce(jsonb_object_agg(c.name, c.count), '{}')
      into counts
      from (select k.name,
                   greatest((m.engagement ->> k.name)::numeric,
                            (lift.engagement ->> k.name)::numeric)
                   + case k.name when 'likes' then lift.more_likes else 0 end
                       as count
              from unnest(array['likes', 'replies', 'shares']) as k(name)
             where m.engagement ->> k.name is not null
                or lift.engagement ->> k.name is not null) as c;
    if lift.more_likes > 0 and counts ->> 'likes' is null then
        counts := counts || jsonb_build_object('likes', lift.more_likes);
    end if;

    update triage_data.message as n
       set engagement = counts::json
     where n.message_no = m.message_no
       and n.sent_at = m.sent_at
       and counts is distinct from n.engagement::jsonb;

    points := triage_data.engaged_points(m.audience, counts);
    select coalesce(sum(round(100 * t.visibility)), 0)
      into known
      from triage_data.terms_of(m.terms) as t
     where t.signal = 'engagement';
    -- As much as from none to one.
    doubling := triage_data.engaged_points(m.audience, '{"likes": 1}');
    if m.terms is null
       or points <= known
       or points - known < doubling and not lift.is_edited then
        return;
    end if;

    -- Who holds the conversation may wait for a message: nobody waits in a
    -- circle.  What is left is seen to when the next one reacts.
    perform
       from triage_data.conversation as c
      where c.conversation_id = m.conversation_id
        for update skip locked;
    if not found then
        return;
    end if;

    select s.terms, greatest(m.visibility, s.visibility)
      into m.terms, m.visibility
      from triage_data.seen_by(points, m.terms) as s;
    select r.queue
      into rise
      from jsonb_to_recordset(counts -> 'rises')
           as r(visibility real, queue text)
      join triage_data.queue as q
        on q.queue = r.queue
     where r.visibility <= m.visibility
     order by r.visibility desc
     limit 1;

    update triage_data.message as n
       set visibility = m.visibility,
           terms = m.terms,
           queue = case when triage_data.comes_sooner(n, q.hours,
                                                      q.respond, q.next)
                        then q.queue else n.queue end,
           due_at = case when n.due_at is not null
                         then least(n.due_at, triage_data.due_after(
                                        q.hours, n.clock_at, q.respond))
                    end,
           next_due_at = triage_data.next_due(n, q.hours, q.respond, q.next)
      from (select rise) as given(queue)
      left join triage_data.queue as q
        on q.queue = given.queue
     where n.message_no = m.message_no
       and n.sent_at = m.sent_at;

    perform triage_data.recount(array[m.conversation_id], 'infinity');
end
$$;

comment on function triage_data.lift(bigint, timestamptz, jsonb, bigint, boolean) is
'More people saw a message: its counts grow, and once they have doubled its visibility too, which may bring its deadline forward.';
