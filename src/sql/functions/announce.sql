create or replace function triage_data.announce(queue text, what text)
returns void
language plpgsql
as $$
begin
    -- Not in SQL, which would be planned anew each time; and not NOTIFY
    -- itself: that would make all transactions that tell something commit
    -- one after the other.
    if announce.queue is not null then
        insert into triage_data.news (queue, what)
        values (announce.queue, announce.what);
    end if;
end
$$;

comment on function triage_data.announce(text, text) is
'Has listeners of the channel "triage" told that something happened in a queue: within a second of the commit, once a queue and second.';
