create or replace function triage_data.check_queues(queues text[])
returns void
language plpgsql
stable
as $$
declare
    unknown text;
begin
    select n.queue
      into unknown
      from unnest(check_queues.queues) as n(queue)
     where not exists (select
                         from triage_data.queue as q
                        where q.queue = n.queue);
    if found then
        raise exception 'there is no queue "%"', unknown
              using errcode = 'TR004';
    end if;
end
$$;

comment on function triage_data.check_queues(text[]) is
'TR004 unless all of the queues exist.';
