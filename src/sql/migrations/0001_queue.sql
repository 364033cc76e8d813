-- What the database knows of the configuration: the queues of nginx.conf and
-- the constants of the order of claims.

create schema if not exists triage;
comment on schema triage is
'The public interface of triage: functions are verbs, views are nouns.';
comment on schema triage_data is
'The tables of triage; only their owner touches them.';

create table triage_data.queue (
       queue text collate "C" not null
             constraint queue_pkey primary key,
       respond interval not null
             constraint queue_respond_positive
             check (respond > interval '0'),
       weight integer not null
             constraint queue_weight_positive check (weight > 0),
       overflow text collate "C",
       retired_at timestamptz
);

comment on table triage_data.queue is
'Where messages wait, mirrored from nginx.conf by triage.sync.  Never deleted: a queue that is no longer configured is retired.';
comment on column triage_data.queue.queue is
'Its name in nginx.conf.';
comment on column triage_data.queue.respond is
'The target: how long a customer may wait for a person.';
comment on column triage_data.queue.weight is
'How much more a deadline of this queue counts than one of a queue of weight 1.';
comment on column triage_data.queue.overflow is
'The queue that takes over when the target would be missed; null: none.';
comment on column triage_data.queue.retired_at is
'Since when it is no longer configured; null: in use.';

-- There is always a queue, so that a message that comes before the first
-- triage.sync has a place to wait.
insert into triage_data.queue (queue, respond, weight)
values ('standard', interval '24 hours', 1);

create table triage_data.setting (
       only_row boolean not null default true
             constraint setting_pkey primary key
             constraint setting_one_row check (only_row),
       soon interval not null default interval '30 minutes'
             constraint setting_soon_not_negative
             check (soon >= interval '0'),
       repay_every integer not null default 10
             constraint setting_repay_every_positive
             check (repay_every > 0),
       config jsonb,
       commit text not null default 'on'
             constraint setting_commit_known
             check (commit in ('on', 'local', 'remote_apply'))
);

comment on table triage_data.setting is
'The constants of the order of claims, and what the module said last.  One row.';
comment on column triage_data.setting.only_row is
'Always true: keeps the table at one row.';
comment on column triage_data.setting.soon is
'A deadline nearer than this is decided by weight.';
comment on column triage_data.setting.repay_every is
'Every how many claims one goes to what is late, even while other deadlines are near.';
comment on column triage_data.setting.config is
'The configuration that triage.sync mirrored last; null: none yet.';
comment on column triage_data.setting.commit is
'The synchronous_commit of the module''s connections (triage_commit in nginx.conf).';

insert into triage_data.setting default values;

create sequence triage_data.claim_number;
comment on sequence triage_data.claim_number is
'Counts claims, so that every repay_every-th can be told: a sequence makes no agent wait for another.';
