-- The first thing an installer runs, each time: the record of what was
-- applied.  Takes no lock that a live system would notice.

create schema if not exists triage_data;

create table if not exists triage_data.migration (
       name text not null constraint migration_pkey primary key,
       applied_at timestamptz not null default now()
);
