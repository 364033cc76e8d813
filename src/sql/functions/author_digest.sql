create or replace function triage_data.author_digest(
       platform text,
       author text)
returns bytea
language sql
stable
parallel safe
return sha256(convert_to(platform || e'\x1f' || author, 'UTF8'));

comment on function triage_data.author_digest(text, text) is
'What an author is recognised by once erased.';
