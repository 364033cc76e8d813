create or replace function triage_data.comes_sooner(
       message triage_data.message,
       hours text,
       respond interval,
       next interval)
returns boolean
language sql
stable
return triage_data.due_after(hours, (message).clock_at, respond)
       < (message).due_at
       or triage_data.next_due(message, hours, respond, next)
          < coalesce((message).next_due_at, (message).due_at);

comment on function triage_data.comes_sooner(triage_data.message, text, interval, interval) is
'Whether a message that goes to a queue with such targets has an earlier deadline there; null where it has none.';
