-- Who was erased: what nginx had before, and files later, must not bring
-- them back.

create table triage_data.erasure (
       erasure_id bigint generated always as identity
             constraint erasure_pkey primary key,
       erased_at timestamptz not null,
       messages bigint not null default 0,
       platform text collate "C" not null,
       digest bytea not null,
       asked_by text collate "C" not null
);

comment on table triage_data.erasure is
'The audit stub of each erasure: who was erased is not in it, only recognised by it.';
comment on column triage_data.erasure.erasure_id is
'Its key.';
comment on column triage_data.erasure.erased_at is
'When; what was received until then is forgotten, whenever it is filed.';
comment on column triage_data.erasure.messages is
'How many messages were forgotten, with those that were filed later.';
comment on column triage_data.erasure.platform is
'The platform''s name.';
comment on column triage_data.erasure.digest is
'SHA-256 of the platform, the byte 1F and the author.';
comment on column triage_data.erasure.asked_by is
'The role that erased.';

create index erasure_time_idx on triage_data.erasure (erased_at);
create index erasure_digest_idx on triage_data.erasure (digest);
comment on index triage_data.erasure_time_idx is
'Whether a batch is older than any erasure.';
comment on index triage_data.erasure_digest_idx is
'Whether an author was erased.';

create table triage_data.erased_thread (
       thread uuid not null,
       erasure_id bigint not null
             constraint erased_thread_erasure_fkey
             references triage_data.erasure (erasure_id) on delete cascade,
       constraint erased_thread_pkey primary key (thread, erasure_id)
);

comment on table triage_data.erased_thread is
'The private threads of who was erased: what the brand said there is forgotten too.';
comment on column triage_data.erased_thread.thread is
'The thread, as triage_data.thread names it.';
comment on column triage_data.erased_thread.erasure_id is
'The erasure.';

create index erased_thread_erasure_idx
    on triage_data.erased_thread (erasure_id);
comment on index triage_data.erased_thread_erasure_idx is
'The threads that go with an erasure.';
