create or replace function triage_data.learn(
       queue text,
       day date,
       judged int,
       held int)
returns void
language plpgsql
as $$
#variable_conflict use_column
declare
    -- One more than expected that did not hold moves the share by so much;
    -- the bounds keep it from a p90 that says nothing.
    step constant real := 0.005;
    least_share constant real := 0.02;
    most_share constant real := 0.25;
begin
    insert into triage_data.forecast_day as d (queue, day, published, held)
    values (learn.queue, learn.day, learn.judged, learn.held)
        on conflict (queue, day) do update
       set published = d.published + excluded.published,
           held = d.held + excluded.held;

    insert into triage_data.caution as c (queue)
    values (learn.queue)
        on conflict (queue) do nothing;
    update triage_data.caution as c
       set share = least(most_share, greatest(least_share,
               c.share + step * (0.1 * learn.judged
                                 - (learn.judged - learn.held))))
     where c.queue = learn.queue;
end
$$;

comment on function triage_data.learn(text, date, int, int) is
'Counts waits whose published p90 held, or did not, and sets how careful the next is: in the long run nine of ten hold, whatever happens.';
