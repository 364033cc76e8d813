create or replace function triage_data.make_partitions(
       parent text,
       time_column text,
       first_month timestamp,
       months int)
returns int
language plpgsql
as $$
declare
    made int := 0;
    month timestamp;
    partition text;
    entries regclass;
begin
    for ahead in 0 .. make_partitions.months - 1 loop
        month := make_partitions.first_month + make_interval(months => ahead);
        partition := format('%s_%s', make_partitions.parent,
                            to_char(month, 'YYYY_MM'));
        continue when to_regclass('triage_data.' || partition) is not null;

        -- Made beside the table and attached: nobody who writes to another
        -- month has to wait.  What the default partition holds of this month
        -- moves.
        execute format(
            'create table triage_data.%I
                    (like triage_data.%I including defaults including storage
                     including compression)',
            partition, make_partitions.parent);
        execute format(
            'lock table triage_data.%I in access exclusive mode',
            make_partitions.parent || '_default');
        execute format(
            'with moved as (
                  delete from triage_data.%1$I
                   where %2$I >= %3$L and %2$I < %4$L
                  returning *)
             insert into triage_data.%5$I select * from moved',
            make_partitions.parent || '_default',
            make_partitions.time_column,
            month at time zone 'UTC',
            (month + interval '1 month') at time zone 'UTC',
            partition);
        execute format(
            'alter table triage_data.%I attach partition triage_data.%I
                    for values from (%L) to (%L)',
            make_partitions.parent, partition,
            month at time zone 'UTC',
            (month + interval '1 month') at time zone 'UTC');
        -- Hardly two entries of an index are alike: looking for such as could
        -- share a place, before a page is split, would find none.
        for entries in
            select i.indexrelid
              from pg_index as i
             where i.indrelid = to_regclass('triage_data.' || partition)
               and not i.indisunique
        loop
            execute format('alter index %s set (deduplicate_items = off)',
                           entries);
        end loop;
        execute format(
            'comment on table triage_data.%I is %L',
            partition, 'A month of ' || make_partitions.parent || '.');
        made := made + 1;
    end loop;
    return made;
end
$$;

comment on function triage_data.make_partitions(text, text, timestamp, int) is
'Makes the monthly partitions that are not there yet; months are of UTC.  Returns how many.';
