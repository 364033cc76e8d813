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
    -- The earliest deadline of each queue, brand and language in which
    -- somebody waits: a probe each, from one to the next.
    select q.queue, q.weight, q.respond, q.hours, n.*
      from triage_data.queue as q
     cross join lateral (
           select c.brand, c.language, c.due_at, c.conversation_id,
                  c.waiting_since
             from triage_data.conversation as c
            where c.queue = q.queue
              and c.waiting_since is not null
              and c.lease_until is null
              and c.snoozed_until is null
              and c.kept_until is null
            order by c.brand, c.language, c.due_at, c.conversation_id
            limit 1) as n
     where heads.queues is null
        or q.queue = any (heads.queues)
     union all
    select l.queue, l.weight, l.respond, l.hours, n.*
      from lane as l
     cross join lateral (
           select c.brand, c.language, c.due_at, c.conversation_id,
                  c.waiting_since
             from triage_data.conversation as c
            where c.queue = l.queue
              and (c.brand, c.language) > (l.brand, l.language)
              and c.waiting_since is not null
              and c.lease_until is null
              and c.snoozed_until is null
              and c.kept_until is null
            order by c.brand, c.language, c.due_at, c.conversation_id
            limit 1) as n
    ), mine as (
    select l.*
      from lane as l
     where (heads.languages is null
            or l.language = ''
            or l.language = any (heads.languages))
       and (heads.allowed is null
            or triage_data.is_allowed(heads.allowed, l.brand, l.queue))
    ), head as (
    select m.queue, m.brand, m.language, m.weight, m.respond, m.hours,
           m.due_at, m.conversation_id, m.waiting_since
      from mine as m
     union all
    -- Where it is late, also the earliest in time.
    select m.queue, m.brand, m.language, m.weight, m.respond, m.hours,
           n.*
      from mine as m
     cross join lateral (
           select c.due_at, c.conversation_id, c.waiting_since
             from triage_data.conversation as c
            where c.queue = m.queue
              and c.brand = m.brand
              and c.language = m.language
              and c.due_at >= heads.now
              and c.waiting_since is not null
              and c.lease_until is null
              and c.snoozed_until is null
              and c.kept_until is null
            order by c.due_at, c.conversation_id
            limit 1) as n
     where m.due_at < heads.now
    )
    select h.queue, h.brand, h.language, s.stage,
           case s.stage when 'late' then '-infinity' else heads.now end,
           case s.stage
           when 'late' then heads.now
           when 'soon' then heads.soon
           else 'infinity'
           end,
           case s.stage
           when 'late'
           then h.weight
                * extract(epoch from
                      case when h.hours is null
                           then heads.now - h.waiting_since
                           else triage_data.open_time(
                                    h.hours, h.waiting_since, heads.now)
                      end)::float8
                / extract(epoch from h.respond)::float8
           when 'soon' then h.weight
           else 0
           end,
           h.due_at, h.conversation_id
      from head as h
     cross join lateral (
           select case
                  when h.due_at < heads.now then 'late'
                  when h.due_at < heads.soon then 'soon'
                  else 'calm'
                  end as stage) as s;
end
$$;

comment on function triage_data.heads(text[], text[], text[], timestamptz, timestamptz) is
'The best candidate of each queue, brand and language among the late ones and among those in time: at most two index probes each.';
