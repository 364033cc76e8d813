create or replace view triage.dead_letter as
select l.dead_letter_id,
       l.platform,
       l.brand,
       l.received_at,
       l.failure,
       octet_length(l.raw) as size,
       l.deliveries,
       l.attempts,
       case when l.marked_at is not null then 'marked'
            when l.replayed_at is not null then 'replayed'
            else 'dead'
       end as state,
       l.marked_at,
       l.replayed_at,
       l.headers
  from triage_data.dead_letter as l;

comment on view triage.dead_letter is
'Genuine deliveries that could not be read; triage.dead_letter_raw gives the bytes.';
comment on column triage.dead_letter.dead_letter_id is
'What triage.dead_letter_replay takes.';
comment on column triage.dead_letter.platform is
'The platform''s name.';
comment on column triage.dead_letter.brand is
'The brand.';
comment on column triage.dead_letter.received_at is
'When it came first.';
comment on column triage.dead_letter.failure is
'Why it could not be read the last time.';
comment on column triage.dead_letter.size is
'Its bytes.';
comment on column triage.dead_letter.deliveries is
'How often the same bytes came.';
comment on column triage.dead_letter.attempts is
'How often it was read again without success.';
comment on column triage.dead_letter.state is
'dead; marked: to be read again; replayed: read after all.';
comment on column triage.dead_letter.marked_at is
'When a replay was asked for.';
comment on column triage.dead_letter.replayed_at is
'When it was read after all.';
comment on column triage.dead_letter.headers is
'The headers that its platform''s parser reads, one a line; null: none.';
