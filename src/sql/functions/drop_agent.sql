create or replace function triage.drop_agent(agent text)
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    perform triage_data.check_agent(drop_agent.agent);
    perform triage_data.let_go(drop_agent.agent);

    delete from triage_data.agent as a
     where a.agent = drop_agent.agent;
    return found;
end
$$;

comment on function triage.drop_agent(text) is
'Forgets what set_agent and set_presence said; returns whether they said anything.  What the agent holds stays held.';
