create or replace function triage.report(
       since timestamptz,
       until timestamptz default null,
       by text[] default '{}')
returns table (
       hour timestamptz,
       queue text,
       platform text,
       brand text,
       agent text,
       response text,
       responses bigint,
       p50 interval,
       p90 interval,
       p99 interval,
       share_in_time real)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
set jit = off
as $$
#variable_conflict use_column
declare
    known constant text[] :=
        array['hour', 'queue', 'platform', 'brand', 'agent'];
    allowed constant text[] := triage_data.allowed();
    last constant timestamptz := coalesce(report.until, triage.now());
    per_hour constant boolean := 'hour' = any (report.by);
    per_queue constant boolean := 'queue' = any (report.by);
    per_platform constant boolean := 'platform' = any (report.by);
    per_brand constant boolean := 'brand' = any (report.by);
    per_agent constant boolean := 'agent' = any (report.by);
begin
    if report.since is null or report.since >= last then
        raise exception 'a report is of a span of time, not from % to %',
              report.since, last
              using errcode = 'TR007';
    end if;
    if report.by is null or not report.by <@ known then
        raise exception 'a report is by hour, queue, platform, brand or '
              'agent, not by %', report.by
              using errcode = 'TR007';
    end if;

    return query
    select g.hour, g.queue, g.platform, g.brand, g.agent, g.response,
           g.responses, g.p[1] * interval '1 second',
           g.p[2] * interval '1 second', g.p[3] * interval '1 second',
           g.share
      from (select case when per_hour then triage_data.hour_of(r.at) end
                       as hour,
                   case when per_queue then r.queue end as queue,
                   case when per_platform then r.platform end as platform,
                   case when per_brand then r.brand end as brand,
                   case when per_agent then r.agent end as agent,
                   r.response,
                   count(*) as responses,
                   -- Numbers are sorted in half the time of intervals.
                   percentile_cont(array[0.5, 0.9, 0.99]) within group (
                       order by date_part('epoch', r.took)) as p,
                   avg(r.in_time::int4)::real as share
              from triage_data.response as r
             where r.at >= report.since
               and r.at < last
               and (allowed is null
                    or triage_data.is_allowed(allowed, r.brand, r.queue))
             group by 1, 2, 3, 4, 5, 6) as g
     order by 1, 2, 3, 4, 5, 6;
end
$$;

comment on function triage.report(timestamptz, timestamptz, text[]) is
'Response times of a span of time by any of hour, queue, platform, brand and agent: exact, from each answer.';
