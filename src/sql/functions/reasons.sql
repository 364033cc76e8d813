create or replace function triage_data.reasons(terms json)
returns text[]
language plpgsql
immutable
parallel safe
as $$
begin
    -- Not in SQL, which would be planned anew in each statement, and without
    -- triage_data.terms_of: whoever reads the inbox may not use the schema.
    return array(
        select t.signal
          from (select u.key as signal, u.value::real as urgency,
                       0 as visibility
                  from json_each_text(reasons.terms -> 'urgency') as u
                 union all
                select v.key, 0, v.value::real
                  from json_each_text(reasons.terms -> 'visibility') as v
                 union all
                select l.signal, l.urgency, l.visibility
                  from json_to_recordset(
                           case when json_typeof(reasons.terms) = 'array'
                                then reasons.terms
                           end) as l(signal text, urgency real,
                                     visibility real)) as t
         where t.signal not in ('base', 'limit', 'other_words')
         group by t.signal
        having sum(t.urgency) > 0
            or sum(t.visibility) > 0
         order by sum(t.urgency) > 0 desc nulls last,
                  coalesce(sum(t.urgency), 0) + coalesce(sum(t.visibility), 0)
                      desc,
                  t.signal);
end
$$;

comment on function triage_data.reasons(json) is
'The signals that added to a score: why it is urgent, the strongest first, then why it is visible.  What every score has (`base`, `limit`, `other_words`) says nothing and is left to triage.explain.';
