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

    delete
      from triage_data.fair_answer as f
     where f.hour = any (sum_hours.hours);

    insert into triage_data.fair_answer
           (hour, answered_at, message_no, followers, took, stretch,
            took_bin, stretch_bin, in_time, language, queue, platform, brand)
    select h.hour, f.*
      from unnest(sum_hours.hours) as h(hour)
     cross join lateral (
           select r.answered_at, r.message_no, r.followers, r.took,
                  r.stretch, r.took_bin, r.stretch_bin, r.in_time,
                  r.language, r.queue, r.platform, r.brand
             from triage_data.fair_response as r
            where r.answered_at >= h.hour
              and r.answered_at < h.hour + interval '1 hour') as f
     where h.hour > triage.now() - interval '31 days';
end
$$;

comment on function triage_data.sum_hours(timestamptz[]) is
'Sums up the response times of hours anew, and of the last month what fairness asks of each response.';
