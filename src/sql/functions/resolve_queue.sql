create or replace function triage_data.resolve_queue(
       message triage_data.message)
returns text
language sql
stable
return (select q.queue
          from triage_data.queue as q
         where q.queue in ((message).queue, (message).resolve_queue)
           and q.resolve is not null
         order by q.resolve, q.queue
         limit 1);

comment on function triage_data.resolve_queue(triage_data.message) is
'Whose target for closing counts for a message: the strictest of the queues that it waited in; null: there is none.';
