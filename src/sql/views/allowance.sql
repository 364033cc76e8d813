create or replace view triage.allowance as
select a.role,
       a.brand,
       a.queue
  from triage_data.allowance as a;

comment on view triage.allowance is
'Who sees which brands and queues.';
comment on column triage.allowance.role is
'The role; its members see the same.';
comment on column triage.allowance.brand is
'The brand; null: all.';
comment on column triage.allowance.queue is
'The queue; null: all.';
