create or replace function triage_data.sum_responses()
returns void
language plpgsql
as $$
declare
    -- What there is to do at first, or after a long pause, is done in parts.
    most constant int := 24;
    seen constant xid8 := pg_snapshot_xmin(pg_current_snapshot());
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

    perform triage_data.sum_hours(array(
        select u.hour
          from triage_data.unsummed_hour as u
         order by u.hour desc
         limit most));
end
$$;

comment on function triage_data.sum_responses() is
'A part of triage.tick: sums up response times by the hour.';
