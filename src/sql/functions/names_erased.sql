create or replace function triage_data.names_erased(
       platform text,
       received_at timestamptz,
       raw bytea)
returns boolean
language sql
stable
set search_path = pg_catalog, pg_temp
begin atomic
    -- Only a digest is known: each word of the body is tried, as a whole
    -- string of JSON and as what is between signs.
    select exists (
        select
          from (select regexp_split_to_table(b.body, '"') as word
                 union
                select regexp_split_to_table(b.body, '[^[:alnum:]_.@+-]+')
                 union
                select regexp_split_to_table(b.body, '[^[:alnum:]]+')) as w
          join triage_data.erasure as e
            on e.digest = triage_data.author_digest(names_erased.platform,
                                                    w.word)
           and e.platform = names_erased.platform
           and e.erased_at >= names_erased.received_at)
      from (select encode(names_erased.raw, 'escape') as body) as b;
end;

comment on function triage_data.names_erased(text, timestamptz, bytea) is
'Whether the body of a delivery names somebody who was erased after it was received.';
