create or replace function triage_data.next_due(
       message triage_data.message,
       hours text,
       respond interval,
       next interval)
returns timestamptz
language sql
stable
return case when (message).due_at is not null
             and ((message).next_due_at is not null or next is not null)
            then least(coalesce((message).next_due_at, (message).due_at),
                       triage_data.due_after(hours, (message).clock_at,
                                             coalesce(next, respond)))
       end;

comment on function triage_data.next_due(triage_data.message, text, interval, interval) is
'The next_due_at of a message that goes to a queue with such targets: a deadline only comes nearer.';
