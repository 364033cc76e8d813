create or replace function triage_data.allowed()
returns text[]
language plpgsql
stable
parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    groups constant text[] :=
        array['triage_agent', 'triage_reader', 'triage_admin'];
    -- Neither changes inside a security definer function.  Both count, so
    -- that "set role" never widens what the login sees.
    chosen constant name := nullif(current_setting('role'), 'none');
    who constant name[] := array[session_user]
        || case when chosen <> session_user then array[chosen] end;
    owner constant oid := (select n.nspowner
                             from pg_namespace as n
                            where n.nspname = 'triage_data');
    whom name;
    mine triage_data.allowance[];
    seen triage_data.allowance[];
    -- An array of nothing is null, too.
    is_limited boolean := false;
begin
    foreach whom in array who loop
        -- The owner of the tables, and a superuser, see them anyway.
        continue when pg_has_role(whom, owner, 'member');

        with given as materialized (
        select a.role, a.brand, a.queue, a.role = any (groups) as is_group
          from triage_data.allowance as a
          join pg_roles as r
            on r.rolname = a.role
         where pg_has_role(whom, r.oid, 'member')
        )
        select array_agg((g.role, g.brand, g.queue)::triage_data.allowance)
          into mine
          from given as g
         where not g.is_group
            or not exists (select from given as o where not o.is_group);

        if not is_limited then
            seen := mine;
            is_limited := true;
            continue;
        end if;
        select array_agg((a.role, coalesce(a.brand, b.brand),
                          coalesce(a.queue, b.queue))::triage_data.allowance)
          into seen
          from unnest(seen) as a
          join unnest(mine) as b
            on (a.brand is null or b.brand is null or a.brand = b.brand)
           and (a.queue is null or b.queue is null or a.queue = b.queue);
    end loop;

    if not is_limited then
        return null;
    end if;
    if exists (select
                 from unnest(seen) as s
                where s.brand is null
                  and s.queue is null) then
        return null;
    end if;

    -- As triage_data.is_allowed looks for them.
    return array(
        select t.word
          from unnest(seen) as s
         cross join lateral (
               values (coalesce(s.brand, '') || chr(31)
                       || coalesce(s.queue, '')),
                      ('brand' || coalesce(' ' || s.brand, '')),
                      ('queue' || coalesce(' ' || s.queue, ''))
               ) as t(word));
end
$$;

comment on function triage_data.allowed() is
'What the session sees, as words that triage_data.is_allowed looks for; null: everything.';
