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
    brand text;
    queue text;
    terms json;
begin
    select m.brand, coalesce(c.queue, m.queue), m.terms
      into brand, queue, terms
      from triage_data.message as m
      left join triage_data.conversation as c
        on c.conversation_id = m.conversation_id
     where m.message_no = explain.message;
    if not found then
        raise exception 'there is no message %', explain.message
              using errcode = 'TR005';
    end if;
    perform triage_data.check_allowed(brand, queue);

    return query
    select t.signal, t.urgency::real, t.visibility::real
      from triage_data.terms_of(terms) as t;
end
$$;

comment on function triage.explain(bigint) is
'The terms of a message''s score; they add up to its urgency and its visibility.';
