-- The answer that gave a promise does not keep it, nor does the platform's
-- report of it.

alter table triage_data.promise
  add column answer_id bigint not null default 0,
  add column echoes_from timestamptz;
comment on column triage_data.promise.answer_id is
'The last answer before it was given: an answer after this one keeps it.';
comment on column triage_data.promise.echoes_from is
'An echo from here on keeps it; what came before is of the answer that gave it.  Null: as keeps_from.';
