create or replace view triage.handoff_due as
select h.handoff_id,
       h.conversation_id,
       h.private_id,
       h.agent,
       h.invited_at,
       h.came_at,
       case when h.came_at is null
            then h.due_at
            else p.due_at
       end as due_at,
       case when h.came_at is not null then 'came'
            when h.due_at < triage.now() then 'expired'
            else 'invited'
       end as state,
       h.platform,
       h.brand,
       c.account,
       h.customer as author_id
  from triage_data.handoff as h
  join triage_data.conversation as c
    on c.conversation_id = h.conversation_id
  left join triage_data.conversation as p
    on p.conversation_id = h.private_id
 where h.answered_at is null;

comment on view triage.handoff_due is
'The customers who were invited to a private channel and are not answered there yet.';
comment on column triage.handoff_due.handoff_id is
'The invitation.';
comment on column triage.handoff_due.conversation_id is
'The public conversation.';
comment on column triage.handoff_due.private_id is
'The private conversation; null: the customer has not come.';
comment on column triage.handoff_due.agent is
'Who invited the customer.';
comment on column triage.handoff_due.invited_at is
'When.';
comment on column triage.handoff_due.came_at is
'When the customer wrote in private; null: not yet.';
comment on column triage.handoff_due.due_at is
'Until when the invitation holds; once the customer has come, the deadline of the answer.';
comment on column triage.handoff_due.state is
'invited; came: written in private, not answered; expired: the invitation holds no more.';
comment on column triage.handoff_due.platform is
'The platform''s name.';
comment on column triage.handoff_due.brand is
'The brand.';
comment on column triage.handoff_due.account is
'The page, number or handle of the public conversation.';
comment on column triage.handoff_due.author_id is
'The platform''s id of the customer.';
