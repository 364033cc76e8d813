create or replace function triage_data.answer(
       conversation triage_data.conversation,
       kind text,
       agent text)
returns void
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
#variable_conflict use_column
declare
    id constant uuid := (answer.conversation).conversation_id;
    since constant timestamptz := (answer.conversation).waiting_since;
    queue constant text := (answer.conversation).queue;
    -- What the agent saw is answered; a message that was sent before this
    -- moment but is not here yet is not.
    through constant timestamptz := coalesce(
        (answer.conversation).latest_at,
        (answer.conversation).answered_through);
    now constant timestamptz := triage.now();
    hours text;
begin
    if since is null then
        insert into triage_data.answer
               (conversation_id, answered_at, answered_through, kind, agent,
                platform, brand, account)
        values (id, now, through, answer.kind, answer.agent,
                (answer.conversation).platform, (answer.conversation).brand,
                (answer.conversation).account);
        perform triage_data.recount(array[id], through);
        return;
    end if;

    -- It ends the whole wait, and what that was is a matter of record: this
    -- is what triage_data.recount would find out.
    select q.hours
      into hours
      from triage_data.queue as q
     where q.queue = (answer.conversation).queue;
    insert into triage_data.answer
           (conversation_id, answered_at, answered_through, waiting_since,
            due_at, contacts, first, counted, kind, agent, queue, platform,
            brand, account)
    values (id, now, through, since,
            (answer.conversation).due_at, (answer.conversation).contacts,
            answer.kind <> 'close'
            and not exists (
                select
                  from triage_data.answer as a
                 where a.conversation_id = id
                   and a.waiting_since is not null
                   and a.kind <> 'close'),
            case when hours is not null
                 then triage_data.open_time(hours, since, now)
            end,
            answer.kind, answer.agent, queue,
            (answer.conversation).platform, (answer.conversation).brand,
            (answer.conversation).account);
    perform triage_data.announce(queue, 'answer');
    perform triage_data.keep(array[id]);

    update triage_data.conversation as c
       set answered_through = through,
           waiting_since = null,
           due_at = null,
           contacts = 0,
           latest_at = null,
           latest_no = null,
           urgent_at = null,
           urgent_no = null,
           urgency = 0,
           visibility = 0,
           known_to = case when c.lease_until is not null
                           then c.claimed_by else c.known_to end,
           claimed_by = null,
           lease_until = null,
           snoozed_until = null,
           resolve_due_at = null,
           warned = false,
           escalated = false,
           kept_until = null,
           kept_for = null,
           aside = false
     where c.conversation_id = id;
end
$$;

comment on function triage_data.answer(triage_data.conversation, text, text) is
'Ends the wait of a locked conversation.';
