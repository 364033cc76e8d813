create or replace function triage_data.next_conversations(
       agent text,
       queues text[],
       languages text[],
       allowed text[],
       quantity int,
       now timestamptz)
returns uuid[]
language plpgsql
as $$
#variable_conflict use_column
declare
    taken uuid[];
    repay_every int;
    soon timestamptz;
    claim_number bigint;
    best record;
    late record;
    -- How far each queue was come, as triage_data.head calls it.
    passed text[] := '{}';
    passed_at timestamptz[] := '{}';
    passed_since timestamptz[] := '{}';
    passed_id uuid[] := '{}';
    place int;
    front triage_data.front;
    chosen triage_data.conversation;
begin
    -- Who wrote again waits for the agent who knows the case.
    taken := array(
        select c.conversation_id
          from triage_data.conversation as c
         where c.kept_for = next_conversations.agent
           and c.kept_until > next_conversations.now
           and c.waiting_since is not null
           and c.lease_until is null
           and c.snoozed_until is null
           and (next_conversations.queues is null
                or c.queue = any (next_conversations.queues))
           and (next_conversations.allowed is null
                or triage_data.is_allowed(next_conversations.allowed,
                                          c.brand, c.queue))
         order by c.due_at, c.waiting_since
         limit next_conversations.quantity
           for update skip locked);

    select s.repay_every, next_conversations.now + s.soon
      into repay_every, soon
      from triage_data.setting as s;

    if cardinality(taken) < next_conversations.quantity then
        front := triage_data.front_at(next_conversations.now);
    end if;
    while cardinality(taken) < next_conversations.quantity loop
        best := triage_data.head(next_conversations.queues,
            next_conversations.languages, next_conversations.allowed, false,
            next_conversations.now, soon, front, passed, passed_at,
            passed_since, passed_id);

        -- A claim is counted when there is something to claim.
        if best.due_at is not null and claim_number is null then
            claim_number := nextval('triage_data.claim_number');
        end if;

        -- What is late comes when nothing is soon, or when it is its turn.
        if best.due_at is null or best.due_at >= soon
           or claim_number % repay_every = 0 then
            late := triage_data.head(next_conversations.queues,
                next_conversations.languages, next_conversations.allowed,
                true, next_conversations.now, soon, front, passed, passed_at,
                passed_since, passed_id);
            if late.due_at is not null then
                best := late;
            end if;
        end if;
        exit when best.due_at is null;
        if claim_number is null then
            claim_number := nextval('triage_data.claim_number');
        end if;

        -- The next one is behind it, whoever gets it.
        place := coalesce(array_position(passed, best.place),
                          cardinality(passed) + 1);
        passed[place] := best.place;
        passed_at[place] := best.due_at;
        passed_since[place] := best.waiting_since;
        passed_id[place] := best.conversation_id;

        select c.*
          into chosen
          from triage_data.conversation as c
         where c.conversation_id = best.conversation_id
           and c.due_at = best.due_at
           and (next_conversations.queues is null
                or c.queue = any (next_conversations.queues))
           and (next_conversations.languages is null
                or c.language = ''
                or c.language = any (next_conversations.languages))
           and (next_conversations.allowed is null
                or triage_data.is_allowed(next_conversations.allowed,
                                          c.brand, c.queue))
           and c.waiting_since is not null
           and c.lease_until is null
           and c.snoozed_until is null
           and c.kept_until is null
           for update skip locked;
        continue when not found
                   or triage_data.keep_for_another(
                          chosen, next_conversations.agent,
                          next_conversations.now);

        claim_number := null;
        taken := taken || chosen.conversation_id;
    end loop;
    return taken;
end
$$;

comment on function triage_data.next_conversations(text, text[], text[], text[], int, timestamptz) is
'The next conversations for an agent in triage''s order, locked.  What others are claiming at the moment is passed over.';
