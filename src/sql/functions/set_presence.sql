create or replace function triage.set_presence(
       agent text,
       present boolean default true,
       lasting interval default interval '12 hours')
returns timestamptz
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    until timestamptz;
begin
    perform triage_data.check_agent(set_presence.agent);
    if set_presence.present is null then
        raise exception 'an agent is present or away'
              using errcode = 'TR007';
    end if;
    if set_presence.lasting is null
       or set_presence.lasting <= interval '0' then
        raise exception 'a presence must be longer than nothing, not %',
              set_presence.lasting
              using errcode = 'TR007';
    end if;
    if set_presence.lasting > interval '1 year' then
        raise exception 'a presence is a year at most, not %',
              set_presence.lasting
              using errcode = 'TR007';
    end if;

    if set_presence.present then
        until := triage.now() + set_presence.lasting;
    else
        perform triage_data.let_go(set_presence.agent);
    end if;

    insert into triage_data.agent as a (agent, present_until)
    values (set_presence.agent, until)
        on conflict (agent) do update
       set present_until = excluded.present_until;
    return until;
end
$$;

comment on function triage.set_presence(text, boolean, interval) is
'Says that an agent is there, for so long, or away; returns until when.  For who is there returning customers are kept a while.';
