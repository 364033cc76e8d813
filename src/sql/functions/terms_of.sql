create or replace function triage_data.terms_of(terms json)
returns table (
       signal text,
       urgency numeric,
       visibility numeric)
language plpgsql
immutable
parallel safe
rows 20
as $$
#variable_conflict use_column
begin
    -- A list of named terms was stored until 2026-11; it is still read, and
    -- triage.ingest still takes it.
    if json_typeof(terms_of.terms) = 'array' then
        return query
        select t.signal, coalesce(t.urgency, 0), coalesce(t.visibility, 0)
          from json_to_recordset(terms_of.terms)
               as t(signal text, urgency numeric, visibility numeric);
        return;
    end if;

    return query
    select t.signal, sum(t.urgency), sum(t.visibility)
      from (select u.key as signal, u.value::numeric as urgency,
                   0::numeric as visibility, u.ordinality as place
              from json_each_text(terms_of.terms -> 'urgency')
                   with ordinality as u
             union all
            select v.key, 0, v.value::numeric, 1000 + v.ordinality
              from json_each_text(terms_of.terms -> 'visibility')
                   with ordinality as v) as t
     group by t.signal
     order by max(t.place);
end
$$;

comment on function triage_data.terms_of(json) is
'The terms of a score as rows; they add up to its urgency and its visibility.';
