create or replace view triage.held as
select c.claimed_by as agent,
       c.conversation_id,
       c.lease_until,
       c.brand,
       c.queue
  from triage_data.conversation as c
 where c.claimed_by is not null
   and c.waiting_since is not null
   and c.lease_until is not null;

comment on view triage.held is
'Who holds what, a row a lease, those that ran out a moment ago too: to be read with an agent and a lease_until, and quick then, however many wait.';
comment on column triage.held.agent is
'Who holds it.';
comment on column triage.held.conversation_id is
'The conversation: a row of triage.inbox.';
comment on column triage.held.lease_until is
'Until when.';
comment on column triage.held.brand is
'The brand.';
comment on column triage.held.queue is
'The queue that it waits in.';
