create or replace function triage_data.lane_head(
       queue text,
       languages text[],
       allowed text[],
       after_at timestamptz,
       after_since timestamptz,
       after_id uuid,
       before timestamptz)
returns table (
       due_at timestamptz,
       waiting_since timestamptz,
       conversation_id uuid)
language plpgsql
stable
rows 1
as $$
#variable_conflict use_column
begin
    -- A probe from one brand and language to the next; where its first is
    -- too early, another one.
    return query
    with recursive lane as (
    (select c.brand, c.language, c.due_at, c.waiting_since, c.conversation_id
       from triage_data.conversation as c
      where c.queue = lane_head.queue
        and c.waiting_since is not null
        and c.lease_until is null
        and c.snoozed_until is null
        and c.kept_until is null
      order by c.brand, c.language, c.due_at, c.waiting_since,
               c.conversation_id
      limit 1)
     union all
    select n.*
      from lane as l
     cross join lateral (
           select c.brand, c.language, c.due_at, c.waiting_since,
                  c.conversation_id
             from triage_data.conversation as c
            where c.queue = lane_head.queue
              and (c.brand, c.language) > (l.brand, l.language)
              and c.waiting_since is not null
              and c.lease_until is null
              and c.snoozed_until is null
              and c.kept_until is null
            order by c.brand, c.language, c.due_at, c.waiting_since,
                     c.conversation_id
            limit 1) as n
    ), mine as (
    select l.*,
           (l.due_at, l.waiting_since, l.conversation_id)
           > (lane_head.after_at, lane_head.after_since, lane_head.after_id)
               as is_behind
      from lane as l
     where (lane_head.languages is null
            or l.language = ''
            or l.language = any (lane_head.languages))
       and (lane_head.allowed is null
            or triage_data.is_allowed(lane_head.allowed, l.brand,
                                      lane_head.queue))
    )
    select h.*
      from (select m.due_at, m.waiting_since, m.conversation_id
              from mine as m
             where m.is_behind
             union all
            select n.*
              from mine as m
             cross join lateral (
                   select c.due_at, c.waiting_since, c.conversation_id
                     from triage_data.conversation as c
                    where c.queue = lane_head.queue
                      and c.brand = m.brand
                      and c.language = m.language
                      and (c.due_at, c.waiting_since, c.conversation_id)
                          > (lane_head.after_at, lane_head.after_since,
                             lane_head.after_id)
                      and c.waiting_since is not null
                      and c.lease_until is null
                      and c.snoozed_until is null
                      and c.kept_until is null
                    order by c.due_at, c.waiting_since, c.conversation_id
                    limit 1) as n
             where not m.is_behind) as h
     where h.due_at < lane_head.before
     order by h.due_at, h.waiting_since, h.conversation_id
     limit 1;
end
$$;

comment on function triage_data.lane_head(text, text[], text[], timestamptz, timestamptz, uuid, timestamptz) is
'The earliest deadline of a queue, after one and before another, that an agent can claim: however many are held or in another language, at the price of two probes a brand and language.';
