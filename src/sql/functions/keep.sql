create or replace function triage_data.keep(conversations uuid[])
returns void
language plpgsql
as $$
begin
    -- Not in SQL, which would be planned anew each time.  Nearly always there
    -- is neither: to look is cheaper than to begin to change.
    if exists (select
                 from triage_data.promise as p
                where p.conversation_id = any (keep.conversations)) then
        update triage_data.promise as p
           set kept_at = k.kept_at
          from (select o.promise_id,
                       (select min(a.answered_at)
                          from triage_data.answer as a
                         where a.conversation_id = o.conversation_id
                           and a.kind <> 'close'
                           and a.answer_id > o.answer_id
                           and a.answered_at >= case a.kind
                               when 'echo'
                               then coalesce(o.echoes_from, o.keeps_from)
                               else o.keeps_from
                               end) as kept_at
                  from triage_data.promise as o
                 where o.conversation_id = any (keep.conversations)) as k
         where p.promise_id = k.promise_id
           and p.kept_at is distinct from k.kept_at;
    end if;

    if exists (select
                 from triage_data.handoff as h
                where h.private_id = any (keep.conversations)) then
        update triage_data.handoff as h
           set answered_at = k.answered_at
          from (select o.handoff_id,
                       (select min(a.answered_at)
                          from triage_data.answer as a
                         where a.conversation_id = o.private_id
                           and a.kind <> 'close'
                           and a.answered_at >= o.came_at) as answered_at
                  from triage_data.handoff as o
                 where o.private_id = any (keep.conversations)) as k
         where h.handoff_id = k.handoff_id
           and h.answered_at is distinct from k.answered_at;
    end if;
end
$$;

comment on function triage_data.keep(uuid[]) is
'Works out which promises and invitations the answers of conversations have kept.';
