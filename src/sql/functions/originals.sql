create or replace function triage_data.originals(
       platform text,
       brand text,
       message_id text)
returns setof triage_data.message
language sql
stable
rows 1
begin atomic
    select m.*
      from triage_data.message as m
     where coalesce(m.event_id, m.message_id) = originals.message_id
       and m.message_id = originals.message_id
       and m.brand = originals.brand
       and m.platform = originals.platform
       and m.kind not in ('edit', 'delete', 'reaction')
     union all
    select m.*
      from triage_data.message as m
     where m.event_id is not null
       and m.event_id <> m.message_id
       and m.message_id = originals.message_id
       and m.brand = originals.brand
       and m.platform = originals.platform
       and m.kind not in ('edit', 'delete', 'reaction');
end;

comment on function triage_data.originals(text, text, text) is
'The message that the platform calls so; more than one row if it came with several times.';
