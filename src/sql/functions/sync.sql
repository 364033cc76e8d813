create or replace function triage.sync(config jsonb)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '2s'
as $$
#variable_conflict use_column
declare
    months_ahead constant int := 4;
    -- Of the real clock: a partition is made for what will come.
    month constant timestamp :=
        date_trunc('month', statement_timestamp() at time zone 'UTC');
    last_month constant text :=
        to_char(month + make_interval(months => months_ahead - 1), 'YYYY_MM');
    current jsonb;
begin
    select s.config
      into current
      from triage_data.setting as s;

    if current is not distinct from sync.config
       and to_regclass('triage_data.message_' || last_month) is not null
       and to_regclass('triage_data.delivery_' || last_month) is not null
       and not exists (
           select
             from triage_data.hours as h
            where h.known_until < statement_timestamp()
                                  + interval '9600 hours') then
        return;
    end if;

    perform triage_data.check_config(sync.config);

    -- One at a time from here on.
    perform
       from triage_data.setting as s
        for update;

    perform triage_data.mirror_hours(sync.config);

    insert into triage_data.queue as q
           (queue, respond, weight, overflow, hours, next, resolve, warn,
            escalate, retired_at)
    select c.name, make_interval(secs => c.respond), c.weight, c.overflow,
           c.hours, make_interval(secs => c.next),
           make_interval(secs => c.resolve), c.warn / 100, c.escalate, null
      from jsonb_to_recordset(sync.config -> 'queues')
           as c(name text, respond double precision, weight int,
                overflow text, hours text, next double precision,
                resolve double precision, warn real, escalate text)
        on conflict (queue) do update
       set respond = excluded.respond,
           weight = excluded.weight,
           overflow = excluded.overflow,
           hours = excluded.hours,
           next = excluded.next,
           resolve = excluded.resolve,
           warn = excluded.warn,
           escalate = excluded.escalate,
           retired_at = null
     where (q.respond, q.weight, q.overflow, q.hours, q.next, q.resolve,
            q.warn, q.escalate, q.retired_at)
           is distinct from
           (excluded.respond, excluded.weight, excluded.overflow,
            excluded.hours, excluded.next, excluded.resolve, excluded.warn,
            excluded.escalate, null);

    update triage_data.queue as q
       set retired_at = triage.now()
     where q.retired_at is null
       and not exists (
           select
             from jsonb_array_elements(sync.config -> 'queues') as c
            where c ->> 'name' = q.queue);

    delete from triage_data.hours as h
     where not exists (
           select
             from triage_data.queue as q
            where q.hours = h.hours)
       and not exists (
           select
             from jsonb_array_elements(
                  coalesce(sync.config -> 'hours', '[]')) as c
            where c ->> 'name' = h.hours);

    update triage_data.setting
       set config = sync.config,
           commit = coalesce(sync.config ->> 'commit', 'on');

    -- A long report may hold the default partition: then the months that are
    -- made ahead leave time enough for another try.
    begin
        perform triage_data.make_partitions('message', 'sent_at', month,
                                            months_ahead);
        perform triage_data.make_partitions('delivery', 'received_at', month,
                                            months_ahead);
    exception
        when lock_not_available then
            raise warning 'partitions are made another time: tables are busy';
    end;
end
$$;

comment on function triage.sync(jsonb) is
'The module''s own: mirrors the queues of nginx.conf, and makes partitions ahead.  Cheap when nothing changed.';
