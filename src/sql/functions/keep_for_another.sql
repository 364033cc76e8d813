create or replace function triage_data.keep_for_another(
       conversation triage_data.conversation,
       agent text,
       now timestamptz)
returns boolean
language plpgsql
as $$
declare
    -- Not so many that somebody who is there but does not claim holds up
    -- more than a few.
    most constant int := 3;
    longest interval;
    returning_one constant triage_data.conversation :=
        keep_for_another.conversation;
    keeper text;
begin
    -- Once, and never at the price of the deadline.
    if returning_one.kept_for is not null
       or returning_one.customer = ''
       or returning_one.due_at <= keep_for_another.now then
        return false;
    end if;

    -- Nearly always nobody knows the customer, or nobody else is there.
    if not exists (select
                     from triage_data.conversation as c
                    where c.customer = returning_one.customer
                      and c.platform = returning_one.platform
                      and c.brand = returning_one.brand
                      and c.known_to is not null)
       or not exists (select
                        from triage_data.agent as a
                       where a.agent <> keep_for_another.agent
                         and a.present_until > keep_for_another.now) then
        return false;
    end if;
    select s.keep
      into longest
      from triage_data.setting as s;
    if longest = interval '0' then
        return false;
    end if;

    -- Who answered the customer last, of those who are there and able to.
    -- An agent who knows the customer, too, need not wait for another.
    select k.known_to
      into keeper
      from (select c.known_to, max(c.answered_through) as answered_through
              from triage_data.conversation as c
             where c.customer = returning_one.customer
               and c.platform = returning_one.platform
               and c.brand = returning_one.brand
               and c.known_to is not null
             group by c.known_to) as k
      left join triage_data.agent as a
        on a.agent = k.known_to
     where k.known_to = keep_for_another.agent
        or a.present_until > keep_for_another.now
       and (a.queues is null
            or returning_one.queue = any (a.queues))
       and (a.languages is null
            or returning_one.language = ''
            or returning_one.language = any (a.languages))
       and (a.capacity is null
            or a.capacity > triage_data.held_by(a.agent,
                                                keep_for_another.now))
       and (select count(*)
              from triage_data.conversation as c
             where c.kept_for = a.agent
               and c.kept_until > keep_for_another.now) < most
     order by k.known_to <> keep_for_another.agent, k.answered_through desc
     limit 1;
    if not found or keeper = keep_for_another.agent then
        return false;
    end if;

    update triage_data.conversation as c
       set kept_for = keeper,
           kept_until = keep_for_another.now
                        + least(longest, (c.due_at - keep_for_another.now) / 2)
     where c.conversation_id = returning_one.conversation_id;
    return true;
end
$$;

comment on function triage_data.keep_for_another(triage_data.conversation, text, timestamptz) is
'Keeps a locked conversation for a while for the agent who knows its customer, if it is not the one who claims, and there; returns whether it did.';
