create or replace function triage_data.next_conversation(
       queues text[],
       now timestamptz,
       allowed text[])
returns uuid
language plpgsql
as $$
#variable_conflict use_column
declare
    soon constant timestamptz := next_conversation.now + (
        select s.soon from triage_data.setting as s);
    claim_number bigint;
    repay boolean;
    passed text[] := '{}';
    head record;
    chosen uuid;
begin
    loop
        -- The best candidate of each queue, late and in time: two probes of
        -- the index.
        select h.*
          into head
          from triage_data.heads(next_conversation.queues,
                                 next_conversation.now, soon,
                                 next_conversation.allowed) as h
         where h.queue || ' ' || h.stage <> all (passed)
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
           and c.waiting_since is not null
           and c.due_at >= head.after
           and c.due_at < head.before
           and (c.lease_until is null
                or c.lease_until <= next_conversation.now)
           and (c.snoozed_until is null
                or c.snoozed_until <= next_conversation.now)
           and (next_conversation.allowed is null
                or triage_data.is_allowed(next_conversation.allowed,
                                          c.brand, c.queue))
         order by c.due_at, c.conversation_id
         limit 1
           for update skip locked;
        if found then
            return chosen;
        end if;

        -- Others are taking all of these at this moment.
        passed := passed || (head.queue || ' ' || head.stage);
    end loop;
end
$$;

comment on function triage_data.next_conversation(text[], timestamptz, text[]) is
'The next conversation in triage''s order, locked; null: none.  What others are claiming at the moment is passed over.';
