-- The first thing an installer runs, each time: the record of what was
-- applied.  Takes no lock that a live system would notice.  "if not exists"
-- does not save the second of two installers who make the same thing at the
-- same moment: it waits for the first, and is told of a duplicate.

do $$
begin
    create schema if not exists triage_data;
exception
    when unique_violation or duplicate_schema then null;
end
$$;

do $$
begin
    create table if not exists triage_data.migration (
           name text not null constraint migration_pkey primary key,
           applied_at timestamptz not null default now()
    );
exception
    when unique_violation or duplicate_table or duplicate_object then null;
end
$$;
