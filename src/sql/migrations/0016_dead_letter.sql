-- Dead letters keep the headers that a platform's parser reads, so that they
-- read the same again, and there is an end to how many are kept.

alter table triage_data.dead_letter
      add column headers text;

comment on column triage_data.dead_letter.headers is
'The headers that its platform''s parser reads, a line each; null: none.';

create table triage_data.dead_letter_room (
       is_only boolean not null default true
             constraint dead_letter_room_pkey primary key
             constraint dead_letter_room_one check (is_only),
       letters bigint not null default 0,
       bytes bigint not null default 0,
       letters_max bigint not null default 100000,
       bytes_max bigint not null default 1 << 30
);

comment on table triage_data.dead_letter_room is
'How many dead letters there are, and may be: one row.';
comment on column triage_data.dead_letter_room.is_only is
'There is one row.';
comment on column triage_data.dead_letter_room.letters is
'How many there are.';
comment on column triage_data.dead_letter_room.bytes is
'The bytes of their bodies.';
comment on column triage_data.dead_letter_room.letters_max is
'Over this many a new one is refused.';
comment on column triage_data.dead_letter_room.bytes_max is
'Over so many bytes a new one is refused.';

insert into triage_data.dead_letter_room (letters, bytes)
select count(*), coalesce(sum(octet_length(l.raw)), 0)
  from triage_data.dead_letter as l;

create index dead_letter_replayed_idx
    on triage_data.dead_letter (replayed_at)
 where replayed_at is not null;
comment on index triage_data.dead_letter_replayed_idx is
'What can go when there is no room.';

-- One more parameter, one more column.
drop function if exists triage.ingest(text[], text[], timestamptz[], bytea[],
     text[], int4[], text[], text[], text[], text[], text[], text[], text[],
     text[], int8[], bool[], text[], text[], text[], json[], text[],
     timestamptz[], real[], real[], json[], text[]);
drop function if exists triage_data.bury(text[], text[], timestamptz[],
     bytea[], text[]);
drop function if exists triage.replay_next(int);
