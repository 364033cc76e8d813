create or replace function triage_data.count_resolutions(
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
    update triage_data.resolution as r
       set opened_at = w.opened_at,
           waited = w.waited,
           counted = w.counted,
           target = w.target,
           queue = coalesce(w.queue, r.queue)
      from (select n.resolution_id, e.*
              from triage_data.resolution as n
              left join lateral (
                   select p.closed_through
                     from triage_data.resolution as p
                    where p.conversation_id = n.conversation_id
                      and (p.closed_through, p.resolution_id)
                          < (n.closed_through, n.resolution_id)
                    order by p.closed_through desc, p.resolution_id desc
                    limit 1) as b
                on true
             cross join lateral triage_data.effort(
                   n.conversation_id,
                   coalesce(b.closed_through, '-infinity'),
                   n.closed_through) as e
             where n.conversation_id = any (count_resolutions.conversations)
               and n.closed_through >= count_resolutions.since) as w
     where r.resolution_id = w.resolution_id
       and (r.opened_at, r.waited, r.counted, r.target)
           is distinct from (w.opened_at, w.waited, w.counted, w.target);

    if not exists (select
                     from triage_data.queue as q
                    where q.resolve is not null) then
        return;
    end if;

    -- What still waits: its clock stood still while nobody did.
    -- What was raised is not raised again before it is closed.
    update triage_data.conversation as c
       set resolve_due_at = triage_data.due_after(
               w.hours, c.waiting_since,
               greatest(w.target - w.counted, interval '0')),
           resolve_look_at = case
               when w.raised @> '{escalation}' then null
               when w.warn is null or w.raised @> '{warning}'
               then triage_data.due_after(
                        w.hours, c.waiting_since,
                        greatest(w.target - w.counted, interval '0'))
               else triage_data.due_after(
                        w.hours, c.waiting_since,
                        greatest((1 - w.warn) * w.target - w.counted,
                                 interval '0'))
           end
      from (select n.conversation_id, e.*, q.warn,
                   array(select a.kind
                           from triage_data.alert as a
                          where a.conversation_id = n.conversation_id
                            and a.deadline = 'resolution'
                            and a.waiting_since > b.closed_through) as raised
              from unnest(count_resolutions.conversations)
                   as n(conversation_id)
             cross join lateral (
                   select coalesce(max(r.closed_through), '-infinity')
                              as closed_through
                     from triage_data.resolution as r
                    where r.conversation_id = n.conversation_id) as b
             cross join lateral triage_data.effort(
                   n.conversation_id, b.closed_through, 'infinity') as e
              left join triage_data.queue as q
                on q.queue = e.queue
             where e.target is not null) as w
     where c.conversation_id = w.conversation_id
       and c.waiting_since is not null;
end
$$;

comment on function triage_data.count_resolutions(uuid[], timestamptz) is
'Works out anew what it took to close conversations since a time, and until when those that wait have to be closed.';
