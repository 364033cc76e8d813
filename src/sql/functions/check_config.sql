create or replace function triage_data.check_config(config jsonb)
returns void
language plpgsql
stable
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
        or (c ->> 'respond')::numeric > 1e9
        or jsonb_typeof(c -> 'weight') is distinct from 'number'
        or (c ->> 'weight')::numeric not between 1 and 1000000
        or (c ->> 'weight')::numeric % 1 <> 0
        or coalesce(jsonb_typeof(c -> 'next'), 'null')
           not in ('null', 'number')
        or coalesce(jsonb_typeof(c -> 'resolve'), 'null')
           not in ('null', 'number')
        or coalesce(jsonb_typeof(c -> 'warn'), 'null')
           not in ('null', 'number')
        or (c ->> 'next')::numeric > 1e9
        or (c ->> 'resolve')::numeric > 1e9;
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

    perform triage_data.check_hours(check_config.config);

    select c.name
      into wrong
      from jsonb_to_recordset(check_config.config -> 'queues')
           as c(name text, hours text, next float8, resolve float8,
                warn float8, escalate text)
     where c.next <= 0
        or c.resolve <= 0
        or c.warn not between 1 and 99
        or c.hours is not null
       and not exists (
           select
             from jsonb_array_elements(
                  coalesce(check_config.config -> 'hours', '[]')) as h
            where h ->> 'name' = c.hours)
        or c.escalate = c.name
        or c.escalate is not null
       and not exists (
           select
             from jsonb_array_elements(check_config.config -> 'queues') as o
            where o ->> 'name' = c.escalate);
    if found then
        raise exception 'queue "%" needs hours and a queue to escalate to that are there, targets over 0, a warn of 1 to 99',
              wrong
              using errcode = 'TR009';
    end if;
end
$$;

comment on function triage_data.check_config(jsonb) is
'TR009 unless the configuration has what triage.sync needs.';
