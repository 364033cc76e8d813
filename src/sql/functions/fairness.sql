create or replace function triage_data.fairness()
returns table (
       dimension text,
       value text,
       responses bigint,
       p50 interval,
       p90 interval,
       share_in_time real,
       stretch real)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
set work_mem = '32MB'
set jit = off
as $$
#variable_conflict use_column
declare
    now constant timestamptz := triage.now();
    since constant timestamptz := now - interval '30 days';
    allowed constant text[] := triage_data.allowed();
    unsummed constant timestamptz[] := array(
        select u.hour
          from triage_data.unsummed() as u);
begin
    return query
    with live as materialized (
    -- What has changed since it was summed up: this hour, and a few more.
    select r.*
      from unnest(unsummed) as u(hour)
     cross join lateral (
           select l.*
             from triage_data.fair_response as l
            where l.answered_at >= u.hour
              and l.answered_at < u.hour + interval '1 hour') as r
     where r.answered_at > since
       and r.answered_at <= now
    ), told as not materialized (
    select a.*
      from (select f.hour, f.answered_at, f.followers, f.took, f.stretch,
                   f.took_bin, f.stretch_bin, f.in_time, f.language,
                   f.queue, f.platform, f.brand
              from triage_data.fair_answer as f
             union all
            select null, l.answered_at, l.followers, l.took, l.stretch,
                   l.took_bin, l.stretch_bin, l.in_time, l.language,
                   l.queue, l.platform, l.brand
              from live as l) as a
     where (a.hour <> all (unsummed)) is not false
       and a.answered_at > since
       and a.answered_at <= now
       and (allowed is null
            or triage_data.is_allowed(allowed, a.brand, a.queue))
    ), edge as materialized (
    -- The most followers that one of the first four fifths has.
    select percentile_disc((
               select array_agg((greatest(1, ceil(n.fifth * (c.people - 1)
                                                  / 5.0)) - 0.5) / c.people
                                order by n.fifth)
                 from (select count(t.followers) as people
                         from told as t) as c
                cross join generate_series(1, 4) as n(fifth)
                where c.people > 0)::float8[])
               within group (order by t.followers) as followers
      from told as t
    ), grouped as not materialized (
    select t.*,
           1 + width_bucket(t.followers - 1, e.followers) as fifth
      from told as t
     cross join edge as e
    ), counted as (
    -- A percentile is sought twice: in which bin it lies, which takes only
    -- counting, and then among the few that are in there.
    select case grouping(g.platform, g.language, g.fifth)
           when 3 then 'platform' when 5 then 'language' else 'followers'
           end as dimension,
           coalesce(g.platform, g.language, g.fifth::text, 'unknown')
               as value,
           grouping(g.took_bin) = 1 as is_stretch,
           coalesce(g.took_bin, g.stretch_bin) as bin,
           count(*) as people,
           count(*) filter (where g.in_time) as in_time,
           count(g.in_time) as judged
      from grouped as g
     group by grouping sets (
           (g.platform, g.took_bin), (g.platform, g.stretch_bin),
           (g.language, g.took_bin), (g.language, g.stretch_bin),
           (g.fifth, g.took_bin), (g.fifth, g.stretch_bin))
    ), placed as materialized (
    select c.*,
           sum(c.people) over (w order by c.bin) - c.people as before,
           sum(c.people) over w as total
      from counted as c
     where c.bin is not null
    window w as (partition by c.dimension, c.value, c.is_stretch)
    ), sought as materialized (
    select p.dimension, p.value, p.is_stretch, p.bin, p.before, q.share,
           q.share * (p.total - 1) as place
      from placed as p
      join (values (0.5, false), (0.9, false), (0.5, true))
               as q(share, is_stretch)
        on q.is_stretch = p.is_stretch
     where p.before <= ceil(q.share * (p.total - 1))
       and p.before + p.people > floor(q.share * (p.total - 1))
    ), found as (
    select s.dimension, s.value, s.is_stretch, s.bin,
           array_agg(m.took order by m.took) as took
      from grouped as g
     cross join lateral (
           values (g.took_bin, g.took, false),
                  (g.stretch_bin, g.stretch, true))
           as m(bin, took, is_stretch)
     cross join lateral (
           values ('platform', g.platform),
                  ('language', coalesce(g.language, 'unknown')),
                  ('followers', coalesce(g.fifth::text, 'unknown')))
           as d(dimension, value)
      join (select distinct a.dimension, a.value, a.is_stretch, a.bin
              from sought as a) as s
     using (dimension, value, is_stretch, bin)
     where g.took_bin = any (array(select distinct a.bin
                                     from sought as a
                                    where not a.is_stretch))
        or g.stretch_bin = any (array(select distinct a.bin
                                        from sought as a
                                       where a.is_stretch))
     group by s.dimension, s.value, s.is_stretch, s.bin
    ), percentile as (
    -- Between two neighbours, more often than not; null: in the other bin.
    select s.dimension, s.value, s.is_stretch, s.share,
           min(n.took) + (max(n.took) - min(n.took))
                         * (s.place - floor(s.place))::float8 as took
      from sought as s
      join found as f
     using (dimension, value, is_stretch, bin)
     cross join lateral (
           values (f.took[(1 + floor(s.place) - s.before)::int4]),
                  (f.took[(1 + ceil(s.place) - s.before)::int4]))
           as n(took)
     group by s.dimension, s.value, s.is_stretch, s.share, s.place
    )
    select c.dimension, c.value, c.people::int8,
           p.p50 * interval '1 second', p.p90 * interval '1 second',
           (c.in_time / nullif(c.judged, 0))::real, p.stretch::real
      from (select o.dimension, o.value, sum(o.people) as people,
                   sum(o.in_time) as in_time, sum(o.judged) as judged
              from counted as o
             where not o.is_stretch
             group by o.dimension, o.value) as c
      join (select o.dimension, o.value,
                   min(o.took) filter (where o.share = 0.5
                                         and not o.is_stretch) as p50,
                   min(o.took) filter (where o.share = 0.9) as p90,
                   min(o.took) filter (where o.is_stretch) as stretch
              from percentile as o
             group by o.dimension, o.value) as p
     using (dimension, value);
end
$$;

comment on function triage_data.fairness() is
'What triage.fairness shows: of what the session sees, worked out anew.';
