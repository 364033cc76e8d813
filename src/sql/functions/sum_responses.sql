create or replace function triage_data.sum_responses()
returns void
language plpgsql
set enable_seqscan = off
set jit = off
as $$
#variable_conflict use_column
declare
    -- What there is to do at first, or after a long pause, is done in parts.
    most constant int := 24;
    longest constant interval := interval '100 ms';
    seen constant xid8 := pg_snapshot_xmin(pg_current_snapshot());
    began constant timestamptz := clock_timestamp();
    hour timestamptz;
begin
    if not triage_data.is_due('sum_responses', interval '1 minute') then
        return;
    end if;

    -- What others have not committed yet has a number from "seen" on: the
    -- next call finds it.
    insert into triage_data.unsummed_hour (hour)
    select u.hour
      from triage_data.unsummed() as u
    except
    select o.hour
      from triage_data.unsummed_hour as o
        on conflict do nothing;
    update triage_data.summed
       set before_xid = seen
     where before_xid < seen;

    for hour in
        select u.hour
          from triage_data.unsummed_hour as u
         order by u.hour desc
         limit most
    loop
        perform triage_data.sum_hours(array[hour]);
        exit when clock_timestamp() > began + longest;
    end loop;

    -- A day at a time, too.
    delete
      from triage_data.fair_answer as f
     where f.hour < triage.now() - interval '31 days'
       and f.hour < (select min(o.hour) + interval '1 day'
                       from triage_data.fair_answer as o);
end
$$;

comment on function triage_data.sum_responses() is
'A part of triage.tick: sums up response times by the hour.';
