-- Whether the service is the same for everybody, over many answers: what is
-- asked of each is kept in a row that is read quickly (decision 0086).

create table triage_data.fair_answer (
       hour timestamptz not null,
       answered_at timestamptz not null,
       message_no bigint not null,
       followers bigint,
       took double precision not null,
       stretch double precision,
       took_bin smallint not null,
       stretch_bin smallint,
       in_time boolean,
       language text collate "C",
       queue text collate "C",
       platform text collate "C" not null,
       brand text collate "C" not null
);

comment on table triage_data.fair_answer is
'The responses of the last month, and what is known of whoever got them: what triage.fairness is made of, and nothing else; filled by triage_data.sum_hours.';
comment on column triage_data.fair_answer.hour is
'The hour of the answer.';
comment on column triage_data.fair_answer.answered_at is
'When it was given.';
comment on column triage_data.fair_answer.message_no is
'The message that began the wait.';
comment on column triage_data.fair_answer.followers is
'How many follow its author; null: not told, or forgotten.';
comment on column triage_data.fair_answer.took is
'How long the customer had waited, in seconds.';
comment on column triage_data.fair_answer.stretch is
'That, as a share of the target; null: there was none.';
comment on column triage_data.fair_answer.took_bin is
'Where took lies (triage_data.bin).';
comment on column triage_data.fair_answer.stretch_bin is
'Where stretch lies.';
comment on column triage_data.fair_answer.in_time is
'Whether the target was kept; null: there was none.';
comment on column triage_data.fair_answer.language is
'The language of the message; null: not told.';
comment on column triage_data.fair_answer.queue is
'The queue.';
comment on column triage_data.fair_answer.platform is
'The platform''s name.';
comment on column triage_data.fair_answer.brand is
'The brand.';

create index fair_answer_hour_idx on triage_data.fair_answer (hour);
create index fair_answer_message_idx
    on triage_data.fair_answer (message_no)
 where followers is not null;
comment on index triage_data.fair_answer_hour_idx is
'The rows of an hour.';
comment on index triage_data.fair_answer_message_idx is
'Where something has to be forgotten.';

-- Nothing of the last month is there yet.
insert into triage_data.unsummed_hour (hour)
select distinct date_trunc('hour', a.answered_at at time zone 'UTC')
                at time zone 'UTC'
  from triage_data.answer as a
 where a.answered_at > now() - interval '31 days'
    on conflict do nothing;
