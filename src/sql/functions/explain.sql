create or replace function triage.explain(message bigint)
returns table (
       signal text,
       urgency real,
       visibility real)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    terms json;
begin
    select m.terms
      into terms
      from triage_data.message as m
     where m.message_no = explain.message;
    if not found then
        raise exception 'there is no message %', explain.message
              using errcode = 'TR005';
    end if;

    return query
    select t.signal, coalesce(t.urgency, 0), coalesce(t.visibility, 0)
      from json_to_recordset(coalesce(terms, '[]'))
           as t(signal text, urgency real, visibility real);
end
$$;

comment on function triage.explain(bigint) is
'The terms of a message''s score; they add up to its urgency and its visibility.';
