create or replace view triage.erasure as
select e.erasure_id,
       e.erased_at,
       e.platform,
       encode(e.digest, 'hex') as digest,
       e.messages,
       e.asked_by
  from triage_data.erasure as e;

comment on view triage.erasure is
'Whom triage.erase has forgotten: proof without a name.';
comment on column triage.erasure.erasure_id is
'Its number.';
comment on column triage.erasure.erased_at is
'When; what was received until then is forgotten.';
comment on column triage.erasure.platform is
'The platform''s name.';
comment on column triage.erasure.digest is
'SHA-256 of the platform, the byte 1F and the author, in hex.';
comment on column triage.erasure.messages is
'How many messages were forgotten, with those that were filed later.';
comment on column triage.erasure.asked_by is
'The role that erased.';
