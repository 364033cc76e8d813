create or replace function triage_data.wake(quantity int default null)
returns int
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
#variable_conflict use_column
declare
    now constant timestamptz := triage.now();
    most constant int := coalesce(wake.quantity, 500);
    since timestamptz;
    woken int;
begin
    -- Beside a long report what ended does not leave the index, so it is looked
    -- at what lapsed since the last front; once a minute at all.
    select f.noted_at - interval '10 seconds'
      into since
      from triage_data.front as f
     where f.queues is not null
       and f.front_no = (select max(l.front_no)
                           from triage_data.front as l)
       and f.noted_at <= now;
    if since is null
       or wake.quantity is null
       and triage_data.is_due('wake', interval '1 minute') then
        since := '-infinity';
    end if;

    -- Nearly always nothing has lapsed: one probe, and no row is locked.
    if not exists (
           select
             from triage_data.conversation as c
            where c.waiting_since is not null
              and (c.lease_until is not null
                   or c.snoozed_until is not null
                   or c.kept_until is not null)
              and greatest(c.lease_until, c.snoozed_until, c.kept_until)
                  between since and now) then
        return 0;
    end if;

    with lapsed as (
    select c.conversation_id
      from triage_data.conversation as c
     where c.waiting_since is not null
       and (c.lease_until is not null
            or c.snoozed_until is not null
            or c.kept_until is not null)
       and greatest(c.lease_until, c.snoozed_until, c.kept_until)
           between since and now
     order by greatest(c.lease_until, c.snoozed_until, c.kept_until)
     limit most
       for update skip locked
    )
    update triage_data.conversation as c
       set claimed_by = null,
           lease_until = null,
           snoozed_until = null,
           kept_until = null,
           aside = true
      from lapsed as l
     where c.conversation_id = l.conversation_id;
    get diagnostics woken = row_count;

    -- The next one goes on with what is left.
    if wake.quantity is null and woken = most then
        delete from triage_data.chore as c
         where c.chore = 'wake';
    end if;
    return woken;
end
$$;

comment on function triage_data.wake(int) is
'Puts what was held and has lapsed back in the order of claims, the longest lapsed first: so many, or what a tick does; returns how many.  What others are changing at the moment is left to them.';
