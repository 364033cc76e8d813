-- A handover to another queue keeps the clock of the resolution running.

alter table triage_data.message
  add column resolve_queue text collate "C";
comment on column triage_data.message.resolve_queue is
'Another queue that it waited in, whose target for closing counts as well; null: none.';
