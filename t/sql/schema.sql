-- What every object has to have.

begin;
select plan(9);

select is_empty(
    $$select c.relname, a.attname
        from pg_class as c
        join pg_attribute as a
          on a.attrelid = c.oid
       where c.relnamespace in ('triage'::regnamespace,
                                'triage_data'::regnamespace)
         and c.relkind in ('r', 'p', 'v')
         and not c.relispartition
         and c.relname <> 'migration'
         and a.attnum > 0
         and not a.attisdropped
         and col_description(c.oid, a.attnum) is null$$,
    'every column has a comment');
select is_empty(
    $$select c.relname
        from pg_class as c
       where c.relnamespace in ('triage'::regnamespace,
                                'triage_data'::regnamespace)
         and c.relkind in ('r', 'p', 'v')
         and c.relname <> 'migration'
         and obj_description(c.oid) is null$$,
    'every table and view has a comment');
select is_empty(
    $$select c.relname
        from pg_class as c
        join pg_index as i
          on i.indexrelid = c.oid
       where c.relnamespace = 'triage_data'::regnamespace
         and not c.relispartition
         and not i.indisprimary
         and obj_description(c.oid) is null$$,
    'every index says what it is for');
select is_empty(
    $$select p.proname
        from pg_proc as p
       where p.pronamespace in ('triage'::regnamespace,
                                'triage_data'::regnamespace)
         and obj_description(p.oid) is null$$,
    'every function has a comment');
select is_empty(
    $$select p.proname
        from pg_proc as p
       where p.pronamespace in ('triage'::regnamespace,
                                'triage_data'::regnamespace)
       group by p.pronamespace, p.proname
      having count(*) > 1$$,
    'no function is overloaded');
select is_empty(
    $$select conrelid::regclass, conname
        from pg_constraint as c
        join pg_class as t
          on t.oid = c.conrelid
       where c.connamespace = 'triage_data'::regnamespace
         and not t.relispartition
         and c.conname not like t.relname || '\_%'$$,
    'constraints are named after their table');
select is_empty(
    $$select c.relname, t.relname
        from pg_index as i
        join pg_class as c
          on c.oid = i.indexrelid
        join pg_class as t
          on t.oid = i.indrelid
       where c.relnamespace = 'triage_data'::regnamespace
         and not t.relispartition
         and not i.indisprimary
         and c.relname not like t.relname || '\_%\_idx'$$,
    'indexes too');
select is_empty(
    $$select c.relname, a.attname
        from pg_class as c
        join pg_attribute as a
          on a.attrelid = c.oid
       where c.relnamespace = 'triage_data'::regnamespace
         and c.relkind in ('r', 'p')
         and a.attnum > 0
         and a.atttypid = 'timestamp'::regtype$$,
    'every time has a zone');
select is_empty(
    $$select p.proname
        from pg_proc as p
       where p.pronamespace = 'triage'::regnamespace
         and p.prosrc ~* 'advisory'$$,
    'no advisory lock: PgBouncer and Citus do not like them');

select * from finish();
rollback;
