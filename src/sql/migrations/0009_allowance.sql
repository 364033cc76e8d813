-- Who sees which brands and queues.

create table triage_data.allowance (
       role text collate "C" not null,
       brand text collate "C",
       queue text collate "C"
);

comment on table triage_data.allowance is
'Which rows a role sees: those of any of its rows here.  The rows of triage''s own group roles count for members that have none of their own.';
comment on column triage_data.allowance.role is
'A role of the cluster: its members see the same.';
comment on column triage_data.allowance.brand is
'The brand that it sees; null: all.';
comment on column triage_data.allowance.queue is
'The queue that it sees; null: all.';

create unique index allowance_role_idx
    on triage_data.allowance (role, brand, queue) nulls not distinct;
comment on index triage_data.allowance_role_idx is
'The same allowance once.';

-- These take what the session is allowed, too; nothing is overloaded.
drop function if exists triage_data.next_conversation(text[], timestamptz);
drop function if exists triage_data.heads(text[], timestamptz, timestamptz);

-- Until an administrator says otherwise, who may read sees everything.
insert into triage_data.allowance (role)
values ('triage_agent'), ('triage_reader'), ('triage_admin');
