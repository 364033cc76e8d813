create or replace function triage_data.known_audience(audience text)
returns text
language sql
immutable
parallel safe
return case
       when audience in ('public', 'limited')
       then audience
       else 'private'
       end;

comment on function triage_data.known_audience(text) is
'The audience of a message; one that is not known is private.';
