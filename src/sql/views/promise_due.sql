create or replace view triage.promise_due as
select p.promise_id,
       p.conversation_id,
       p.agent,
       p.made_at,
       p.due_at,
       p.due_at < triage.now() as broken,
       p.note,
       c.waiting_since is not null as waiting,
       c.closed_at is not null as closed,
       c.platform,
       c.brand,
       c.account,
       c.customer as author_id
  from triage_data.promise as p
  join triage_data.conversation as c
    on c.conversation_id = p.conversation_id
 where p.kept_at is null;

comment on view triage.promise_due is
'The promises that are not kept yet.';
comment on column triage.promise_due.promise_id is
'The promise.';
comment on column triage.promise_due.conversation_id is
'To whom it was given.';
comment on column triage.promise_due.agent is
'Who gave it.';
comment on column triage.promise_due.made_at is
'When it was given.';
comment on column triage.promise_due.due_at is
'Its deadline.';
comment on column triage.promise_due.broken is
'Whether the deadline has passed.';
comment on column triage.promise_due.note is
'What was promised, in the agent''s words.';
comment on column triage.promise_due.waiting is
'Whether the customer waits for an answer, too.';
comment on column triage.promise_due.closed is
'Whether the conversation is closed.';
comment on column triage.promise_due.platform is
'The platform''s name.';
comment on column triage.promise_due.brand is
'The brand.';
comment on column triage.promise_due.account is
'The page, number or handle addressed.';
comment on column triage.promise_due.author_id is
'The platform''s id of the customer.';
