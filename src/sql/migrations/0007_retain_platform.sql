-- triage.retain takes a platform, too; nothing is overloaded.
drop function if exists triage.retain(interval);
