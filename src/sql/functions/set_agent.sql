create or replace function triage.set_agent(
       agent text,
       queues text[] default null,
       languages text[] default null,
       capacity int default null)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    wrong text;
begin
    perform triage_data.check_agent(set_agent.agent);
    perform triage_data.check_queues(set_agent.queues);
    perform triage_data.check_queues_allowed(set_agent.queues);
    if set_agent.capacity <= 0 then
        raise exception 'a capacity is at least 1, not %',
              set_agent.capacity
              using errcode = 'TR007';
    end if;

    select l.language
      into wrong
      from unnest(set_agent.languages) as l(language)
     where l.language is null
        or l.language !~ '^[a-z]{2,3}$';
    if found then
        raise exception 'a language is two letters (ISO 639-1), not "%"',
              wrong
              using errcode = 'TR007';
    end if;

    insert into triage_data.agent as a (agent, queues, languages, capacity)
    values (set_agent.agent, set_agent.queues, set_agent.languages,
            set_agent.capacity)
        on conflict (agent) do update
       set queues = excluded.queues,
           languages = excluded.languages,
           capacity = excluded.capacity;
end
$$;

comment on function triage.set_agent(text, text[], text[], int) is
'Says which queues and languages an agent is for, and how many conversations the agent holds at a time; null: no limit.';
