create or replace function triage_data.sum_hours(hours timestamptz[])
returns void
language plpgsql
set enable_seqscan = off
set jit = off
as $$
begin
    delete
      from triage_data.unsummed_hour as u
     where u.hour = any (sum_hours.hours);
    delete
      from triage_data.response_hour as h
     where h.hour = any (sum_hours.hours);

    insert into triage_data.response_hour
           (hour, responses, p50, p90, p99, share_in_time, response, queue,
            platform, brand)
    select h.hour, s.*
      from unnest(sum_hours.hours) as h(hour)
     cross join lateral (
           select count(*),
                  percentile_cont(0.5) within group (order by r.took),
                  percentile_cont(0.9) within group (order by r.took),
                  percentile_cont(0.99) within group (order by r.took),
                  avg(r.in_time::int4), r.response, r.queue, r.platform,
                  r.brand
             from triage_data.response as r
            where r.at >= h.hour
              and r.at < h.hour + interval '1 hour'
            group by r.response, r.queue, r.platform, r.brand) as s;
end
$$;

comment on function triage_data.sum_hours(timestamptz[]) is
'Sums up the response times of hours anew.';
