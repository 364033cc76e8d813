create or replace function triage.suggest_promise(
       text text,
       now timestamptz default null,
       zone text default null)
returns table (
       due_at timestamptz,
       words text)
language plpgsql
stable
parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    -- A day ends with the working day; what is promised for later than a
    -- year is something else.
    day_end constant interval := interval '18 hours';
    longest constant int := 4000;
    long_sentence constant int := 1000;
    far constant int := 25;
    here constant text := coalesce(suggest_promise.zone,
                                   current_setting('TimeZone'));
    start constant timestamptz := coalesce(suggest_promise.now,
                                           triage.now());
    clock timestamp;
    said text;
    lower_said text;
    sentence text;
    first int := 1;
    past int;
    p record;
    best record;
    due timestamptz;
begin
    begin
        clock := start at time zone here;
    exception
        when invalid_parameter_value then
            raise exception 'there is no time zone "%"', here
                  using errcode = 'TR007';
    end;
    said := left(suggest_promise.text, longest);
    lower_said := translate(lower(said), chr(8217) || chr(160) || chr(8239),
                            '''  ');
    -- "5 p.m." does not end a sentence; lengths stay.
    lower_said := regexp_replace(lower_said, '\m([ap])\.\s?m\.', '\1m  ',
                                 'g');
    if length(lower_said) <> length(said) then
        said := lower_said;
    end if;

    while first <= length(lower_said) loop
        past := regexp_instr(lower_said, '(?<!\d)\.+(?:\s|$)|[!?;\n]+|, (?=(?:but|aber|pero|mais)\M)',
                             first, 1, 1);
        if past = 0 then
            past := length(lower_said) + 1;
        end if;
        sentence := substr(lower_said, first,
                           least(past - first, long_sentence));

        select t.*
          into best
          from triage_data.promised_time(sentence, clock, day_end, far) as t;
        if best.due is not null then
            due := best.due at time zone here;
            if due > start and due < start + interval '1 year' then
                return query
                select due,
                       btrim(substr(said, first + best.at - 1, best.long),
                             ' ,.');
                return;
            end if;
        end if;
        first := past;
    end loop;
end
$$;

comment on function triage.suggest_promise(text, timestamptz, text) is
'The deadline that an agent''s words to a customer promise, and the words it was read from; no row: no promise.  A suggestion: the agent says triage.promise.';
