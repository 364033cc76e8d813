create or replace function triage_data.note_front(
       least_dead int default 2000,
       from_the_beginning boolean default null)
returns void
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
#variable_conflict use_column
declare
    now constant timestamptz := triage.now();
    no_id constant uuid := '00000000-0000-0000-0000-000000000000';
    -- Once a minute, whatever was noted.
    anew boolean;
    noted bigint;
begin
    -- One at a time, as triage.tick has it: the last one saw most.
    perform
       from triage_data.chore as c
      where c.chore = 'tick'
        for update;

    -- Below that, a walk over what is dead is short.
    if pg_stat_get_dead_tuples('triage_data.conversation'::regclass)
       < note_front.least_dead then
        insert into triage_data.front (noted_at)
        select now
          from (select f.queues
                  from triage_data.front as f
                 order by f.front_no desc
                 limit 1) as l
         where l.queues is not null
        returning front_no
          into noted;
    else
        anew := coalesce(note_front.from_the_beginning, triage_data.is_due(
                             'note_front', interval '1 minute'));

        -- One statement: what it sees is what it says that it saw.  What this
        -- transaction writes afterwards it did not see.
        with begun as (
        select f.*
          from triage_data.front_at(now) as l
         cross join lateral unnest(l.queues, l.late_at, l.late_since,
                                   l.late_id, l.soon_at, l.soon_since,
                                   l.soon_id)
               as f(queue, late_at, late_since, late_id, soon_at, soon_since,
                    soon_id)
         where not anew
        ), places as (
        select q.queue,
               coalesce(b.late_at, '-infinity') as late_at,
               coalesce(b.late_since, '-infinity') as late_since,
               coalesce(b.late_id, no_id) as late_id,
               greatest(b.soon_at, now) as soon_at,
               case when b.soon_at >= now then b.soon_since else '-infinity'
               end as soon_since,
               case when b.soon_at >= now then b.soon_id else no_id
               end as soon_id
          from triage_data.queue as q
          left join begun as b
            on b.queue = q.queue
        )
        insert into triage_data.front
               (noted_at, queues, late_at, late_since, late_id, soon_at,
                soon_since, soon_id, unseen_from, unseen)
        select now,
               array_agg(p.queue order by p.queue),
               array_agg(coalesce(l.due_at, 'infinity') order by p.queue),
               array_agg(coalesce(l.waiting_since, 'infinity')
                         order by p.queue),
               array_agg(coalesce(l.conversation_id, no_id)
                         order by p.queue),
               array_agg(coalesce(s.due_at, 'infinity') order by p.queue),
               array_agg(coalesce(s.waiting_since, 'infinity')
                         order by p.queue),
               array_agg(coalesce(s.conversation_id, no_id)
                         order by p.queue),
               pg_snapshot_xmax(pg_current_snapshot()),
               array(select x
                       from pg_snapshot_xip(pg_current_snapshot()) as x)
               || pg_current_xact_id()
          from places as p
          left join lateral (
               select c.due_at, c.waiting_since, c.conversation_id
                 from triage_data.conversation as c
                where c.queue = p.queue
                  and c.waiting_since is not null
                  and (c.due_at, c.waiting_since, c.conversation_id)
                      >= (p.late_at, p.late_since, p.late_id)
                  and c.lease_until is null
                  and c.snoozed_until is null
                  and c.kept_until is null
                  and not c.aside
                order by c.due_at, c.waiting_since, c.conversation_id
                limit 1) as l
            on true
          left join lateral (
               select c.due_at, c.waiting_since, c.conversation_id
                 from triage_data.conversation as c
                where c.queue = p.queue
                  and c.waiting_since is not null
                  and (c.due_at, c.waiting_since, c.conversation_id)
                      >= (p.soon_at, p.soon_since, p.soon_id)
                  and c.lease_until is null
                  and c.snoozed_until is null
                  and c.kept_until is null
                  and not c.aside
                order by c.due_at, c.waiting_since, c.conversation_id
                limit 1) as s
            on true
        returning front_no
          into noted;
    end if;

    -- Who looks from the end meets none of these.
    delete from triage_data.front as f
     where f.front_no < noted;
end
$$;

comment on function triage_data.note_front(int, boolean) is
'Writes down where claims begin to look, while much that is dead lies before.';
