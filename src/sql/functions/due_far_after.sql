create or replace function triage_data.due_far_after(
       hours text,
       since timestamptz,
       span interval)
returns timestamptz
language plpgsql
stable
as $$
#variable_conflict use_column
declare
    -- There were no business hours before, nor will they be known after.
    oldest constant timestamptz := '1900-01-01';
    farthest constant timestamptz := '9999-01-01';
    wanted constant bigint := triage_data.microseconds(due_far_after.span);
    due_at timestamptz;
begin
    if due_far_after.since < oldest or due_far_after.since > farthest then
        return due_far_after.since + due_far_after.span;
    end if;

    -- Twice as far each time, until there is enough of it.
    for doubled in 0 .. 8 loop
        select o.opens_at + (wanted - o.before) * interval '1 microsecond'
          into due_at
          from (select s.opens_at, s.closes_at,
                       coalesce(sum(s.took) over (
                           order by s.opens_at
                            rows between unbounded preceding
                                     and 1 preceding), 0)::int8 as before,
                       s.took
                  from triage_data.hours as h
                 cross join lateral (
                       select greatest(p.opens_at, due_far_after.since)
                                  as opens_at,
                              p.closes_at,
                              triage_data.microseconds(
                                  p.closes_at
                                  - greatest(p.opens_at,
                                             due_far_after.since)) as took
                         from triage_data.open_spans(
                              h.zone, h.config, due_far_after.since,
                              due_far_after.since
                              + (interval '720 hours'
                                 + 4 * due_far_after.span)
                              * (1 << doubled)) as p) as s
                 where h.hours = due_far_after.hours) as o
         where o.before < wanted
           and o.before + o.took >= wanted;
        exit when found;
    end loop;

    return coalesce(due_at, due_far_after.since + due_far_after.span);
end
$$;

comment on function triage_data.due_far_after(text, timestamptz, interval) is
'triage_data.due_after for times that open_span does not have.';
