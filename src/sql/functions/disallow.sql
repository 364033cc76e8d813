create or replace function triage.disallow(
       role text,
       brand text default null,
       queue text default null)
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    perform triage_data.check_allowed_all();

    delete
      from triage_data.allowance as a
     where a.role = disallow.role
       and a.brand is not distinct from disallow.brand
       and a.queue is not distinct from disallow.queue;
    return found;
end
$$;

comment on function triage.disallow(text, text, text) is
'Takes back what triage.allow gave with the same arguments; returns whether there was such an allowance.';
