create or replace function triage_data.heads(
       queues text[],
       now timestamptz,
       soon timestamptz,
       allowed text[])
returns table (
       queue text,
       stage text,
       after timestamptz,
       before timestamptz,
       heaviness double precision,
       due_at timestamptz,
       conversation_id uuid)
language plpgsql
stable
as $$
#variable_conflict use_column
begin
    return query
    select q.queue, 'late', '-infinity'::timestamptz, heads.now,
           q.weight * extract(epoch from heads.now - h.waiting_since)::float8
           / extract(epoch from q.respond)::float8,
           h.due_at, h.conversation_id
      from triage_data.queue as q
     cross join lateral (
           select c.conversation_id, c.waiting_since, c.due_at
             from triage_data.conversation as c
            where c.queue = q.queue
              and c.waiting_since is not null
              and c.due_at < heads.now
              and (c.lease_until is null or c.lease_until <= heads.now)
              and (c.snoozed_until is null or c.snoozed_until <= heads.now)
              and (heads.allowed is null
                   or triage_data.is_allowed(heads.allowed, c.brand,
                                             c.queue))
            order by c.due_at, c.conversation_id
            limit 1) as h
     where heads.queues is null
        or q.queue = any (heads.queues)
     union all
    select q.queue,
           case when h.due_at < heads.soon then 'soon' else 'calm' end,
           heads.now,
           case when h.due_at < heads.soon
                then heads.soon else 'infinity'::timestamptz end,
           case when h.due_at < heads.soon then q.weight else 0 end,
           h.due_at, h.conversation_id
      from triage_data.queue as q
     cross join lateral (
           select c.conversation_id, c.due_at
             from triage_data.conversation as c
            where c.queue = q.queue
              and c.waiting_since is not null
              and c.due_at >= heads.now
              and (c.lease_until is null or c.lease_until <= heads.now)
              and (c.snoozed_until is null or c.snoozed_until <= heads.now)
              and (heads.allowed is null
                   or triage_data.is_allowed(heads.allowed, c.brand,
                                             c.queue))
            order by c.due_at, c.conversation_id
            limit 1) as h
     where heads.queues is null
        or q.queue = any (heads.queues);
end
$$;

comment on function triage_data.heads(text[], timestamptz, timestamptz, text[]) is
'The best candidate of each queue among the late ones and among those in time: two index probes a queue.';
