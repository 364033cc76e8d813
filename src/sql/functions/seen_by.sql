create or replace function triage_data.seen_by(
       engaged bigint,
       inout terms json,
       out visibility real)
language plpgsql
immutable
as $$
#variable_conflict use_column
declare
    -- Everything but engagement and the limit, in hundredths.
    total bigint;
    limited bigint;
    relaxed numeric;
begin
    select coalesce(sum(round(100 * (t.value ->> 'visibility')::numeric)), 0)
           + seen_by.engaged
      into total
      from json_array_elements(seen_by.terms) as t
     where t.value ->> 'signal' not in ('engagement', 'limit');

    limited := case
               when total = 0 then 0
               when total > 9000 then 10000 - 1000000 / (total - 8000)
               when total < 1000 then 1000000 / (2000 - total)
               else total
               end;

    select (t.value ->> 'urgency')::numeric
      into relaxed
      from json_array_elements(seen_by.terms) as t
     where t.value ->> 'signal' = 'limit';
    relaxed := coalesce(relaxed, 0);

    seen_by.visibility := limited / 100.0;
    seen_by.terms := (
        select coalesce(json_agg(s.term order by s.place, s.ordinality), '[]')
          from (select t.value as term, 1 as place, t.ordinality
                  from json_array_elements(seen_by.terms)
                       with ordinality as t
                 where t.value ->> 'signal' not in ('engagement', 'limit')
                 union all
                select json_build_object(
                           'signal', 'engagement',
                           'visibility',
                           trim_scale(seen_by.engaged / 100.0)), 2, 0
                 where seen_by.engaged <> 0
                 union all
                select json_strip_nulls(json_build_object(
                           'signal', 'limit',
                           'urgency', nullif(relaxed, 0),
                           'visibility',
                           nullif(trim_scale((limited - total) / 100.0), 0))),
                       3, 0
                 where relaxed <> 0
                    or limited <> total) as s);
end
$$;

comment on function triage_data.seen_by(bigint, json) is
'The terms of a score with another engagement, and the visibility that they add up to: as src/score puts them together.';
