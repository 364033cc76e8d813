create or replace function triage_data.pack_terms(
       signal text[],
       urgency numeric[],
       visibility numeric[])
returns json
language plpgsql
immutable
parallel safe
as $$
#variable_conflict use_column
begin
    -- What adds nothing is said on the side of urgency.
    return (
        select json_build_object(
                   'urgency', coalesce(
                       json_object_agg(t.signal, trim_scale(t.urgency)
                                       order by t.ordinality)
                       filter (where t.urgency <> 0 or t.visibility = 0),
                       '{}'),
                   'visibility', coalesce(
                       json_object_agg(t.signal, trim_scale(t.visibility)
                                       order by t.ordinality)
                       filter (where t.visibility <> 0),
                       '{}'))
          from unnest(pack_terms.signal, pack_terms.urgency,
                      pack_terms.visibility)
               with ordinality
               as t(signal, urgency, visibility, ordinality));
end
$$;

comment on function triage_data.pack_terms(text[], numeric[], numeric[]) is
'Terms as they are stored, each signal on the side that it adds to: {"urgency": {"base": 25}, "visibility": {"audience": 33}}.';
