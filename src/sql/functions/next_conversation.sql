create or replace function triage_data.next_conversation(
       agent text,
       queues text[],
       languages text[],
       allowed text[],
       now timestamptz)
returns uuid
language plpgsql
as $$
#variable_conflict use_column
declare
    soon constant timestamptz := next_conversation.now + (
        select s.soon from triage_data.setting as s);
    claim_number bigint;
    repay boolean;
    -- What others are taking all of at this moment.
    passed text[] := '{}';
    head record;
    chosen uuid;
begin
    -- Who wrote again waits for the agent who knows the case.
    select c.conversation_id
      into chosen
      from triage_data.conversation as c
     where c.kept_for = next_conversation.agent
       and c.kept_until > next_conversation.now
       and c.waiting_since is not null
       and c.lease_until is null
       and c.snoozed_until is null
       and (next_conversation.queues is null
            or c.queue = any (next_conversation.queues))
       and (next_conversation.allowed is null
            or triage_data.is_allowed(next_conversation.allowed, c.brand,
                                      c.queue))
     order by c.due_at
     limit 1
       for update skip locked;
    if found then
        return chosen;
    end if;

    loop
        -- The best candidate of each queue, brand and language, late and in
        -- time: two probes of the index.
        select h.*
          into head
          from triage_data.heads(next_conversation.queues,
                                 next_conversation.languages,
                                 next_conversation.allowed,
                                 next_conversation.now, soon) as h
         where concat_ws(e'\x1f', h.queue, h.brand, h.language, h.stage)
               <> all (passed)
         order by case h.stage
                  when 'late' then case when repay then 0 else 2 end
                  when 'soon' then 1
                  else 3
                  end,
                  h.heaviness desc,
                  h.due_at,
                  h.conversation_id
         limit 1;
        if not found then
            return null;
        end if;

        -- A claim is counted when there is something to claim.  Whether it
        -- is one that goes to what is late decides the order.
        if claim_number is null then
            claim_number := nextval('triage_data.claim_number');
            repay := claim_number % (
                select s.repay_every from triage_data.setting as s) = 0;
            continue when repay;
        end if;

        select c.conversation_id
          into chosen
          from triage_data.conversation as c
         where c.queue = head.queue
           and c.brand = head.brand
           and c.language = head.language
           and c.due_at >= head.after
           and c.due_at < head.before
           and c.waiting_since is not null
           and c.lease_until is null
           and c.snoozed_until is null
           and c.kept_until is null
         order by c.due_at, c.conversation_id
         limit 1
           for update skip locked;
        if not found then
            passed := passed || concat_ws(e'\x1f', head.queue, head.brand,
                                          head.language, head.stage);
        elsif not triage_data.keep_for_another(chosen,
                  next_conversation.agent, next_conversation.now) then
            return chosen;
        end if;
    end loop;
end
$$;

comment on function triage_data.next_conversation(text, text[], text[], text[], timestamptz) is
'The next conversation for an agent in triage''s order, locked; null: none.  What others are claiming at the moment is passed over.';
