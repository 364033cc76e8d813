-- When somebody is there to answer, and what counts against a target then:
-- business hours, the targets of later responses and of the resolution,
-- warnings and escalations.

create table triage_data.hours (
       hours text collate "C" not null
             constraint hours_pkey primary key,
       zone text collate "C" not null,
       config jsonb not null,
       known_from timestamptz not null,
       known_until timestamptz not null
);

comment on table triage_data.hours is
'Business hours, mirrored from nginx.conf by triage.sync.';
comment on column triage_data.hours.hours is
'Their name in nginx.conf.';
comment on column triage_data.hours.zone is
'The time zone in which they are told.';
comment on column triage_data.hours.config is
'The spans of each weekday, Monday first, and of single dates, in minutes of the day.';
comment on column triage_data.hours.known_from is
'From when on open_span has them.';
comment on column triage_data.hours.known_until is
'Until when open_span has them.';

create table triage_data.open_span (
       hours text collate "C" not null
             constraint open_span_hours_fkey
             references triage_data.hours (hours) on delete cascade,
       opens_at timestamptz not null,
       closes_at timestamptz not null,
       open_before bigint not null,
       constraint open_span_pkey primary key (hours, opens_at),
       constraint open_span_closes_after_opens check (closes_at > opens_at)
);

comment on table triage_data.open_span is
'Business hours as spans of time, as far as they are known: a deadline is two probes.';
comment on column triage_data.open_span.hours is
'Which hours.';
comment on column triage_data.open_span.opens_at is
'Open from here.';
comment on column triage_data.open_span.closes_at is
'To here.';
comment on column triage_data.open_span.open_before is
'For how many microseconds it was open before, from known_from on.';

create unique index open_span_before_idx
    on triage_data.open_span (hours, open_before);
comment on index triage_data.open_span_before_idx is
'When so much open time will have passed.';

alter table triage_data.queue
  add column hours text collate "C"
      constraint queue_hours_fkey references triage_data.hours (hours),
  add column next interval
      constraint queue_next_positive check (next > interval '0'),
  add column resolve interval
      constraint queue_resolve_positive check (resolve > interval '0'),
  add column warn real
      constraint queue_warn_in_range check (warn > 0 and warn < 1),
  add column escalate text collate "C";
comment on column triage_data.queue.hours is
'The hours in which its targets count; null: round the clock.';
comment on column triage_data.queue.next is
'The target of the responses after the first; null: the same.';
comment on column triage_data.queue.resolve is
'The target for closing a conversation; null: none.';
comment on column triage_data.queue.warn is
'The share of the target that is left when a warning is due; null: no warnings.';
comment on column triage_data.queue.escalate is
'The queue that gets what missed its deadline; null: it stays.';

alter table triage_data.message
  add column next_due_at timestamptz;
comment on column triage_data.message.next_due_at is
'Its deadline if the conversation was answered before; null: due_at.';

alter table triage_data.conversation
  add column resolve_due_at timestamptz,
  add column warned boolean not null default false,
  add column escalated boolean not null default false;
comment on column triage_data.conversation.resolve_due_at is
'Until when it has to be closed, if nobody answers before; null: no target, or nobody waits.';
comment on column triage_data.conversation.warned is
'Whether there was a warning about this wait.';
comment on column triage_data.conversation.escalated is
'Whether this wait was escalated.';

alter table triage_data.answer
  add column counted interval;
comment on column triage_data.answer.counted is
'How much of the wait counted against the target: what of it was in the queue''s hours; null: all of it.';

create table triage_data.resolution (
       resolution_id bigint generated always as identity
             constraint resolution_pkey primary key,
       conversation_id uuid not null,
       closed_at timestamptz not null,
       closed_through timestamptz not null,
       opened_at timestamptz,
       waited interval,
       counted interval,
       target interval,
       agent text collate "C",
       queue text collate "C",
       platform text collate "C" not null,
       brand text collate "C" not null,
       account text collate "C" not null
);

comment on table triage_data.resolution is
'Conversations that were closed, each time anew; opened_at to target are worked out from messages and answers.';
comment on column triage_data.resolution.resolution_id is
'Its key.';
comment on column triage_data.resolution.conversation_id is
'The conversation.';
comment on column triage_data.resolution.closed_at is
'When an agent closed it.';
comment on column triage_data.resolution.closed_through is
'The messages sent up to here are what was closed.';
comment on column triage_data.resolution.opened_at is
'When the first of these messages since it was closed before was sent; null: there was none.';
comment on column triage_data.resolution.waited is
'For how long of this the customer waited for the brand, and not the other way round.';
comment on column triage_data.resolution.counted is
'How much of that counted against the target.';
comment on column triage_data.resolution.target is
'The strictest resolve of the queues it was in; null: none.';
comment on column triage_data.resolution.agent is
'Who closed it.';
comment on column triage_data.resolution.queue is
'The queue with that target, or else the queue of the last message.';
comment on column triage_data.resolution.platform is
'The platform''s name.';
comment on column triage_data.resolution.brand is
'The brand.';
comment on column triage_data.resolution.account is
'The page, number or handle addressed.';

create index resolution_conversation_idx
    on triage_data.resolution (conversation_id, closed_through,
                               resolution_id);
create index resolution_closed_idx
    on triage_data.resolution (closed_at)
 where opened_at is not null;
comment on index triage_data.resolution_conversation_idx is
'How often, and when, a conversation was closed.';
comment on index triage_data.resolution_closed_idx is
'Reports over a span of time.';

create table triage_data.alert (
       alert_id bigint generated always as identity
             constraint alert_pkey primary key,
       kind text collate "C" not null
             constraint alert_kind_known
             check (kind in ('warning', 'escalation')),
       conversation_id uuid not null,
       raised_at timestamptz not null,
       waiting_since timestamptz not null,
       due_at timestamptz not null,
       queue text collate "C" not null,
       to_queue text collate "C",
       platform text collate "C" not null,
       brand text collate "C" not null,
       account text collate "C" not null
);

comment on table triage_data.alert is
'Warnings before a deadline, and escalations after it: one of each a wait.';
comment on column triage_data.alert.alert_id is
'Its key.';
comment on column triage_data.alert.kind is
'warning or escalation.';
comment on column triage_data.alert.conversation_id is
'Who waits.';
comment on column triage_data.alert.raised_at is
'When it was raised.';
comment on column triage_data.alert.waiting_since is
'Since when the customer waited.';
comment on column triage_data.alert.due_at is
'The deadline.';
comment on column triage_data.alert.queue is
'Where the conversation waited.';
comment on column triage_data.alert.to_queue is
'Where an escalation moved it.';
comment on column triage_data.alert.platform is
'The platform''s name.';
comment on column triage_data.alert.brand is
'The brand.';
comment on column triage_data.alert.account is
'The page, number or handle addressed.';

create index alert_time_idx on triage_data.alert (raised_at);
create index alert_conversation_idx on triage_data.alert (conversation_id);
comment on index triage_data.alert_time_idx is
'The latest ones.';
comment on index triage_data.alert_conversation_idx is
'The alerts of a conversation.';
