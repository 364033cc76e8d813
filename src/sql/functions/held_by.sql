create or replace function triage_data.held_by(
       agent text,
       now timestamptz)
returns bigint
language plpgsql
stable
as $$
begin
    return (select count(*)
              from triage_data.conversation as c
             where c.claimed_by = held_by.agent
               and c.lease_until > held_by.now);
end
$$;

comment on function triage_data.held_by(text, timestamptz) is
'How many conversations an agent holds.';
