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
    held triage_data.conversation;
begin
    held := triage_data.hold(reply.conversation, reply.agent, false);

    -- The clock stops only at a person.
    if reply.automatic or held.waiting_since is null then
        return false;
    end if;

    perform triage_data.answer(held, 'reply', reply.agent);
    return true;
end
$$;

comment on function triage.reply(uuid, text, boolean) is
'A person answered: the wait ends, and the lease with it.  Returns whether a wait ended: not if nobody waited (any more), nor if the answer was automatic.';
