create or replace function triage_data.check_hours(config jsonb)
returns void
language plpgsql
stable
as $$
#variable_conflict use_column
declare
    given record;
begin
    if coalesce(jsonb_typeof(check_hours.config -> 'hours'), 'null')
       not in ('null', 'array') then
        raise exception 'hours are a list' using errcode = 'TR009';
    end if;

    for given in
        select c.value ->> 'name' as name, c.value ->> 'zone' as zone,
               c.value as hours,
               count(*) over (partition by c.value ->> 'name') as times
          from jsonb_array_elements(
               coalesce(check_hours.config -> 'hours', '[]')) as c
    loop
        if coalesce(given.name, '') = '' or given.times > 1 then
            raise exception 'hours need a name of their own'
                  using errcode = 'TR009';
        end if;

        begin
            perform now() at time zone coalesce(given.zone, '');
        exception
            when invalid_parameter_value then
                raise exception 'hours "%": there is no time zone "%"',
                      given.name, given.zone
                      using errcode = 'TR009';
        end;

        if jsonb_typeof(given.hours -> 'week') is distinct from 'array'
           or jsonb_array_length(given.hours -> 'week') <> 7
           or not given.hours @? '$.week[*][*]'
           or exists (
              select
                from (select jsonb_path_query(given.hours, '$.week[*][*]')
                       union all
                      select jsonb_path_query(given.hours, '$.dates.*[*]')
                     ) as s(span)
               where case when s.span::text !~ '^\[\d{1,4}, \d{1,4}\]$'
                          then true
                          else not (
                              (s.span ->> 0)::int4 between 0 and 1439
                              and (s.span ->> 1)::int4 - (s.span ->> 0)::int4
                                  between 1 and 1440)
                     end) then
            raise exception 'hours "%" need spans for the days of a week',
                  given.name
                  using errcode = 'TR009';
        end if;
    end loop;
end
$$;

comment on function triage_data.check_hours(jsonb) is
'TR009 unless the business hours of a configuration can be mirrored.';
