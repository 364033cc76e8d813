create or replace function triage_data.front_at(now timestamptz)
returns triage_data.front
language plpgsql
stable
as $$
#variable_conflict use_column
declare
    no_id constant uuid := '00000000-0000-0000-0000-000000000000';
    front triage_data.front;
begin
    select f.*
      into front
      from triage_data.front as f
     order by f.front_no desc
     limit 1;
    -- One that a dump brought along says nothing of this server's transactions.
    if front.queues is null
       or front.unseen_from > pg_snapshot_xmax(pg_current_snapshot()) then
        return null;
    end if;

    -- A clock that was set back: who was late then may be in time.
    if front.noted_at > front_at.now then
        front.soon_at := front.late_at;
        front.soon_since := front.late_since;
        front.soon_id := front.late_id;
    end if;

    -- Who came since may stand before it.
    with come as (
    select n.queue, min(n.due_at) as due_at
      from (select t.queue, t.due_at
              from unnest(front.unseen) as u(transaction)
              join triage_data.news as t
                on t.transaction = u.transaction
               and t.due_at is not null
             union all
            select t.queue, t.due_at
              from triage_data.news as t
             where t.transaction >= front.unseen_from
               and t.due_at is not null) as n
     group by n.queue
    )
    select array_agg(least(q.late_at, c.due_at) order by q.place),
           array_agg(case when c.due_at <= q.late_at then '-infinity'
                          else q.late_since
                     end
                     order by q.place),
           array_agg(case when c.due_at <= q.late_at then no_id
                          else q.late_id
                     end
                     order by q.place),
           array_agg(least(q.soon_at, c.due_at) order by q.place),
           array_agg(case when c.due_at <= q.soon_at then '-infinity'
                          else q.soon_since
                     end
                     order by q.place),
           array_agg(case when c.due_at <= q.soon_at then no_id
                          else q.soon_id
                     end
                     order by q.place)
      into front.late_at, front.late_since, front.late_id, front.soon_at,
           front.soon_since, front.soon_id
      from unnest(front.queues, front.late_at, front.late_since,
                  front.late_id, front.soon_at, front.soon_since,
                  front.soon_id) with ordinality
           as q(queue, late_at, late_since, late_id, soon_at, soon_since,
                soon_id, place)
      left join come as c
        on c.queue = q.queue;
    return front;
end
$$;

comment on function triage_data.front_at(timestamptz) is
'The places before which nothing can be claimed but what is aside, by what the statement that asks sees; null: none are known.';
