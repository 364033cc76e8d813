create or replace function triage.replay_next(quantity int default 1)
returns table (
       dead_letter_id bigint,
       platform text,
       brand text,
       received_at timestamptz,
       raw bytea,
       headers text)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    return query
      with next as materialized (
    select l.dead_letter_id
      from triage_data.dead_letter as l
     where l.marked_at is not null
       and (l.leased_until is null or l.leased_until <= triage.now())
     order by l.marked_at, l.dead_letter_id
     limit replay_next.quantity
       for update skip locked
    )
    update triage_data.dead_letter as l
       set leased_until = triage.now() + interval '1 minute'
      from next as n
     where l.dead_letter_id = n.dead_letter_id
    returning l.dead_letter_id, l.platform, l.brand, l.received_at, l.raw,
              l.headers;
end
$$;

comment on function triage.replay_next(int) is
'The module''s own: dead letters to read again, for a minute nobody else''s.';
