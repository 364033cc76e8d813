-- The roles are the cluster's, so they may be there already, or be made by
-- another database's installer at this moment.
do $$
declare
    role text;
begin
    foreach role in array array['triage_ingest', 'triage_agent',
                                'triage_reader', 'triage_admin'] loop
        continue when exists (select
                                from pg_catalog.pg_roles
                               where rolname = role);
        begin
            execute format('create role %I nologin', role);
        exception
            when duplicate_object or unique_violation then null;
        end;
    end loop;
end
$$;
