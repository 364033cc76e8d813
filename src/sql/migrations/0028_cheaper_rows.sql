-- Months took only the defaults of their table's columns, not how these are
-- compressed: raw bodies of more than 2 KB cost ten times the time.  A server
-- that was built without lz4 keeps its default.  What is there stays as it is.
do $$
declare
    long_one record;
begin
    for long_one in
        select t.oid::regclass as name, p.column_name
          from (values ('triage_data.delivery', 'raw'),
                       ('triage_data.message', 'text'),
                       ('triage_data.dead_letter', 'raw'))
               as p(name, column_name)
          join pg_class as t
            on t.oid = p.name::regclass
            or t.oid in (select i.inhrelid
                           from pg_inherits as i
                          where i.inhparent = p.name::regclass)
    loop
        execute format('alter table %s alter column %I set compression lz4',
                       long_one.name, long_one.column_name);
    end loop;
exception
    when feature_not_supported then null;
end
$$;

-- Hardly two entries of these are alike: PostgreSQL need not look for such as
-- could share a place each time before it splits a page.
do $$
declare
    entries regclass;
begin
    for entries in
        select i.indexrelid
          from pg_index as i
          join pg_class as c
            on c.oid = i.indexrelid
          left join pg_inherits as p
            on p.inhrelid = i.indrelid
         where c.relkind = 'i'
           and (not i.indisunique
                and p.inhparent in ('triage_data.message'::regclass,
                                    'triage_data.delivery'::regclass)
                or i.indrelid = 'triage_data.conversation'::regclass
               and c.relname in ('conversation_waiting_idx',
                                 'conversation_ready_idx'))
    loop
        execute format('alter index %s set (deduplicate_items = off)',
                       entries);
    end loop;
end
$$;
