create or replace function triage_data.wake(quantity int default 500)
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
    woken int;
begin
    -- Nearly always nothing has lapsed: one probe, and no row is locked.
    if not exists (
           select
             from triage_data.conversation as c
            where c.waiting_since is not null
              and (c.lease_until is not null
                   or c.snoozed_until is not null
                   or c.kept_until is not null)
              and greatest(c.lease_until, c.snoozed_until, c.kept_until)
                  <= now) then
        return 0;
    end if;

    with lapsed as (
    select c.conversation_id
      from triage_data.conversation as c
     where c.waiting_since is not null
       and (c.lease_until is not null
            or c.snoozed_until is not null
            or c.kept_until is not null)
       and greatest(c.lease_until, c.snoozed_until, c.kept_until) <= now
     order by greatest(c.lease_until, c.snoozed_until, c.kept_until)
     limit wake.quantity
       for update skip locked
    )
    update triage_data.conversation as c
       set claimed_by = null,
           lease_until = null,
           snoozed_until = null,
           kept_until = null
      from lapsed as l
     where c.conversation_id = l.conversation_id;
    get diagnostics woken = row_count;
    return woken;
end
$$;

comment on function triage_data.wake(int) is
'Puts what was held and has lapsed back in the order of claims, the longest lapsed first; returns how many.  What others are changing at the moment is left to them.';
