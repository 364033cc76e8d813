create or replace function triage.reply(
       conversation uuid,
       agent text,
       automatic boolean default false)
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    promised constant boolean := exists (
        select
          from triage_data.promise as p
         where p.conversation_id = reply.conversation
           and p.kept_at is null);
    held triage_data.conversation;
begin
    if reply.automatic is null then
        raise exception 'an answer is automatic or a person''s'
              using errcode = 'TR007';
    end if;

    -- A promise outlives the conversation: who keeps it may answer a closed
    -- one.
    held := triage_data.hold(reply.conversation, reply.agent, false,
                             may_be_closed => promised);

    -- The clock stops only at a person.
    if reply.automatic and held.waiting_since is not null then
        insert into triage_data.acknowledgement
               (conversation_id, acknowledged_at, waiting_since, agent,
                queue, platform, brand)
        values (held.conversation_id, triage.now(), held.waiting_since,
                reply.agent, held.queue, held.platform, held.brand);
    end if;
    if reply.automatic or (held.waiting_since is null and not promised) then
        return false;
    end if;

    perform triage_data.answer(held, 'reply', reply.agent);
    return held.waiting_since is not null;
end
$$;

comment on function triage.reply(uuid, text, boolean) is
'A person answered: the wait ends, and the lease with it; promises are kept.  Returns whether a wait ended: not if nobody waited (any more), nor if the answer was automatic.';
