create or replace function triage_data.check_queues_allowed(queues text[])
returns void
language plpgsql
stable
as $$
declare
    allowed constant text[] := triage_data.allowed();
    other text;
begin
    select n.queue
      into other
      from unnest(check_queues_allowed.queues) as n(queue)
     where not triage_data.is_queue_allowed(allowed, n.queue);
    if found then
        raise exception 'role "%" may not touch queue "%"',
              coalesce(nullif(current_setting('role'), 'none'),
                       session_user), other
              using errcode = 'TR011',
                    hint = 'triage.allow gives a role brands and queues.';
    end if;
end
$$;

comment on function triage_data.check_queues_allowed(text[]) is
'TR011 unless the session sees something of each of the queues.';
