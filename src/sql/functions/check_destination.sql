create or replace function triage_data.check_destination(queue text)
returns void
language plpgsql
stable
as $$
#variable_conflict use_column
begin
    perform triage_data.check_queues(array[check_destination.queue]);

    if exists (select
                 from triage_data.queue as q
                where q.queue = check_destination.queue
                  and q.retired_at is not null) then
        raise exception 'queue "%" is retired', check_destination.queue
              using errcode = 'TR004',
                    hint = 'It is no longer configured.';
    end if;
end
$$;

comment on function triage_data.check_destination(text) is
'TR004 unless customers can be put into the queue.';
