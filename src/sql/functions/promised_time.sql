create or replace function triage_data.promised_time(
       sentence text,
       clock timestamp,
       day_end interval,
       far int)
returns table (
       due timestamp,
       at int,
       long int)
language plpgsql
immutable
parallel safe
as $$
#variable_conflict use_column
declare
    today constant timestamp := date_trunc('day', promised_time.clock);
    said text := promised_time.sentence;
    words record;
    other record;
    commits_first int;
    commits_last int;
    d record;
    h record;
    day timestamp;
    hour interval;
    quantity double precision;
    unit text;
begin
    -- One expression each: PostgreSQL keeps few of them at hand.
    select string_agg(p.pattern, '|') filter (where p.what = 'mask') as mask,
           string_agg(p.pattern, '|') filter (where p.what = 'deny') as deny,
           string_agg(p.pattern, '|') filter (where p.what = 'commit')
               as commit,
           string_agg(p.pattern, '|') filter (where p.what = 'condition')
               as condition,
           -- A date and an hour have digits.
           string_agg(p.pattern, '|') filter (where p.what in (
               'day', 'weekday', 'week', 'span', 'part')) || '|\d' as time
      into words
      from triage_data.promise_pattern() as p;

    if said !~ words.time or said ~ words.condition then
        return;
    end if;

    for number in 1 .. 9 loop
        at := regexp_instr(said, words.mask);
        exit when at = 0;
        long := regexp_instr(said, words.mask, 1, 1, 1) - at;
        exit when long = 0;
        said := overlay(said placing repeat('_', long) from at for long);
    end loop;

    select min(m.at), max(m.at)
      into commits_first, commits_last
      from (select regexp_instr(said, words.commit, 1, n) as at
              from generate_series(1, 9) as n) as m
     where m.at > 0;
    if commits_first is null or said ~ words.deny then
        return;
    end if;

    -- The first time after the last word that commits, or else the last one
    -- before the first.
    select f.*
      into d
      from (select p.what, p.number, p.pattern, m.at, m.past,
                   substr(said, m.at, m.past - m.at) as words
              from triage_data.promise_pattern() as p
             cross join lateral (
                   select regexp_instr(said, p.pattern, 1, n) as at,
                          regexp_instr(said, p.pattern, 1, n, 1) as past
                     from generate_series(1, 4) as n) as m
             where p.what in ('day', 'weekday', 'week', 'date', 'numeric',
                              'span')
               and m.at > 0) as f
     order by f.at < commits_last,
              case when f.at >= commits_last then f.at else -f.past end,
              f.past desc, f.at
     limit 1;

    -- The end of a day: of the one that is named next, if one is.
    if d.what = 'day' and d.number = 0
       and d.words ~ '^(end|close|eod|cob|ende|fin|feierabend|dienst)' then
        select f.what, f.number, f.pattern, d.at, f.past,
               substr(said, f.at, f.past - f.at) as words
          into other
          from (select p.what, p.number, p.pattern,
                       regexp_instr(said, p.pattern, d.past) as at,
                       regexp_instr(said, p.pattern, d.past, 1, 1) as past
                  from triage_data.promise_pattern() as p
                 where p.what in ('day', 'weekday', 'date', 'numeric')) as f
         where f.at between d.past and d.past + 8
         order by f.at, f.past desc
         limit 1;
        if found then
            d := other;
        end if;
    end if;

    -- A date says it better than the day of the week beside it.
    if d.what = 'weekday' then
        select f.what, f.number, f.pattern, d.at, f.past,
               substr(said, f.at, f.past - f.at) as words
          into other
          from (select p.what, p.number, p.pattern,
                       regexp_instr(said, p.pattern, d.past) as at,
                       regexp_instr(said, p.pattern, d.past, 1, 1) as past
                  from triage_data.promise_pattern() as p
                 where p.what in ('date', 'numeric')) as f
         where f.at between d.past and d.past + 12;
        if found then
            d := other;
        end if;
    end if;

    -- The hour, near it.
    select f.*
      into h
      from (select p.what, p.number, p.pattern, m.at, m.past,
                   substr(said, m.at, m.past - m.at) as words
              from triage_data.promise_pattern() as p
             cross join lateral (
                   select regexp_instr(said, p.pattern, 1, n) as at,
                          regexp_instr(said, p.pattern, 1, n, 1) as past
                     from generate_series(1, 4) as n) as m
             where p.what in ('clock', 'part')
               and m.at > 0) as f
     where case when d.at is null
                then f.what = 'clock' or f.number > 12
                else f.at <= d.past + promised_time.far
                 and f.past >= d.at - promised_time.far
           end
     order by (d.at is null and f.at < commits_last), f.what = 'part',
              abs(f.at - coalesce(d.at, commits_last)), f.past desc
     limit 1;

    if d.at is null and h.at is null then
        return;
    end if;

    if h.what = 'part' then
        hour := make_interval(hours => h.number::int);
    elsif h.what = 'clock' then
        declare
            part text[] := regexp_match(h.words, h.pattern);
            hours int := part[1]::int;
            minutes int := coalesce(nullif(part[2], ''), '0')::int;
        begin
            if h.words ~ 'pm|de la (tarde|noche)' and hours < 12 then
                hours := hours + 12;
            elsif h.words !~ 'am|uhr|h$|[:.h]' and hours between 1 and 7 then
                -- Nobody promises something for five in the morning.
                hours := hours + 12;
            end if;
            if hours > 24 or minutes > 59 then
                return;
            end if;
            hour := make_interval(hours => hours, mins => minutes);
        end;
    end if;

    if d.what = 'span' then
        declare
            part text[] := regexp_match(d.words, d.pattern);
        begin
            unit := part[5];
            quantity := case when part[3] ~ '^\d{1,4}$'
                             then part[3]::double precision
                             else (select p.number
                                     from triage_data.promise_pattern() as p
                                    where p.what = 'number'
                                      and part[3] ~ p.pattern) end;
            if quantity is null then
                return;
            end if;
            at := d.at;
            long := d.past - d.at;
            if unit ~ '^min' then
                due := promised_time.clock + quantity * interval '1 minute';
                return next;
                return;
            elsif unit ~ '^(h|stu|std)' then
                due := promised_time.clock + quantity * interval '1 hour';
                return next;
                return;
            elsif unit ~ '^(week|woche|sema)' then
                day := today + quantity * interval '7 days';
            elsif unit ~ '^(werk|arbeit)'
                  or part[4] ~ 'business|working'
                  or part[6] is not null then
                select max(w.day)
                  into day
                  from (select g.day
                          from generate_series(today + interval '1 day',
                                   today + interval '90 days',
                                   interval '1 day') as g(day)
                         where extract(isodow from g.day) < 6
                         order by g.day
                         limit quantity::int) as w;
            else
                day := today + quantity * interval '1 day';
            end if;
        end;
    elsif d.what = 'day' then
        day := today + d.number * interval '1 day';
    elsif d.what = 'weekday' then
        -- The next one; next week's, if that is said.
        day := today + make_interval(days => 1 + ((d.number::int + 6
               - extract(isodow from today)::int) % 7));
        if exists (select
                     from triage_data.promise_pattern() as p
                    where p.what = 'week'
                      and p.number = 1
                      and said ~ p.pattern)
           and day < date_trunc('week', today) + interval '7 days' then
            day := day + interval '7 days';
        end if;
    elsif d.what = 'week' then
        day := date_trunc('week', today)
               + make_interval(days => 4 + 7 * d.number::int);
    elsif d.what in ('date', 'numeric') then
        declare
            month int := d.number;
            number int := (regexp_match(d.words, '\d+'))[1];
        begin
            if d.what = 'numeric' then
                month := (regexp_match(d.words, '\.\s?(\d+)'))[1];
            end if;
            if number is null or number not between 1 and 31
               or month not between 1 and 12 then
                return;
            end if;
            day := make_timestamp(extract(year from today)::int,
                                  month, 1, 0, 0, 0)
                   + make_interval(days => number - 1);
            if extract(month from day) <> month then
                return;
            end if;
            if day < today then
                day := day + interval '1 year';
            end if;
        end;
    else
        day := today;
        if today + hour <= promised_time.clock then
            day := today + interval '1 day';
        end if;
    end if;

    due := day + coalesce(hour, promised_time.day_end);
    -- Said in the evening, today ends at midnight.
    if due <= promised_time.clock and hour is null then
        due := day + interval '1 day';
    end if;
    at := least(d.at, h.at);
    long := greatest(d.past, h.past) - at;
    return next;
end
$$;

comment on function triage_data.promised_time(text, timestamp, interval, int) is
'The local time that a sentence promises, and where it says so; no row: none.';
