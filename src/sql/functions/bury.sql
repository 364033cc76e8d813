create or replace function triage_data.bury(
       delivery_platform text[],
       delivery_brand text[],
       delivery_received_at timestamptz[],
       delivery_raw bytea[],
       delivery_failure text[],
       delivery_headers text[])
returns void
language sql
begin atomic
    insert into triage_data.dead_letter as l
           (platform, brand, received_at, failure, digest, raw, headers)
    select distinct on (sha256(d.raw), d.brand, d.platform)
           d.platform, d.brand, d.received_at, d.failure, sha256(d.raw),
           d.raw, d.headers
      from unnest(delivery_platform, delivery_brand, delivery_received_at,
                  delivery_raw, delivery_failure, delivery_headers)
           as d(platform, brand, received_at, raw, failure, headers)
     where d.failure is not null
     order by sha256(d.raw), d.brand, d.platform
        on conflict (digest, brand, platform) do update
       set deliveries = l.deliveries + 1,
           failure = excluded.failure,
           headers = excluded.headers,
           replayed_at = null;
end;

comment on function triage_data.bury(text[], text[], timestamptz[], bytea[], text[], text[]) is
'Keeps the unreadable deliveries of a batch as dead letters, the same bytes once.';
