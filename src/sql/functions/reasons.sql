create or replace function triage_data.reasons(terms json)
returns text[]
language plpgsql
immutable
parallel safe
as $$
begin
    -- Not in SQL, which would be planned anew in each statement.
    if json_typeof(reasons.terms) is distinct from 'array' then
        return '{}';
    end if;

    return array(
        select t.signal
          from json_to_recordset(reasons.terms)
               as t(signal text, urgency real, visibility real)
         where (t.urgency > 0 or t.visibility > 0)
           and t.signal not in ('base', 'limit', 'other_words')
         order by coalesce(t.urgency, 0) > 0 desc,
                  coalesce(t.urgency, 0) + coalesce(t.visibility, 0) desc,
                  t.signal);
end
$$;

comment on function triage_data.reasons(json) is
'The signals that added to a score: why it is urgent, the strongest first, then why it is visible.  What every score has (`base`, `limit`, `other_words`) says nothing and is left to triage.explain.';
