create or replace function triage_data.usual_brand(
       brand text,
       now timestamptz)
returns double precision
language sql
stable
begin atomic
    -- As many as in the busiest of the three half hours around this one, a
    -- week ago and so on, in the mean of four weeks.  Until a week is known:
    -- as in the busiest half hour.
    select case when o.since <= usual_brand.now - interval '7 days'
                then (select coalesce(avg(coalesce(b.arrivals, 0)), 0)
                        from generate_series(1, 4) as w(week)
                        left join lateral (
                             select max(i.arrivals) as arrivals
                               from triage_data.brand_inflow as i
                              where i.brand = usual_brand.brand
                                and i.began_at
                                    between usual_brand.now
                                            - w.week * interval '7 days'
                                            - interval '1 hour'
                                        and usual_brand.now
                                            - w.week * interval '7 days'
                                            + interval '30 minutes') as b
                          on true
                       where usual_brand.now - w.week * interval '7 days'
                             >= o.since)
                else (select coalesce(max(i.arrivals), 0)
                        from triage_data.brand_inflow as i
                       where i.brand = usual_brand.brand
                         and i.began_at < usual_brand.now - interval '1 hour')
           end / 3.0
      from triage_data.observed as o;
end;

comment on function triage_data.usual_brand(text, timestamptz) is
'How many messages to a brand in ten minutes are usual at this time of the week.';
