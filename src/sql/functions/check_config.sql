create or replace function triage_data.check_config(config jsonb)
returns void
language plpgsql
immutable
as $$
declare
    wrong text;
begin
    if jsonb_typeof(check_config.config -> 'queues') is distinct from 'array'
       or jsonb_array_length(check_config.config -> 'queues') = 0 then
        raise exception 'a configuration needs queues'
              using errcode = 'TR009';
    end if;

    if coalesce(check_config.config ->> 'commit', 'on')
       not in ('on', 'local', 'remote_apply') then
        raise exception 'commit is on, local or remote_apply, not "%"',
              check_config.config ->> 'commit'
              using errcode = 'TR009';
    end if;

    select coalesce(c ->> 'name', '?')
      into wrong
      from jsonb_array_elements(check_config.config -> 'queues') as c
     where jsonb_typeof(c -> 'name') is distinct from 'string'
        or c ->> 'name' = ''
        or jsonb_typeof(c -> 'respond') is distinct from 'number'
        or (c ->> 'respond')::numeric <= 0
        or jsonb_typeof(c -> 'weight') is distinct from 'number'
        or (c ->> 'weight')::numeric not between 1 and 1000000;
    if found then
        raise exception 'queue "%" needs a name, a respond and a weight',
              wrong
              using errcode = 'TR009';
    end if;

    select c ->> 'name'
      into wrong
      from jsonb_array_elements(check_config.config -> 'queues') as c
     group by c ->> 'name'
    having count(*) > 1;
    if found then
        raise exception 'queue "%" is there twice', wrong
              using errcode = 'TR009';
    end if;
end
$$;

comment on function triage_data.check_config(jsonb) is
'TR009 unless the configuration has what triage.sync needs.';
