create or replace function triage_data.answered_by(
       platform text,
       brand text,
       thread uuid,
       thread_id text,
       parent_id text,
       audience text,
       first_no bigint,
       last_no bigint,
       out conversation_id uuid,
       out whole_thread boolean)
returns setof record
language plpgsql
stable
rows 1
as $$
#variable_conflict use_column
declare
    deepest constant int4 := 8;
    parent triage_data.message;
    parent_id text := answered_by.parent_id;
begin
    -- A brand that answers its own words answers whom these answered.
    for depth in 1 .. deepest loop
        exit when parent_id is null;
        select o.*
          into parent
          from triage_data.originals(answered_by.platform, answered_by.brand,
                                     parent_id) as o
         order by o.clock_at
         limit 1;
        exit when parent.kind is distinct from 'echo'
               or parent.parent_id is null;
        parent_id := parent.parent_id;
    end loop;

    if triage_data.starts_wait(parent.kind) then
        conversation_id := parent.conversation_id;
        whole_thread := false;
        return next;
        return;
    end if;

    -- A public answer to a message that is not here (yet) answers nobody
    -- else; in private there is only one customer in the thread.
    whole_thread := coalesce(parent.kind, '') = 'echo'
                 or parent_id is null
                 or parent_id = answered_by.thread_id
                 or answered_by.audience = 'private';

    if not whole_thread then
        return next;
        return;
    end if;

    return query
    select c.conversation_id, true
      from triage_data.conversation as c
     where c.conversation_id
           between answered_by.thread
               and triage_data.thread_end(answered_by.thread)
     union
    select m.conversation_id, true
      from triage_data.message as m
     where m.message_no between answered_by.first_no and answered_by.last_no
       and m.conversation_id
           between answered_by.thread
               and triage_data.thread_end(answered_by.thread)
       and triage_data.starts_wait(m.kind);

    if not found then
        return next;
    end if;
end
$$;

comment on function triage_data.answered_by(text, text, uuid, text, text, text, bigint, bigint) is
'Whom an echo answers: the customer whose message it replies to, or else everybody in the thread, those included whose first message is filed in the same batch (its numbers).  One row without a conversation: nobody who is here yet.';
