create or replace function triage.replay_done(
       dead_letter_id bigint,
       failure text)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    update triage_data.dead_letter as l
       set marked_at = null,
           leased_until = null,
           replayed_at = case when replay_done.failure is null
                              then triage.now() end,
           attempts = l.attempts + (replay_done.failure is not null)::int4,
           failure = coalesce(replay_done.failure, l.failure)
     where l.dead_letter_id = replay_done.dead_letter_id;
    if not found then
        raise exception 'there is no dead letter %',
              replay_done.dead_letter_id
              using errcode = 'TR006';
    end if;
end
$$;

comment on function triage.replay_done(bigint, text) is
'The module''s own: a dead letter was read again, with what result; null: it is filed now.';
