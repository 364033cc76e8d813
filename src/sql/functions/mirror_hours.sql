create or replace function triage_data.mirror_hours(config jsonb)
returns void
language plpgsql
as $$
#variable_conflict use_column
declare
    -- Of the real clock: they are for what will come.
    behind constant interval := interval '9600 hours';
    ahead constant interval := interval '19200 hours';
    today constant timestamptz :=
        date_trunc('day', statement_timestamp(), 'UTC');
    given record;
begin
    for given in
        select c.name, c.zone,
               jsonb_build_object('week', c.week, 'dates',
                                  coalesce(c.dates, '{}')) as config
          from jsonb_to_recordset(
               coalesce(mirror_hours.config -> 'hours', '[]'))
               as c(name text, zone text, week jsonb, dates jsonb)
    loop
        insert into triage_data.hours as h
               (hours, zone, config, known_from, known_until)
        values (given.name, given.zone, given.config, today - behind,
                today + ahead)
            on conflict (hours) do update
           set zone = excluded.zone,
               config = excluded.config,
               known_from = excluded.known_from,
               known_until = excluded.known_until
         where (h.zone, h.config) is distinct from
               (excluded.zone, excluded.config)
            or h.known_until < excluded.known_until - behind;
        continue when not found;

        delete from triage_data.open_span as s
         where s.hours = given.name;
        insert into triage_data.open_span
               (hours, opens_at, closes_at, open_before)
        select given.name, s.opens_at, s.closes_at,
               coalesce(sum(triage_data.microseconds(
                            s.closes_at - s.opens_at)) over (
                   order by s.opens_at
                    rows between unbounded preceding and 1 preceding), 0)
          from triage_data.open_spans(given.zone, given.config,
                                      today - behind, today + ahead) as s;
    end loop;
end
$$;

comment on function triage_data.mirror_hours(jsonb) is
'Mirrors the business hours of a configuration, and works out when they are, years ahead.';
