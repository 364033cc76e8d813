create or replace function triage_data.open_spans(
       zone text,
       config jsonb,
       since timestamptz,
       until timestamptz)
returns table (opens_at timestamptz, closes_at timestamptz)
language plpgsql
stable
as $$
#variable_conflict use_column
declare
    -- Beyond both ends, since a span may reach over midnight and zones are
    -- up to 26 hours apart.
    first_at constant timestamptz :=
        date_trunc('second', open_spans.since) - interval '72 hours';
    last_at constant timestamptz := open_spans.until + interval '72 hours';
    -- From when on the zone is how far ahead of UTC.
    froms timestamptz[];
    aheads interval[];
    change record;
    before timestamptz;
    after timestamptz;
    middle timestamptz;
begin
    for change in
        select g.at, g.ahead,
               lag(g.at) over (order by g.at) as previous_at,
               lag(g.ahead) over (order by g.at) as previous
          from (select s.at,
                       (s.at at time zone open_spans.zone)
                       - (s.at at time zone 'UTC') as ahead
                  from generate_series(first_at, last_at,
                                       interval '6 hours') as s(at)) as g
    loop
        continue when change.ahead is not distinct from change.previous;
        before := change.previous_at;
        after := change.at;
        while after - before > interval '1 second' loop
            middle := date_trunc('second', before + (after - before) / 2);
            if (middle at time zone open_spans.zone)
               - (middle at time zone 'UTC') = change.previous then
                before := middle;
            else
                after := middle;
            end if;
        end loop;
        froms := froms || after;
        aheads := aheads || change.ahead;
    end loop;

    -- Open is when a clock on the wall shows a time of a span: of a span in
    -- an hour that comes twice, both count, and of one that is skipped, none.
    return query
    select lower(r.open), upper(r.open)
      from (select unnest(range_agg(
                       tstzrange(greatest(l.opens, g.seg_from),
                                 least(l.closes, g.seg_to)))) as open
              from (select f.at as seg_from,
                           coalesce(lead(f.at) over (order by f.at),
                                    last_at) as seg_to,
                           f.ahead
                      from unnest(froms, aheads) as f(at, ahead)) as g
             cross join lateral generate_series(
                   date_trunc('day', (g.seg_from + g.ahead)
                                     at time zone 'UTC')
                       - interval '2 days',
                   date_trunc('day', (g.seg_to + g.ahead)
                                     at time zone 'UTC'),
                   interval '1 day') as d(day)
             cross join lateral jsonb_array_elements(
                   coalesce(
                       open_spans.config -> 'dates'
                           -> to_char(d.day, 'YYYY-MM-DD'),
                       open_spans.config -> 'dates'
                           -> to_char(d.day, 'MM-DD'),
                       open_spans.config -> 'week'
                           -> (extract(isodow from d.day)::int4 - 1))) as s
             cross join lateral (
                   select (d.day + make_interval(mins => (s -> 0)::int4)
                           - g.ahead) at time zone 'UTC' as opens,
                          (d.day + make_interval(mins => (s -> 1)::int4)
                           - g.ahead) at time zone 'UTC' as closes) as l
             where l.opens < g.seg_to
               and l.closes > g.seg_from) as r
     where lower(r.open) < open_spans.until
       and upper(r.open) > open_spans.since
     order by 1;
end
$$;

comment on function triage_data.open_spans(text, jsonb, timestamptz, timestamptz) is
'Business hours as spans of time, those that touch the time asked for, in order and apart from each other.';
