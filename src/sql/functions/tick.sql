create or replace function triage.tick()
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '200ms'
as $$
declare
    -- Functions of triage_data without arguments.  Each does a bounded
    -- amount of work, quickly, since deliveries wait meanwhile, and again
    -- without harm; what need not be done each second asks
    -- triage_data.is_due.
    parts constant text[] := array[
        'wake',
        'observe',
        'foresee',
        'relieve',
        'find_spikes',
        'count_waiting',
        'warn',
        'escalate',
        'warn_resolutions',
        'sum_responses',
        'note_front',
        'tell_news'];
    part text;
begin
    -- One caller at a time, once a second, however many workers there are.
    if not exists (select
                     from triage_data.chore as c
                    where c.chore = 'tick') then
        begin
            insert into triage_data.chore (chore, done_at)
            values ('tick', '-infinity')
                on conflict do nothing;
        exception
            when lock_not_available then
                return false; -- another one makes it, and does the rest
        end;
    end if;
    perform
       from triage_data.chore as c
      where c.chore = 'tick'
        for update skip locked;
    if not found or not triage_data.is_due('tick', interval '1 second') then
        return false;
    end if;

    -- Most of the time nothing is written that must not be lost; a part that
    -- writes such a thing asks for triage_data.commit_as_configured().
    perform set_config('synchronous_commit', 'off', true);

    foreach part in array parts loop
        begin
            execute format('select triage_data.%I()', part);
        exception
            when others then
                raise warning 'triage.tick: % failed: %', part, sqlstate;
        end;
    end loop;
    return true;
end
$$;

comment on function triage.tick() is
'The module''s own: does what time demands, as far as it is due.  Called by each worker every few seconds; returns whether there was anything for this one to do.';
