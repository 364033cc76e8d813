create or replace function triage_data.known_kind(kind text)
returns text
language sql
immutable
parallel safe
return case
       when kind in ('message', 'comment', 'mention', 'review', 'edit',
                     'delete', 'reaction', 'echo')
       then kind
       else 'other'
       end;

comment on function triage_data.known_kind(text) is
'The kind of a message; one that is not known is other.';
