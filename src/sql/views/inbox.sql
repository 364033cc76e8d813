create or replace view triage.inbox as
select c.conversation_id,
       c.queue,
       c.urgency,
       c.visibility,
       c.waiting_since,
       c.due_at,
       c.platform,
       c.brand,
       c.account,
       c.audience,
       m.author_id,
       m.author_name,
       m.author_handle,
       m.text,
       c.contacts,
       triage_data.reasons(u.terms) as reasons,
       case when c.lease_until > triage.now() then c.claimed_by end
           as claimed_by,
       case when c.lease_until > triage.now() then c.lease_until end
           as lease_until,
       c.latest_no as message_no,
       case when c.snoozed_until > triage.now() then c.snoozed_until end
           as snoozed_until,
       (select min(p.due_at)
          from triage_data.promise as p
         where p.conversation_id = c.conversation_id
           and p.kept_at is null) as promise_due_at,
       c.resolve_due_at,
       c.warned,
       (select s.subject
          from triage_data.spike as s
         where s.ended_at is null
           and s.brand = c.brand
           and (s.kind = 'brand'
                or s.thread = triage_data.thread(c.conversation_id)
                or s.kind = 'phrase'
                   and s.subject = any (triage_data.phrases(m.text)))
         order by array_position(array['thread', 'phrase', 'brand'], s.kind),
                  s.spike_id
         limit 1) as spike,
       c.resolve_due_at is not null
       and exists (
           select
             from triage_data.alert as a
            where a.conversation_id = c.conversation_id
              and a.deadline = 'resolution'
              and a.kind = 'warning'
              and a.waiting_since > coalesce((
                  select max(r.closed_through)
                    from triage_data.resolution as r
                   where r.conversation_id = c.conversation_id),
                  '-infinity')) as resolve_warned
  from triage_data.conversation as c
  left join triage_data.message as m
    on m.conversation_id = c.conversation_id
   and m.clock_at = c.latest_at
   and m.sent_at >= c.latest_at -- which leaves out the months before
   and m.message_no = c.latest_no
  left join triage_data.message as u
    on u.conversation_id = c.conversation_id
   and u.clock_at = c.urgent_at
   and u.sent_at >= c.urgent_at
   and u.message_no = c.urgent_no
 where c.waiting_since is not null;

comment on view triage.inbox is
'What waits, a row a conversation.';
comment on column triage.inbox.conversation_id is
'The conversation; what the agents'' functions take.';
comment on column triage.inbox.queue is
'The queue of its earliest deadline.';
comment on column triage.inbox.urgency is
'The greatest urgency of the unanswered messages, 0 to 100.';
comment on column triage.inbox.visibility is
'The greatest visibility of the unanswered messages, 0 to 100.';
comment on column triage.inbox.waiting_since is
'When the first unanswered message was sent.';
comment on column triage.inbox.due_at is
'The earliest deadline of the unanswered messages.';
comment on column triage.inbox.platform is
'The platform''s name.';
comment on column triage.inbox.brand is
'The brand.';
comment on column triage.inbox.account is
'The page, number or handle addressed; empty: unknown.';
comment on column triage.inbox.audience is
'Who can read the latest unanswered message: public, limited or private.';
comment on column triage.inbox.author_id is
'The platform''s id of the author of the latest unanswered message.';
comment on column triage.inbox.author_name is
'The author''s name.';
comment on column triage.inbox.author_handle is
'The author''s handle.';
comment on column triage.inbox.text is
'The latest unanswered message; null: no words, or deleted.';
comment on column triage.inbox.contacts is
'How many messages are unanswered.';
comment on column triage.inbox.reasons is
'The signals of the most urgent unanswered message, the strongest first.';
comment on column triage.inbox.claimed_by is
'The agent who holds a lease on it; null: nobody.';
comment on column triage.inbox.lease_until is
'Until when; null: nobody holds one.';
comment on column triage.inbox.message_no is
'The latest unanswered message; what triage.explain and triage.retriage take.';
comment on column triage.inbox.snoozed_until is
'Not claimed before; null: can be claimed now.';
comment on column triage.inbox.promise_due_at is
'The next deadline that an agent promised the customer; null: none.';
comment on column triage.inbox.resolve_due_at is
'Until when it has to be closed, if nobody answers before; null: its queue has no such target.';
comment on column triage.inbox.warned is
'Whether there was a warning that the deadline is near.';
comment on column triage.inbox.spike is
'The spike that it belongs to: the subject of a row of triage.spike; null: none.';
comment on column triage.inbox.resolve_warned is
'Whether there was a warning that it has to be closed soon.';
