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
    able triage_data.agent;
    wanted text[];
    free int;
    chosen uuid;
    taken triage_data.conversation;
    told text[] := '{}';
begin
    perform triage_data.check_agent(claim.agent);
    perform triage_data.check_lease(claim.lease);
    if claim.queues is not null then
        perform triage_data.check_queues(claim.queues);
        perform triage_data.check_queues_allowed(claim.queues);
    end if;
    if claim.quantity is null or claim.quantity not between 1 and 1000 then
        raise exception 'the quantity must be from 1 to 1000, not %',
              claim.quantity
              using errcode = 'TR007';
    end if;

    -- What has lapsed is put back, more than is taken: however many agents
    -- never reply, nothing piles up.
    perform triage_data.wake(20 + 2 * claim.quantity);

    select a.*
      into able
      from triage_data.agent as a
     where a.agent = claim.agent;
    wanted := coalesce(claim.queues, able.queues);
    if claim.queues is not null and able.queues is not null then
        wanted := array(select q.queue
                          from unnest(claim.queues) as q(queue)
                         where q.queue = any (able.queues));
    end if;

    free := claim.quantity;
    if able.capacity is not null then
        -- Two claims of one agent at once do not exceed it: the second waits.
        perform
           from triage_data.agent as a
          where a.agent = claim.agent
            for update;
        free := least(free,
                      able.capacity - triage_data.held_by(claim.agent, now));
        if free <= 0 then
            return;
        end if;
    end if;

    foreach chosen in array triage_data.next_conversations(
                                claim.agent, wanted, able.languages, allowed,
                                free, now) loop
        update triage_data.conversation as c
           set claimed_by = claim.agent,
               lease_until = now + claim.lease,
               kept_until = null,
               kept_for = null
         where c.conversation_id = chosen
        returning c.*
          into taken;
        return next triage_data.inbox_row(taken, now);

        if taken.queue <> all (told) then
            insert into triage_data.news (queue, what)
            values (taken.queue, 'agent');
            told := told || taken.queue;
        end if;
    end loop;
end
$$;

comment on function triage.claim(text, text[], int, interval) is
'The next conversations to answer, in triage''s order, leased to the agent: of the queues and languages that the agent is for, no more than the agent can hold, and what the session sees.';
