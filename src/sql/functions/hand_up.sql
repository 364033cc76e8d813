create or replace function triage_data.hand_up(
       conversations uuid[],
       queue text)
returns void
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
begin
    -- What it is worked out from moves, so that it stays there; deadlines
    -- stay what they were.
    update triage_data.message as m
       set queue = hand_up.queue,
           resolve_queue = triage_data.resolve_queue(m)
      from triage_data.conversation as c
     where c.conversation_id = any (hand_up.conversations)
       and m.conversation_id = c.conversation_id
       and m.clock_at > c.answered_through
       and triage_data.starts_wait(m.kind);
    update triage_data.conversation as c
       set queue = hand_up.queue,
           aside = true
     where c.conversation_id = any (hand_up.conversations);
end
$$;

comment on function triage_data.hand_up(uuid[], text) is
'Moves waits to the queue that theirs escalates to.';
