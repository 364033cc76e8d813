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
    select coalesce(sum(round(100 * t.visibility))
                        filter (where t.signal <> 'limit'), 0)
           + seen_by.engaged,
           coalesce(sum(t.urgency) filter (where t.signal = 'limit'), 0)
      into total, relaxed
      from triage_data.terms_of(seen_by.terms) as t
     where t.signal <> 'engagement';

    limited := case
               when total = 0 then 0
               when total > 9000 then 10000 - 1000000 / (total - 8000)
               when total < 1000 then 1000000 / (2000 - total)
               else total
               end;

    seen_by.visibility := limited / 100.0;
    seen_by.terms := (
        select triage_data.pack_terms(array_agg(s.signal),
                                      array_agg(s.urgency),
                                      array_agg(s.visibility))
          from (select t.*
                  from triage_data.terms_of(seen_by.terms) as t
                 where t.signal not in ('engagement', 'limit')
                 union all
                select 'engagement', 0, seen_by.engaged / 100.0
                 where seen_by.engaged <> 0
                 union all
                select 'limit', relaxed, (limited - total) / 100.0
                 where relaxed <> 0
                    or limited <> total) as s);
end
$$;

comment on function triage_data.seen_by(bigint, json) is
'The terms of a score with another engagement, and the visibility that they add up to: as src/score puts them together.';
