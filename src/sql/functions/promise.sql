create or replace function triage.promise(
       conversation uuid,
       agent text,
       due_at timestamptz,
       note text default null)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    -- Who promises while the customer waits says so in the answer to come.
    saying constant interval := interval '10 minutes';
    held triage_data.conversation;
    last triage_data.answer;
    made bigint;
begin
    perform triage_data.check_future('promise something for',
                                     promise.due_at);
    held := triage_data.hold(promise.conversation, promise.agent, false);

    -- Who has just answered said so there: its echo is yet to come.
    select a.*
      into last
      from triage_data.answer as a
     where a.conversation_id = promise.conversation
       and a.kind <> 'close'
     order by a.answer_id desc
     limit 1;

    insert into triage_data.promise
           (conversation_id, made_at, keeps_from, echoes_from, answer_id,
            due_at, agent, note)
    values (promise.conversation, triage.now(),
            case when held.waiting_since is not null
                 then least(triage.now() + saying, promise.due_at)
                 else triage.now() end,
            case when held.waiting_since is null
                 then least(greatest(triage.now(),
                                     last.answered_at + saying),
                            promise.due_at) end,
            coalesce(last.answer_id, 0), promise.due_at, promise.agent,
            promise.note)
    returning promise_id into made;
    return made;
end
$$;

comment on function triage.promise(uuid, text, timestamptz, text) is
'An agent commits to come back to the customer: a deadline of its own, which survives closing and is kept by an answer.  Returns its promise_id.';
