-- Reports over many months: response times are summed up by the hour, and
-- what has changed since is known exactly (decision 0062).

create table triage_data.acknowledgement (
       acknowledgement_id bigint generated always as identity
             constraint acknowledgement_pkey primary key,
       conversation_id uuid not null,
       acknowledged_at timestamptz not null,
       waiting_since timestamptz not null,
       changed_by xid8 not null default pg_current_xact_id(),
       agent text collate "C" not null,
       queue text collate "C",
       platform text collate "C" not null,
       brand text collate "C" not null
);

comment on table triage_data.acknowledgement is
'Automatic answers: they end no wait, and are counted apart.';
comment on column triage_data.acknowledgement.acknowledgement_id is
'Its key.';
comment on column triage_data.acknowledgement.conversation_id is
'To whom.';
comment on column triage_data.acknowledgement.acknowledged_at is
'When.';
comment on column triage_data.acknowledgement.waiting_since is
'Since when the customer had waited.';
comment on column triage_data.acknowledgement.changed_by is
'The transaction that wrote it.';
comment on column triage_data.acknowledgement.agent is
'What answered.';
comment on column triage_data.acknowledgement.queue is
'Where the conversation waits.';
comment on column triage_data.acknowledgement.platform is
'The platform''s name.';
comment on column triage_data.acknowledgement.brand is
'The brand.';

create index acknowledgement_time_idx
    on triage_data.acknowledgement (acknowledged_at);
create index acknowledgement_change_idx
    on triage_data.acknowledgement (changed_by);
comment on index triage_data.acknowledgement_time_idx is
'Reports over a span of time.';
comment on index triage_data.acknowledgement_change_idx is
'What is new to the sums.';

-- Null: before this migration.  No table is written anew.
alter table triage_data.answer add column changed_by xid8;
alter table triage_data.answer
      alter column changed_by set default pg_current_xact_id();
alter table triage_data.resolution add column changed_by xid8;
alter table triage_data.resolution
      alter column changed_by set default pg_current_xact_id();
comment on column triage_data.answer.changed_by is
'The transaction that wrote it last; null: long ago.';
comment on column triage_data.resolution.changed_by is
'The transaction that wrote it last; null: long ago.';

create index answer_change_idx
    on triage_data.answer (changed_by)
 where changed_by is not null;
create index resolution_change_idx
    on triage_data.resolution (changed_by)
 where changed_by is not null;
comment on index triage_data.answer_change_idx is
'What is new to the sums.';
comment on index triage_data.resolution_change_idx is
'What is new to the sums.';

create function triage_data.stamp_change()
returns trigger
language plpgsql
as $$
begin
    new.changed_by := pg_current_xact_id();
    return new;
end
$$;

comment on function triage_data.stamp_change() is
'Notes the transaction that changes a row.';

create trigger answer_change before update on triage_data.answer
   for each row execute function triage_data.stamp_change();
create trigger resolution_change before update on triage_data.resolution
   for each row execute function triage_data.stamp_change();

create table triage_data.response_hour (
       hour timestamptz not null,
       responses bigint not null,
       p50 interval not null,
       p90 interval not null,
       p99 interval not null,
       share_in_time real,
       response text not null,
       queue text collate "C",
       platform text collate "C" not null,
       brand text collate "C" not null
);

comment on table triage_data.response_hour is
'The response times of the hours that are over: what triage.response_time shows of them, and nothing else; worked out by triage_data.sum_responses.';
comment on column triage_data.response_hour.hour is
'The hour of the answer.';
comment on column triage_data.response_hour.responses is
'How many.';
comment on column triage_data.response_hour.p50 is
'Half took no longer.';
comment on column triage_data.response_hour.p90 is
'Nine of ten took no longer.';
comment on column triage_data.response_hour.p99 is
'99 of 100 took no longer.';
comment on column triage_data.response_hour.share_in_time is
'The share that kept the target; null: none had one.';
comment on column triage_data.response_hour.response is
'first, next, resolution or automatic.';
comment on column triage_data.response_hour.queue is
'The queue.';
comment on column triage_data.response_hour.platform is
'The platform''s name.';
comment on column triage_data.response_hour.brand is
'The brand.';

create index response_hour_time_idx on triage_data.response_hour (hour);
comment on index triage_data.response_hour_time_idx is
'Reports over a span of time.';

create table triage_data.unsummed_hour (
       hour timestamptz not null
             constraint unsummed_hour_pkey primary key
);

comment on table triage_data.unsummed_hour is
'The hours whose sums are not true any more.';
comment on column triage_data.unsummed_hour.hour is
'The hour.';

create table triage_data.summed (
       only_row boolean not null default true
             constraint summed_pkey primary key
             constraint summed_one_row check (only_row),
       before_xid xid8 not null
);

comment on table triage_data.summed is
'How far triage_data.sum_responses has looked.';
comment on column triage_data.summed.only_row is
'Always true: keeps the table at one row.';
comment on column triage_data.summed.before_xid is
'What transactions before this one changed is summed up, or its hour is in unsummed_hour.';

insert into triage_data.summed (before_xid)
values (pg_snapshot_xmin(pg_current_snapshot()));
insert into triage_data.unsummed_hour (hour)
select distinct date_trunc('hour', a.answered_at at time zone 'UTC')
                at time zone 'UTC'
  from triage_data.answer as a
 where a.waiting_since is not null
 union
select date_trunc('hour', r.closed_at at time zone 'UTC') at time zone 'UTC'
  from triage_data.resolution as r;

-- The hour was worked out for each row: nobody asks for that any more.
drop index if exists triage_data.answer_hour_idx;
