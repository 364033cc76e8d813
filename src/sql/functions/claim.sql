create or replace function triage.claim(
       agent text,
       queues text[] default null,
       quantity int default 1,
       lease interval default interval '15 minutes')
returns setof triage.inbox
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set jit = off
as $$
#variable_conflict use_column
declare
    now constant timestamptz := triage.now();
    allowed constant text[] := triage_data.allowed();
    chosen uuid;
begin
    perform triage_data.check_agent(claim.agent);
    perform triage_data.check_lease(claim.lease);
    perform triage_data.check_queues(claim.queues);
    perform triage_data.check_queues_allowed(claim.queues);
    if claim.quantity is null or claim.quantity not between 1 and 1000 then
        raise exception 'the quantity must be from 1 to 1000, not %',
              claim.quantity
              using errcode = 'TR007';
    end if;

    for number in 1 .. claim.quantity loop
        chosen := triage_data.next_conversation(claim.queues, now,
                                                allowed);
        exit when chosen is null;

        update triage_data.conversation as c
           set claimed_by = claim.agent,
               lease_until = now + claim.lease
         where c.conversation_id = chosen;

        return query
        select i.*
          from triage.inbox as i
         where i.conversation_id = chosen;
    end loop;
end
$$;

comment on function triage.claim(text, text[], int, interval) is
'The next conversations to answer, in triage''s order, leased to the agent; of the brands and queues that the session sees.';
