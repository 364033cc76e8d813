-- The roles are the cluster's, so they may be there already, or be made by
-- another database's installer at this moment.
do $$
declare
    role text;
begin
    foreach role in array array['triage_ingest', 'triage_agent',
                                'triage_reader', 'triage_admin',
                                'triage_view'] loop
        continue when exists (select
                                from pg_catalog.pg_roles
                               where rolname = role);
        begin
            execute format('create role %I nologin', role);
        exception
            when duplicate_object or unique_violation then null;
        end;
    end loop;

    -- The views belong to triage_view: who installs has to be a member.
    if not pg_has_role('triage_view', 'member') then
        execute format('grant triage_view to %I', current_user);
    end if;
end
$$;
