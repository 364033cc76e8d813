create or replace function triage_data.check_able(
       able triage_data.agent,
       conversation triage_data.conversation,
       now timestamptz)
returns void
language plpgsql
stable
as $$
begin
    -- Whom nobody defined may do everything.
    if (check_able.conversation).queue <> all ((check_able.able).queues) then
        raise exception 'agent "%" is not for the queue "%"',
              (check_able.able).agent, (check_able.conversation).queue
              using errcode = 'TR012',
                    hint = 'triage.set_agent says what an agent is for.';
    end if;

    if (check_able.conversation).language <> ''
       and (check_able.conversation).language
           <> all ((check_able.able).languages) then
        raise exception 'agent "%" is not for the language "%"',
              (check_able.able).agent, (check_able.conversation).language
              using errcode = 'TR012',
                    hint = 'triage.set_agent says what an agent is for.';
    end if;

    if triage_data.held_by((check_able.able).agent, check_able.now)
       >= (check_able.able).capacity then
        raise exception 'agent "%" holds as many conversations as there is '
              'room for: %',
              (check_able.able).agent, (check_able.able).capacity
              using errcode = 'TR013',
                    hint = 'Answer one, or give one back.';
    end if;
end
$$;

comment on function triage_data.check_able(triage_data.agent, triage_data.conversation, timestamptz) is
'TR012 unless an agent is for a conversation''s queue and language; TR013 unless there is room for it.  An agent of nulls may do everything.';
