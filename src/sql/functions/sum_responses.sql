create or replace function triage_data.sum_responses()
returns void
language plpgsql
as $$
declare
    -- What there is to do at first, or after a long pause, is done in parts.
    most constant int := 24;
    seen constant xid8 := pg_snapshot_xmin(pg_current_snapshot());
    hours timestamptz[];
begin
    if not triage_data.is_due('sum_responses', interval '1 minute') then
        return;
    end if;

    -- What others have not committed yet has a number from "seen" on: the
    -- next call finds it.
    insert into triage_data.unsummed_hour (hour)
    select u.hour
      from triage_data.unsummed() as u
        on conflict do nothing;
    update triage_data.summed
       set before_xid = seen
     where before_xid < seen;

    select array(select u.hour
                   from triage_data.unsummed_hour as u
                  order by u.hour desc
                  limit most)
      into hours;
    delete
      from triage_data.unsummed_hour as u
     where u.hour = any (hours);
    delete
      from triage_data.response_hour as h
     where h.hour = any (hours);
    insert into triage_data.response_hour
           (hour, responses, p50, p90, p99, share_in_time, response, queue,
            platform, brand)
    select h.hour, count(*),
           percentile_cont(0.5) within group (order by r.took),
           percentile_cont(0.9) within group (order by r.took),
           percentile_cont(0.99) within group (order by r.took),
           avg(r.in_time::int4), r.response, r.queue, r.platform, r.brand
      from unnest(hours) as h(hour)
      join triage_data.response as r
        on r.at >= h.hour
       and r.at < h.hour + interval '1 hour'
     group by h.hour, r.response, r.queue, r.platform, r.brand;
end
$$;

comment on function triage_data.sum_responses() is
'A part of triage.tick: sums up response times by the hour.';
