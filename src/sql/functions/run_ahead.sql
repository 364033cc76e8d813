create or replace function triage_data.run_ahead(now timestamptz)
returns table (
       queue text,
       waiting int,
       arrivals_per_hour real,
       agents int,
       expected double precision,
       lost int,
       lost_through timestamptz,
       pace double precision)
language plpgsql
stable
set plan_cache_mode = force_generic_plan
set jit = off
as $$
#variable_conflict use_column
declare
    most_steps int := 1500;
    bins constant int := 600; -- of a queue: 200 of what waits, then what comes
    of_waiting constant int := 200;
    of_each constant int := 5000;
    start constant float8 := extract(epoch from run_ahead.now);
    soon constant float8 := (select extract(epoch from s.soon)
                               from triage_data.setting as s);
    repay_every constant int := (select s.repay_every
                                   from triage_data.setting as s);
    claims int := (select n.last_value % 1000000
                     from triage_data.claim_number as n);
    -- Of queues.
    names text[];
    hours text[];
    weights float8[];
    responds float8[];
    rates float8[];   -- arrivals a second, now
    profile float8[]; -- and as usual: 48 half hours from now, a queue
    carry float8[];
    late_at int[];
    good_at int[];
    ends int[];
    tags int[];
    found float8[];
    losses float8[];
    lost_to float8[];
    opens float8[];   -- the span of business hours that is on, or comes next
    closes float8[];
    opened float8[];  -- for how long it was open since the start
    quantity int;
    -- Of these spans.
    span_at int[];    -- of a queue: which one it is; null: round the clock
    span_end int[];
    span_opens float8[] := '{}';
    span_closes float8[] := '{}';
    -- Of their bins.
    dues float8[];
    counts float8[];
    known boolean[]; -- what waits now
    -- Of teams.
    team_queues int[];
    team_agents int[];
    team_gaps float8[];
    team_next float8[];
    team_count int := 0;
    team record;
    total float8 := 0;
    people float8[];
    is_long boolean := false; -- a queue is
    has_hours boolean := false;
    quantum float8;
    doubled int;
    left_over int;
    farthest float8 := start + 14 * 86400;
    at float8 := start;
    last float8 := start;
    upto float8;
    due float8;
    rest float8;
    p int;
    g int;
    q int;
    i int;
    slot int;
    fade float8;
    best int;
    best_value float8;
    best_due float8;
    best_at int;
    late int;
    late_value float8;
    late_bin int;
    is_soon boolean;
    value float8;
    bin record;
begin
    select array_agg(n.queue order by n.queue),
           array_agg(n.hours order by n.queue),
           array_agg(n.weight::float8 order by n.queue),
           array_agg(extract(epoch from n.respond)::float8 order by n.queue),
           count(*)
      into names, hours, weights, responds, quantity
      from triage_data.queue as n;

    carry := array_fill(0::float8, array[quantity]);
    people := carry;
    rates := carry;
    losses := carry;
    lost_to := array_fill(null::float8, array[quantity]);
    found := lost_to;
    late_at := array_fill(0, array[quantity]);
    good_at := late_at;
    ends := late_at;
    tags := late_at;
    opened := carry;
    opens := array_fill('-infinity'::float8, array[quantity]);
    closes := array_fill('infinity'::float8, array[quantity]);
    span_at := array_fill(null::int, array[quantity]);
    span_end := span_at;
    dues := array_fill('infinity'::float8, array[quantity * bins]);
    counts := array_fill(0::float8, array[quantity * bins]);
    known := array_fill(false, array[quantity * bins]);

    -- When somebody is there.
    for bin in
        select n.place,
               array_agg(extract(epoch from s.opens_at)::float8
                         order by s.opens_at) as opens,
               array_agg(extract(epoch from s.closes_at)::float8
                         order by s.opens_at) as closes
          from unnest(hours) with ordinality as n(hours, place)
         cross join lateral (
               select greatest(triage_data.opens_at(n.hours, run_ahead.now),
                               run_ahead.now)
                      + interval '1080 hours' as through
               offset 0) as l
          join triage_data.open_span as s
            on s.hours = n.hours
           and s.closes_at > run_ahead.now
           and s.opens_at < l.through
         group by n.place
         order by n.place
    loop
        q := bin.place;
        span_at[q] := cardinality(span_opens) + 1;
        span_opens := span_opens || bin.opens;
        span_closes := span_closes || bin.closes;
        span_end[q] := cardinality(span_opens);
        opens[q] := span_opens[span_at[q]];
        closes[q] := span_closes[span_at[q]];
        most_steps := 3000; -- to play nights, too
        has_hours := true;
        farthest := greatest(farthest, opens[q] + 14 * 86400);
    end loop;
    doubled := most_steps / 3;

    -- What waits, in the order of deadlines, in so many bins a queue: the
    -- first of them as they are, the rest evenly up to the last deadline.
    -- Who arrives now stands behind all with the same one.
    for bin in
        select n.place, w.people, w.place as kind,
               -- What is late is so by the time in which it was open.
               case when n.hours is not null and w.due < start
                    then least(start - 0.001,
                               start - extract(epoch from
                                   triage_data.open_time(
                                       n.hours, to_timestamp(w.due),
                                       run_ahead.now))::float8)
                    else w.due
               end as due
          from unnest(names, hours) with ordinality as n(queue, hours, place)
         cross join lateral (
               select l.length, f.dues, cardinality(f.dues) as known,
                      greatest(1, ceil(cardinality(f.dues)::float8
                                       / case when l.length > of_each
                                              then of_waiting / 2
                                              else of_waiting
                                         end))::int as step,
                      (select extract(epoch from max(c.due_at))::float8
                         from triage_data.conversation as c
                        where c.queue = n.queue
                          and c.waiting_since is not null) as last_due
                 from (select count(*) as length
                         from triage_data.conversation as c
                        where c.queue = n.queue
                          and c.waiting_since is not null) as l
                cross join (
                      select array(
                             select extract(epoch from c.due_at)::float8
                               from triage_data.conversation as c
                              where c.queue = n.queue
                                and c.waiting_since is not null
                              order by c.due_at
                              limit of_each) as dues) as f) as r
         cross join lateral (
               select r.dues[least(i + r.step - 1, r.known)] as due,
                      least(r.step, r.known - i + 1)::float8 as people,
                      0 as place
                 from generate_series(1, r.known, r.step) as i
                union all
               select r.dues[r.known]
                      + (r.last_due - r.dues[r.known]) * i
                        / (of_waiting / 2),
                      (r.length - r.known)::float8 / (of_waiting / 2), 0
                 from generate_series(1, of_waiting / 2) as i
                where r.length > r.known
                union all
               select extract(epoch from triage_data.due_after(
                          n.hours, run_ahead.now,
                          responds[n.place] * interval '1 second'))::float8,
                      0, 1) as w
         order by n.place, w.due, w.place
    loop
        q := bin.place;
        ends[q] := ends[q] + 1;
        i := (q - 1) * bins + ends[q];
        dues[i] := bin.due;
        counts[i] := bin.people;
        known[i] := bin.kind = 0;
        if bin.kind = 1 then
            tags[q] := i;
        else
            total := total + bin.people;
            people[q] := people[q] + bin.people;
            is_long := is_long or people[q] > of_each;
        end if;
    end loop;
    for q in 1 .. quantity loop
        late_at[q] := (q - 1) * bins + 1;
        good_at[q] := (q - 1) * bins + 1;
        ends[q] := (q - 1) * bins + ends[q];
    end loop;

    -- What comes: as many as in the last half hour to hour for a while, then
    -- as usual at that time of the day, the same day of the week above all.
    select array_agg(coalesce(f.rate, 0) order by n.place)
      into rates
      from unnest(names) with ordinality as n(queue, place)
      left join (
           select w.queue,
                  sum(w.arrivals) / greatest(extract(epoch from
                      run_ahead.now - greatest(min(o.since),
                          date_bin('30 minutes', run_ahead.now, 'epoch')
                          - interval '30 minutes')), 300)::float8 as rate
             from triage_data.inflow as w
            cross join triage_data.observed as o
            where w.began_at >= date_bin('30 minutes', run_ahead.now, 'epoch')
                                - interval '30 minutes'
              and w.began_at <= run_ahead.now
            group by w.queue) as f
        on f.queue = n.queue;

    with past as (
    select o.since,
           date_bin('30 minutes', run_ahead.now, 'epoch') as current
      from triage_data.observed as o
    ), slots as (
    select s.slot, d.day, p.current,
           p.current + s.slot * interval '30 minutes'
               - d.day * interval '24 hours' as began_at,
           case when d.day % 7 = 0 then 4 else 1 end as weight
      from past as p
     cross join generate_series(0, 47) as s(slot)
     cross join generate_series(1, 28) as d(day)
     where p.current + s.slot * interval '30 minutes'
               - d.day * interval '24 hours'
           between p.since and p.current - interval '30 minutes'
    ), usual as (
    select w.queue, s.slot, sum(s.weight * w.arrivals)::float8 as arrivals
      from slots as s
      join triage_data.inflow as w
        on w.began_at = s.began_at
     group by w.queue, s.slot
    ), seen as (
    select s.slot, sum(s.weight) * 1800::float8 as seconds
      from slots as s
     group by s.slot
    ), mean as (
    select w.queue,
           sum(w.arrivals) / greatest(3600, extract(epoch from
               run_ahead.now - min(p.since)))::float8 as rate
      from triage_data.inflow as w
     cross join past as p
     where w.began_at >= p.since - interval '30 minutes'
       and w.began_at > run_ahead.now - interval '7 days'
     group by w.queue
    )
    select array_agg(case when s.seconds > 0
                          then coalesce(u.arrivals, 0) / s.seconds
                          else coalesce(m.rate, 0)
                     end
                     order by n.place, t.slot)
      into profile
      from unnest(names) with ordinality as n(queue, place)
     cross join generate_series(0, 47) as t(slot)
      left join seen as s
        on s.slot = t.slot
      left join usual as u
        on u.slot = t.slot
       and u.queue = n.queue
      left join mean as m
        on m.queue = n.queue;

    -- Who answers.
    for team in
        select t.queues, t.agents, t.pace
          from triage_data.teams(run_ahead.now) as t
    loop
        team_count := team_count + 1;
        team_agents[team_count] := team.agents;
        team_gaps[team_count] := 1 / (team.agents * team.pace);
        team_next[team_count] := start;
        for q in 1 .. quantity loop
            team_queues[(team_count - 1) * quantity + q] :=
                (names[q] = any (team.queues))::int;
        end loop;
    end loop;

    quantum := greatest(1, total / 600);
    left_over := quantity;
    for q in 1 .. quantity loop
        if not exists (select
                         from generate_series(0, team_count - 1) as t
                        where team_queues[t * quantity + q] = 1) then
            left_over := left_over - 1;
        end if;
    end loop;

    -- Claim after claim, in triage's order.
    for step in 1 .. most_steps loop
        exit when left_over <= 0 or team_count = 0
               or at > farthest;
        if step > doubled then
            quantum := quantum * 2;
            doubled := doubled + most_steps / 6;
        end if;

        g := 1;
        for i in 2 .. team_count loop
            if team_next[i] < team_next[g] then
                g := i;
            end if;
        end loop;
        at := team_next[g];

        while at > last loop
            upto := least(at, last + 1800);
            slot := floor((upto - start) / 1800)::int;
            fade := exp((start - upto) / 7200);
            slot := slot % 48;
            for q in 1 .. quantity loop
                if span_at[q] is not null then
                    opened[q] := opened[q]
                                 + greatest(0, least(upto, closes[q])
                                               - greatest(last, opens[q]));
                    while closes[q] <= upto loop
                        span_at[q] := span_at[q] + 1;
                        if span_at[q] > span_end[q] then
                            span_at[q] := null;
                            opens[q] := '-infinity';
                            closes[q] := 'infinity';
                        else
                            opens[q] := span_opens[span_at[q]];
                            closes[q] := span_closes[span_at[q]];
                            opened[q] := opened[q]
                                         + greatest(0, least(upto, closes[q])
                                                       - opens[q]);
                        end if;
                    end loop;
                end if;

                value := carry[q] + (upto - last)
                         * (fade * rates[q]
                            + (1 - fade) * profile[(q - 1) * 48 + slot + 1]);
                if value >= quantum then
                    due := upto + responds[q];
                    if span_at[q] is not null then
                        p := span_at[q];
                        rest := responds[q];
                        due := greatest(upto, opens[q]);
                        while due + rest > span_closes[p]
                              and p < span_end[q] loop
                            rest := rest - (span_closes[p] - due);
                            p := p + 1;
                            due := span_opens[p];
                        end loop;
                        due := due + rest;
                    end if;
                    if ends[q] < q * bins then
                        ends[q] := ends[q] + 1;
                        dues[ends[q]] := due;
                    end if;
                    counts[ends[q]] := counts[ends[q]] + value;
                    value := 0;
                end if;
                carry[q] := value;
            end loop;
            last := upto;
        end loop;

        best := 0;
        late := 0;
        is_soon := false;
        for q in 1 .. quantity loop
            continue when team_queues[(g - 1) * quantity + q] = 0
                       or opens[q] > at;

            i := late_at[q];
            while i <= ends[q] and counts[i] <= 0
                  and (i <> tags[q] or found[q] is not null) loop
                i := i + 1;
            end loop;
            late_at[q] := i;
            if i <= ends[q] and dues[i] < at then
                value := at - dues[i];
                if hours[q] is not null then
                    value := least(value, opened[q]
                                          + greatest(start - dues[i], 0));
                end if;
                value := weights[q] * (value + responds[q]) / responds[q];
                if late = 0 or value > late_value then
                    late := q;
                    late_value := value;
                    late_bin := i;
                end if;
            end if;

            i := greatest(good_at[q], late_at[q]);
            while i <= ends[q]
                  and (dues[i] < at
                       or counts[i] <= 0
                          and (i <> tags[q] or found[q] is not null)) loop
                if known[i] and counts[i] > 0 and dues[i] >= start then
                    losses[q] := losses[q] + counts[i];
                    lost_to[q] := dues[i];
                end if;
                i := i + 1;
            end loop;
            good_at[q] := i;
            continue when i > ends[q];

            if dues[i] - at < soon then
                if not is_soon or weights[q] > best_value
                   or weights[q] = best_value and dues[i] < best_due then
                    is_soon := true;
                    best := q;
                    best_value := weights[q];
                    best_due := dues[i];
                    best_at := i;
                end if;
            elsif not is_soon and (best = 0 or dues[i] < best_due) then
                best := q;
                best_value := 0;
                best_due := dues[i];
                best_at := i;
            end if;
        end loop;

        claims := claims + 1;
        if late > 0 and (not is_soon or claims % repay_every = 0) then
            best := late;
            best_at := late_bin;
        end if;
        if best = 0 then
            -- Nothing to do; or it is closed, until the first queue opens.
            rest := greatest(quantum * team_gaps[g], 60);
            due := 'infinity';
            for q in 1 .. quantity loop
                if team_queues[(g - 1) * quantity + q] = 0 then
                    continue;
                elsif opens[q] <= at then
                    due := least(due, at + case when has_hours
                                                then greatest(rest, 600)
                                                else rest
                                           end);
                else
                    due := least(due, opens[q]);
                end if;
            end loop;
            team_next[g] := due;
            continue;
        end if;

        if best_at = tags[best] and found[best] is null then
            found[best] := at - start;
            left_over := left_over - 1;
            continue when counts[best_at] <= 0;
        end if;
        -- A turn is a whole quantum, though a bin may hold less: the run errs
        -- on the long side.  Where bins are many people, that would be far;
        -- where a run goes over nights, a turn takes half a quantum of them
        -- at least.
        value := case when is_long then least(quantum, counts[best_at])
                      else quantum
                 end;
        rest := quantum / 2 - counts[best_at];
        counts[best_at] := counts[best_at] - value;
        i := best_at + 1;
        while has_hours and rest > 0 and i <= ends[best]
              and (i <> tags[best] or found[best] is not null)
              and (dues[i] < at) = (dues[best_at] < at) loop
            due := least(rest, greatest(counts[i], 0));
            counts[i] := counts[i] - due;
            rest := rest - due;
            i := i + 1;
        end loop;
        team_next[g] := at + value * team_gaps[g];
    end loop;

    return query
    select names[n], round(people[n])::int4, (rates[n] * 3600)::real,
           coalesce((select sum(team_agents[t + 1])
                       from generate_series(0, team_count - 1) as t
                      where team_queues[t * quantity + n] = 1), 0)::int4,
           -- Who is not reached waits longer than that.
           case when exists (select
                               from generate_series(0, team_count - 1) as t
                              where team_queues[t * quantity + n] = 1)
                then coalesce(found[n], greatest(at - start,
                                                 dues[tags[n]] - start))
           end,
           ceil(losses[n])::int4,
           to_timestamp(lost_to[n]),
           coalesce((select sum(1 / team_gaps[t + 1])
                       from generate_series(0, team_count - 1) as t
                      where team_queues[t * quantity + n] = 1), 0)::float8
      from generate_series(1, quantity) as n;
end
$$;

comment on function triage_data.run_ahead(timestamptz) is
'Plays what waits and what usually comes forward in triage''s order, at the pace of who is at work: when would it be the turn of what arrives now, and whose deadline would be lost?';
