-- What customers are told to expect, and whether it came true.  What is kept
-- here is worked out from messages and answers as they come, by triage.tick.

create table triage_data.observed (
       only_row boolean not null default true
             constraint observed_pkey primary key
             constraint observed_one_row check (only_row),
       since timestamptz not null,
       message_no bigint not null,
       next_message_no bigint not null,
       answer_id bigint not null,
       next_answer_id bigint not null
);

comment on table triage_data.observed is
'How far triage_data.observe has read.  What is new is read one call later, when it is committed.';
comment on column triage_data.observed.only_row is
'Always true: keeps the table at one row.';
comment on column triage_data.observed.since is
'When the first call was.';
comment on column triage_data.observed.message_no is
'Messages up to here were read.';
comment on column triage_data.observed.next_message_no is
'Messages up to here are read by the next call.';
comment on column triage_data.observed.answer_id is
'Answers up to here were read.';
comment on column triage_data.observed.next_answer_id is
'Answers up to here are read by the next call.';

create table triage_data.inflow (
       queue text collate "C" not null,
       began_at timestamptz not null,
       arrivals integer not null,
       constraint inflow_pkey primary key (queue, began_at)
)
with (fillfactor = 80);

comment on table triage_data.inflow is
'How many messages that start a wait were sent to a queue in each half hour.';
comment on column triage_data.inflow.queue is
'The queue that the route named.';
comment on column triage_data.inflow.began_at is
'When the half hour began.';
comment on column triage_data.inflow.arrivals is
'How many.';

create table triage_data.forecast (
       queue text collate "C" not null,
       forecast_at timestamptz not null,
       waiting integer not null,
       arrivals_per_hour real not null,
       answers_per_hour real not null,
       agents integer not null,
       capacity_per_hour real not null,
       lost integer not null,
       lost_through timestamptz,
       expected interval,
       wait_p50 interval,
       wait_p90 interval,
       constraint forecast_pkey primary key (queue, forecast_at)
);

comment on table triage_data.forecast is
'What was published: how long a message that arrives now will wait.';
comment on column triage_data.forecast.queue is
'The queue.';
comment on column triage_data.forecast.forecast_at is
'When it was worked out; it holds until the next.';
comment on column triage_data.forecast.waiting is
'How many conversations waited.';
comment on column triage_data.forecast.arrivals_per_hour is
'How many messages came, by the last half hour to hour.';
comment on column triage_data.forecast.answers_per_hour is
'How many answers were given in the last hour.';
comment on column triage_data.forecast.agents is
'How many people were answering.';
comment on column triage_data.forecast.capacity_per_hour is
'How many answers the people who were answering can give, in all of their queues.';
comment on column triage_data.forecast.lost is
'How many of those who waited would miss their deadline if everything went on like this.';
comment on column triage_data.forecast.lost_through is
'The last of these deadlines; null: none.';
comment on column triage_data.forecast.expected is
'The wait by triage''s order and the measured pace alone; null: nobody answers.';
comment on column triage_data.forecast.wait_p50 is
'Half of the waits will not be longer; null: not known.';
comment on column triage_data.forecast.wait_p90 is
'Nine of ten waits will not be longer; null: not known.';

create table triage_data.expectation (
       conversation_id uuid not null,
       waiting_since timestamptz not null,
       ends_at timestamptz not null,
       expected real not null,
       wait_p50 real not null,
       missed boolean not null default false,
       queue text collate "C" not null,
       constraint expectation_pkey primary key (conversation_id, waiting_since)
);

comment on table triage_data.expectation is
'Waits whose customers could read a forecast and that are not over yet.';
comment on column triage_data.expectation.conversation_id is
'Who waits.';
comment on column triage_data.expectation.waiting_since is
'Since when.';
comment on column triage_data.expectation.ends_at is
'When the published p90 is over.';
comment on column triage_data.expectation.expected is
'The wait by triage''s order alone, in seconds.';
comment on column triage_data.expectation.wait_p50 is
'The published p50, in seconds.';
comment on column triage_data.expectation.missed is
'The p90 did not hold, and was counted so.';
comment on column triage_data.expectation.queue is
'The queue whose forecast it was.';

create index expectation_end_idx
    on triage_data.expectation (ends_at)
 where not missed;
comment on index triage_data.expectation_end_idx is
'Whose p90 is over.';

create table triage_data.outcome (
       outcome_no bigint generated always as identity
             constraint outcome_pkey primary key,
       queue text collate "C" not null,
       score real not null
);

comment on table triage_data.outcome is
'How far the last waits were from what was expected.';
comment on column triage_data.outcome.outcome_no is
'Its key.';
comment on column triage_data.outcome.queue is
'The queue.';
comment on column triage_data.outcome.score is
'The logarithm of the wait over what was expected, two minutes added to both.';

create index outcome_queue_idx
    on triage_data.outcome (queue, outcome_no);
comment on index triage_data.outcome_queue_idx is
'The last ones of a queue.';

create table triage_data.caution (
       queue text collate "C" not null
             constraint caution_pkey primary key,
       share real not null default 0.1
);

comment on table triage_data.caution is
'Which share of the last outcomes may lie above the published p90, so that one in ten does: raised when too many hold, lowered when too few do.';
comment on column triage_data.caution.queue is
'The queue.';
comment on column triage_data.caution.share is
'The share.';

create table triage_data.forecast_day (
       queue text collate "C" not null,
       day date not null,
       published integer not null default 0,
       held integer not null default 0,
       constraint forecast_day_pkey primary key (queue, day)
)
with (fillfactor = 80);

comment on table triage_data.forecast_day is
'How often the published p90 held, by the day on which it was published (UTC).';
comment on column triage_data.forecast_day.queue is
'The queue.';
comment on column triage_data.forecast_day.day is
'The day.';
comment on column triage_data.forecast_day.published is
'How many waits were judged.';
comment on column triage_data.forecast_day.held is
'How many of them were not longer than the p90 that their customers could read.';

create table triage_data.overflow (
       conversation_id uuid not null,
       waiting_since timestamptz not null,
       moved_at timestamptz not null,
       due_at timestamptz not null,
       queue_before text collate "C" not null,
       queue text collate "C" not null,
       constraint overflow_pkey primary key (conversation_id, waiting_since)
);

comment on table triage_data.overflow is
'What was moved to another queue before its deadline was lost: a wait at most once.';
comment on column triage_data.overflow.conversation_id is
'Who waits.';
comment on column triage_data.overflow.waiting_since is
'The wait.';
comment on column triage_data.overflow.moved_at is
'When it was moved.';
comment on column triage_data.overflow.due_at is
'The deadline, which stayed.';
comment on column triage_data.overflow.queue_before is
'The queue that would have missed it.';
comment on column triage_data.overflow.queue is
'The queue that it was moved to.';

create index overflow_moved_idx
    on triage_data.overflow (queue_before, moved_at);
comment on index triage_data.overflow_moved_idx is
'When something was moved last.';
