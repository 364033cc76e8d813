create or replace function triage_data.head(
       queues text[],
       languages text[],
       allowed text[],
       is_late boolean,
       now timestamptz,
       soon timestamptz,
       front triage_data.front,
       passed text[],
       passed_at timestamptz[],
       passed_since timestamptz[],
       passed_id uuid[],
       out place text,
       out due_at timestamptz,
       out waiting_since timestamptz,
       out conversation_id uuid)
language plpgsql
stable
as $$
#variable_conflict use_column
declare
    -- How many that are held, or not for this agent, are passed by.
    most constant int := 128;
    stage constant text := case when head.is_late then 'late ' else '' end;
    start_at constant timestamptz := case
        when head.is_late then '-infinity'
        else head.now - interval '1 microsecond' end;
    -- Behind all who have that deadline.
    start_since constant timestamptz := 'infinity';
    start_id constant uuid := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
    before constant timestamptz := case
        when head.is_late then head.now else 'infinity' end;
    front_at constant timestamptz[] := case
        when head.is_late then (head.front).late_at
        else (head.front).soon_at end;
    front_since constant timestamptz[] := case
        when head.is_late then (head.front).late_since
        else (head.front).soon_since end;
    front_id constant uuid[] := case
        when head.is_late then (head.front).late_id
        else (head.front).soon_id end;
begin
    -- A queue's best candidate is one probe, and a few steps over what is
    -- held; many steps are left to triage_data.lane_head.
    select stage || s.queue, s.due_at, s.waiting_since, s.conversation_id
      into head.place, head.due_at, head.waiting_since, head.conversation_id
      from (select q.queue, f.due_at, f.waiting_since, f.conversation_id,
                   case
                   when head.is_late
                   then q.weight
                        * extract(epoch from
                              case when q.hours is null
                                   then head.now - f.waiting_since
                                   else triage_data.open_time(
                                            q.hours, f.waiting_since,
                                            head.now)
                              end)::float8
                        / extract(epoch from q.respond)::float8
                   when f.due_at < head.soon
                   then q.weight
                   else 0
                   end as heaviness
              from (select p.*,
                           coalesce(head.passed_at[array_position(
                                        head.passed, stage || p.queue)],
                                    start_at) as after_at,
                           coalesce(head.passed_since[array_position(
                                        head.passed, stage || p.queue)],
                                    start_since) as after_since,
                           coalesce(head.passed_id[array_position(
                                        head.passed, stage || p.queue)],
                                    start_id) as after_id,
                           array_position((head.front).queues, p.queue)
                               as place
                      from triage_data.queue as p
                     where head.queues is null
                        or p.queue = any (head.queues)
                    offset 0) as q
             cross join lateral (
                   select (front_at[q.place], front_since[q.place],
                           front_id[q.place])
                          > (q.after_at, q.after_since, q.after_id)
                              as is_ahead
                   offset 0) as a
             cross join lateral (
                   select case when a.is_ahead then front_at[q.place]
                               else q.after_at end as at,
                          case when a.is_ahead then front_since[q.place]
                               else q.after_since end as since,
                          case when a.is_ahead then front_id[q.place]
                               else q.after_id end as id
                   offset 0) as b
             -- What stands before the front, then what is behind.
             cross join lateral (
                   select w.*
                     from ((select c.due_at, c.waiting_since,
                                   c.conversation_id,
                                   (head.languages is null
                                    or c.language = ''
                                    or c.language = any (head.languages))
                                   and (head.allowed is null
                                        or triage_data.is_allowed(
                                               head.allowed, c.brand,
                                               q.queue)) as is_free,
                                   row_number() over (
                                       order by c.due_at, c.waiting_since,
                                                c.conversation_id) as step
                              from triage_data.conversation as c
                             where a.is_ahead
                               and c.queue = q.queue
                               and c.aside
                               and c.waiting_since is not null
                               and c.lease_until is null
                               and c.snoozed_until is null
                               and c.kept_until is null
                               and (c.due_at, c.waiting_since,
                                    c.conversation_id)
                                   > (q.after_at, q.after_since, q.after_id)
                               and (c.due_at, c.waiting_since,
                                    c.conversation_id)
                                   < (b.at, b.since, b.id)
                               and c.due_at < before
                             order by c.due_at, c.waiting_since,
                                      c.conversation_id
                             limit most)
                             union all
                           (select c.due_at, c.waiting_since,
                                   c.conversation_id,
                                   c.lease_until is null
                                   and c.snoozed_until is null
                                   and c.kept_until is null
                                   and (head.languages is null
                                        or c.language = ''
                                        or c.language = any (head.languages))
                                   and (head.allowed is null
                                        or triage_data.is_allowed(
                                               head.allowed, c.brand,
                                               q.queue)) as is_free,
                                   row_number() over (
                                       order by c.due_at, c.waiting_since,
                                                c.conversation_id) as step
                              from triage_data.conversation as c
                             where c.queue = q.queue
                               and c.waiting_since is not null
                               and (c.due_at, c.waiting_since,
                                    c.conversation_id)
                                   >= (b.at, b.since, b.id)
                               and (a.is_ahead
                                    or c.conversation_id <> b.id)
                               and c.due_at < before
                             order by c.due_at, c.waiting_since,
                                      c.conversation_id
                             limit most)) as w
                    where w.is_free
                       or w.step = most
                    limit 1) as w
             cross join lateral (
                   select w.due_at, w.waiting_since, w.conversation_id
                    where w.is_free
                    union all
                   select l.*
                     from triage_data.lane_head(
                          q.queue, head.languages, head.allowed,
                          q.after_at, q.after_since, q.after_id,
                          before) as l
                    where not w.is_free) as f) as s
     order by s.due_at < head.soon desc, s.heaviness desc, s.due_at,
              s.waiting_since, s.conversation_id
     limit 1;
end
$$;

comment on function triage_data.head(text[], text[], text[], boolean, timestamptz, timestamptz, triage_data.front, text[], timestamptz[], timestamptz[], uuid[]) is
'The best of what is late, or of what can be kept in time, that an agent can claim: at most one candidate of each queue, behind those that were passed.';
