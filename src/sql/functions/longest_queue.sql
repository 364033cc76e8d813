create or replace function triage_data.longest_queue()
returns triage_data.queue
language sql
stable
begin atomic
    select q
      from triage_data.queue as q
     order by q.retired_at is not null, q.respond desc, q.queue
     limit 1;
end;

comment on function triage_data.longest_queue() is
'Where a message waits whose queue is not known: the queue with the longest target.';
