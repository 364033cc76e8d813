create or replace function triage.retain(
       span interval,
       platform text default null,
       names_only boolean default false)
returns int
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '2s'
as $$
#variable_conflict use_column
declare
    oldest constant timestamptz := triage.now() - retain.span;
    partition record;
    dropped int := 0;
begin
    perform triage_data.check_allowed_all();
    if retain.span is null or retain.span < interval '1 day' then
        raise exception 'at least a day is kept, not %', retain.span
              using errcode = 'TR007';
    end if;

    if retain.names_only and retain.platform is null then
        raise exception 'names alone are forgotten of a platform'
              using errcode = 'TR007';
    end if;
    if retain.platform is not null then
        return triage_data.blank(retain.platform, oldest,
                                 coalesce(retain.names_only, false));
    end if;

    -- Conversations first, so that what still waits is known.
    delete from triage_data.conversation as c
     where c.waiting_since is null
       and c.answered_through < oldest
       and not exists (select
                         from triage_data.promise as p
                        where p.conversation_id = c.conversation_id
                          and p.kept_at is null)
       and not exists (select
                         from triage_data.message as m
                        where m.conversation_id = c.conversation_id
                          and m.clock_at >= oldest);

    for partition in
        select p.relname as parent, c.relname as name
          from pg_inherits as i
          join pg_class as p
            on p.oid = i.inhparent
          join pg_class as c
            on c.oid = i.inhrelid
         where p.oid in ('triage_data.message'::regclass,
                         'triage_data.delivery'::regclass)
           and c.relname ~ '_\d{4}_\d\d$'
           and (to_date(right(c.relname, 7), 'YYYY_MM')
                + interval '1 month') at time zone 'UTC' <= oldest
         order by p.relname, c.relname
    loop
        execute format(
            'alter table triage_data.%I detach partition triage_data.%I',
            partition.parent, partition.name);
        -- Nobody is dropped: what still waits moves to the default partition.
        if partition.parent = 'message' then
            execute format(
                'insert into triage_data.message
                 select m.*
                   from triage_data.%I as m
                   join triage_data.conversation as c
                     on c.conversation_id = m.conversation_id
                  where c.waiting_since is not null
                    and m.clock_at > c.answered_through',
                partition.name);
        end if;
        execute format('drop table triage_data.%I', partition.name);
        dropped := dropped + 1;
    end loop;

    delete from triage_data.message_default as m
     where m.sent_at < oldest
       and m.received_at < oldest
       and not exists (select
                         from triage_data.conversation as c
                        where c.conversation_id = m.conversation_id
                          and c.waiting_since is not null
                          and m.clock_at > c.answered_through);
    delete from triage_data.delivery_default as d
     where d.received_at < oldest;
    -- Of what is gone the sums are not true any more.
    with answers as (
    delete from triage_data.answer as a
     where a.answered_at < oldest
       and not exists (select
                         from triage_data.conversation as c
                        where c.conversation_id = a.conversation_id)
    returning a.answered_at as at
    ), resolutions as (
    delete from triage_data.resolution as r
     where r.closed_at < oldest
       and not exists (select
                         from triage_data.conversation as c
                        where c.conversation_id = r.conversation_id)
    returning r.closed_at as at
    ), acknowledgements as (
    delete from triage_data.acknowledgement as k
     where k.acknowledged_at < oldest
       and not exists (select
                         from triage_data.conversation as c
                        where c.conversation_id = k.conversation_id)
    returning k.acknowledged_at as at
    )
    insert into triage_data.unsummed_hour (hour)
    select triage_data.hour_of(g.at)
      from (table answers union all
            table resolutions union all
            table acknowledgements) as g
     group by 1
        on conflict do nothing;
    delete from triage_data.fair_answer as f
     where f.answered_at - f.took * interval '1 second' < oldest
       and not exists (select
                         from triage_data.message as m
                        where m.message_no = f.message_no);
    delete from triage_data.alert as a
     where a.raised_at < oldest;
    delete from triage_data.pick as p
     where p.picked_at < oldest;
    delete from triage_data.promise as p
     where p.kept_at < oldest;
    delete from triage_data.handoff as h
     where h.due_at < oldest;
    delete from triage_data.arrival as a
     where a.arrived_at < oldest;
    delete from triage_data.early_change as e
     where e.recorded_at < oldest;
    delete from triage_data.correction as k
     where k.corrected_at < oldest;
    delete from triage_data.dead_letter as l
     where l.received_at < oldest;
    -- Who was erased is known for longer than any spool is late.
    delete from triage_data.erasure as e
     where e.erased_at < least(oldest, triage.now() - interval '90 days');

    return dropped;
end
$$;

comment on function triage.retain(interval, text, boolean) is
'Forgets what is older: drops whole months, and what else has had its day.  What still waits stays, with its words.  Returns how many partitions were dropped.  With a platform: its words, names and bodies go, of what still waits too; returns of how many messages.';
