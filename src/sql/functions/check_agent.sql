create or replace function triage_data.check_agent(agent text)
returns void
language plpgsql
immutable
as $$
begin
    if coalesce(check_agent.agent, '') = '' then
        raise exception 'an agent needs a name' using errcode = 'TR007';
    end if;
end
$$;

comment on function triage_data.check_agent(text) is
'TR007 unless the agent has a name.';
