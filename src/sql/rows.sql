-- Which rows the views show (decision 0060).  Their owner is a role that has
-- no rights but to read the tables, and row-level security holds for it; the
-- functions run as the owner of the tables, whom it does not slow down, and
-- check for themselves.

do $$
declare
    -- A sub-select is worked out once a query, not once a row.
    everything constant text := '(select triage_data.allowed()) is null';
    call constant text :=
        'triage_data.is_%s((select triage_data.allowed()), %s)';
    noun record;
begin
    for noun in
        select c.relname as name
          from pg_class as c
         where c.relnamespace = 'triage_data'::regnamespace
           and c.relkind in ('r', 'p', 'v')
           and not c.relispartition
           and c.relname <> 'migration'
    loop
        execute format('grant select on triage_data.%I to triage_view',
                       noun.name);
    end loop;

    for noun in
        select c.relname as name,
               case
               -- Nothing tells of which brand they are.
               when c.relname in ('erasure', 'allowance') then 'false'
               when c.relname = 'agent'
               then 'triage_data.are_queues_allowed('
                    || '(select triage_data.allowed()), queues)'
               when c.relname = 'spike'
               then format(call, 'spike_allowed', 'brand, queues')
               when c.relname = 'correction'
               then format(call, 'correction_allowed',
                           'message_no, sent_at')
               -- A conversation moves from queue to queue: its words go
               -- along.
               when c.relname = 'message'
               then format(call, 'allowed', 'brand, queue') || ' or '
                    || format(call, 'message_allowed',
                              'conversation_id, kind')
               when a.names @> '{brand,queue}'
               then format(call, 'allowed', 'brand, queue')
               when a.names @> '{conversation_id}'
               then format(call, 'conversation_allowed', 'conversation_id')
               when a.names @> '{brand}'
               then format(call, 'allowed', 'brand, null')
               when a.names @> '{queue}'
               then format(call, 'queue_allowed', 'queue')
               end as condition
          from pg_class as c
         cross join lateral (
               select array_agg(a.attname::text) as names
                 from pg_attribute as a
                where a.attrelid = c.oid
                  and a.attnum > 0
                  and not a.attisdropped) as a
         where c.relnamespace = 'triage_data'::regnamespace
           and c.relkind in ('r', 'p')
           and not c.relispartition
           and not exists (select
                             from pg_policy as p
                            where p.polrelid = c.oid)
    loop
        continue when noun.condition is null;
        execute format(
            'alter table triage_data.%I enable row level security',
            noun.name);
        execute format(
            'create policy allowed on triage_data.%I for select '
            'to triage_view using (%s or %s)',
            noun.name, everything, noun.condition);
    end loop;

    for noun in
        select c.relname as name
          from pg_class as c
         where c.relnamespace = 'triage'::regnamespace
           and c.relkind = 'v'
           and c.relowner <> 'triage_view'::regrole
    loop
        -- A new owner has to have the right to make it.
        grant create on schema triage to triage_view;
        execute format('alter view triage.%I owner to triage_view',
                       noun.name);
        revoke create on schema triage from triage_view;
    end loop;
end
$$;
