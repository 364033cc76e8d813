create or replace function triage_data.passed_over(
       conversation triage_data.conversation,
       languages text[],
       allowed text[],
       now timestamptz)
returns int
language plpgsql
stable
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set jit = off
as $$
begin
    -- Of a thousand who are due before it, a hundred: enough to see, and it
    -- costs the same however many wait.
    return (
        select count(*)
          from (select
                  from (select c.*
                          from triage_data.conversation as c
                         where c.queue = (passed_over.conversation).queue
                           and (c.due_at, c.waiting_since)
                               < ((passed_over.conversation).due_at,
                                  (passed_over.conversation).waiting_since)
                           and c.waiting_since is not null
                         order by c.due_at, c.waiting_since,
                                  c.conversation_id
                         limit 1000) as w
                 where coalesce(greatest(w.lease_until, w.snoozed_until,
                                         w.kept_until), '-infinity')
                       <= passed_over.now
                   and (passed_over.languages is null
                        or w.language = ''
                        or w.language = any (passed_over.languages))
                   and (passed_over.allowed is null
                        or triage_data.is_allowed(passed_over.allowed,
                                                  w.brand, w.queue))
                 limit 100) as p);
end
$$;

comment on function triage_data.passed_over(triage_data.conversation, text[], text[], timestamptz) is
'How many who could be claimed in the queue of a conversation are due before it, in these languages and among what is allowed: a hundred at most.';
