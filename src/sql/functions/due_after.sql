create or replace function triage_data.due_after(
       hours text,
       since timestamptz,
       span interval)
returns timestamptz
language plpgsql
stable
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    passed bigint;
    due_at timestamptz;
begin
    if due_after.hours is null or due_after.span <= interval '0' then
        return due_after.since + triage_data.microseconds(due_after.span)
                                 * interval '1 microsecond';
    end if;

    -- How long it had been open by then; when it will have been so much
    -- longer.
    select s.open_before
           + triage_data.microseconds(
                 least(due_after.since, s.closes_at) - s.opens_at)
           + triage_data.microseconds(due_after.span)
      into passed
      from triage_data.open_span as s
     where s.hours = due_after.hours
       and s.opens_at <= due_after.since
     order by s.opens_at desc
     limit 1;

    select case when triage_data.microseconds(s.closes_at - s.opens_at)
                     >= passed - s.open_before
                then s.opens_at
                     + (passed - s.open_before) * interval '1 microsecond'
           end
      into due_at
      from triage_data.open_span as s
     where s.hours = due_after.hours
       and s.open_before < passed
     order by s.open_before desc
     limit 1;

    return coalesce(due_at, triage_data.due_far_after(
               due_after.hours, due_after.since, due_after.span));
end
$$;

comment on function triage_data.due_after(text, timestamptz, interval) is
'When a span of business hours has passed; null hours: of any time.';
