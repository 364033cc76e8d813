create or replace function triage_data.add_term(
       terms json,
       signal text,
       urgency numeric)
returns json
language plpgsql
immutable
parallel safe
as $$
#variable_conflict use_column
begin
    return (
        select triage_data.pack_terms(
                   array_agg(t.signal) || add_term.signal,
                   array_agg(t.urgency) || add_term.urgency,
                   array_agg(t.visibility) || 0::numeric)
          from triage_data.terms_of(add_term.terms) as t);
end
$$;

comment on function triage_data.add_term(json, text, numeric) is
'The terms of a score with one more, of urgency.';
