create or replace function triage_data.open_time(
       hours text,
       since timestamptz,
       until timestamptz)
returns interval
language plpgsql
stable
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    -- Who is said to have waited for longer than this did not.
    longest constant interval := interval '87600 hours';
    taken bigint;
begin
    if open_time.hours is null
       or open_time.until <= open_time.since
       or open_time.until > open_time.since + longest then
        return triage_data.microseconds(open_time.until - open_time.since)
               * interval '1 microsecond';
    end if;

    select sum(case p.number when 1 then -1 else 1 end
               * (s.open_before + triage_data.microseconds(
                      least(p.at, s.closes_at) - s.opens_at)))::int8
      into taken
      from triage_data.hours as h
     cross join lateral (
           values (1, open_time.since), (2, open_time.until)) as p(number, at)
     cross join lateral (
           select o.opens_at, o.closes_at, o.open_before
             from triage_data.open_span as o
            where o.hours = open_time.hours
              and o.opens_at <= p.at
            order by o.opens_at desc
            limit 1) as s
     where h.hours = open_time.hours
       and open_time.since >= h.known_from
       and open_time.until <= h.known_until
    having count(*) = 2;

    if taken is null then
        select coalesce(sum(triage_data.microseconds(
                   least(s.closes_at, open_time.until)
                   - greatest(s.opens_at, open_time.since))), 0)::int8
          into taken
          from triage_data.hours as h
         cross join lateral triage_data.open_spans(
               h.zone, h.config, open_time.since, open_time.until) as s
         where h.hours = open_time.hours;
    end if;

    return taken * interval '1 microsecond';
end
$$;

comment on function triage_data.open_time(text, timestamptz, timestamptz) is
'How much of a time was in business hours; null hours: all of it.';
