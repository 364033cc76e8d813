create or replace function triage_data.heads(
       queues text[],
       languages text[],
       allowed text[],
       now timestamptz,
       soon timestamptz)
returns table (
       queue text,
       brand text,
       language text,
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
    with recursive lane as (
    -- The brands and languages in which somebody waits: a probe each.
    select q.queue, q.weight, q.respond, n.brand, n.language
      from triage_data.queue as q
     cross join lateral (
           select c.brand, c.language
             from triage_data.conversation as c
            where c.queue = q.queue
              and c.waiting_since is not null
              and c.lease_until is null
              and c.snoozed_until is null
              and c.kept_until is null
            order by c.brand, c.language
            limit 1) as n
     where heads.queues is null
        or q.queue = any (heads.queues)
     union all
    select l.queue, l.weight, l.respond, n.brand, n.language
      from lane as l
     cross join lateral (
           select c.brand, c.language
             from triage_data.conversation as c
            where c.queue = l.queue
              and (c.brand, c.language) > (l.brand, l.language)
              and c.waiting_since is not null
              and c.lease_until is null
              and c.snoozed_until is null
              and c.kept_until is null
            order by c.brand, c.language
            limit 1) as n
    ), mine as (
    select l.*
      from lane as l
     where (heads.languages is null
            or l.language = ''
            or l.language = any (heads.languages))
       and (heads.allowed is null
            or triage_data.is_allowed(heads.allowed, l.brand, l.queue))
    )
    select l.queue, l.brand, l.language, 'late', '-infinity'::timestamptz, heads.now,
           l.weight * extract(epoch from heads.now - h.waiting_since)::float8
           / extract(epoch from l.respond)::float8,
           h.due_at, h.conversation_id
      from mine as l
     cross join lateral (
           select c.conversation_id, c.waiting_since, c.due_at
             from triage_data.conversation as c
            where c.queue = l.queue
              and c.brand = l.brand
              and c.language = l.language
              and c.due_at < heads.now
              and c.waiting_since is not null
              and c.lease_until is null
              and c.snoozed_until is null
              and c.kept_until is null
            order by c.due_at, c.conversation_id
            limit 1) as h
     union all
    select l.queue, l.brand, l.language,
           case when h.due_at < heads.soon then 'soon' else 'calm' end,
           heads.now,
           case when h.due_at < heads.soon
                then heads.soon else 'infinity'::timestamptz end,
           case when h.due_at < heads.soon then l.weight else 0 end,
           h.due_at, h.conversation_id
      from mine as l
     cross join lateral (
           select c.conversation_id, c.due_at
             from triage_data.conversation as c
            where c.queue = l.queue
              and c.brand = l.brand
              and c.language = l.language
              and c.due_at >= heads.now
              and c.waiting_since is not null
              and c.lease_until is null
              and c.snoozed_until is null
              and c.kept_until is null
            order by c.due_at, c.conversation_id
            limit 1) as h;
end
$$;

comment on function triage_data.heads(text[], text[], text[], timestamptz, timestamptz) is
'The best candidate of each queue, brand and language among the late ones and among those in time: two index probes each.';
