create or replace function triage_data.announce(queue text, what text)
returns void
language sql
begin atomic
    -- Not NOTIFY itself: that would make all transactions that tell
    -- something commit one after the other.
    insert into triage_data.news (queue, what)
    select announce.queue, announce.what
     where announce.queue is not null;
end;

comment on function triage_data.announce(text, text) is
'Has listeners of the channel "triage" told that something happened in a queue: within a second of the commit, once a queue and second.';
