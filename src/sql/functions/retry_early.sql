create or replace function triage_data.retry_early()
returns void
language plpgsql
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
#variable_conflict use_column
declare
    most constant int4 := 20;
    change record;
    original record;
begin
    -- Nothing here waits for a lock: what another session holds is left for
    -- the next time.
    for change in
        select e.message_no, e.recorded_at, m.kind, m.platform, m.brand,
               m.message_id, m.conversation_id, m.thread_id, m.parent_id,
               m.audience, m.account, m.clock_at
          from triage_data.early_change as e
          join triage_data.message as m
            on m.message_no = e.message_no
         where e.retry_at <= statement_timestamp()
         order by e.retry_at
         limit most
           for update of e skip locked
    loop
        update triage_data.early_change as e
           set retry_at = case
                          when e.recorded_at > statement_timestamp()
                                               - interval '1 minute'
                          then statement_timestamp() + interval '30 seconds'
                          end
         where e.message_no = change.message_no;

        for original in
            select o.message_no, o.conversation_id
              from triage_data.originals(change.platform, change.brand,
                                         change.message_id) as o
             where change.kind <> 'echo'
             union all
            select null, a.conversation_id
              from triage_data.answered_by(
                   change.platform, change.brand, change.conversation_id,
                   change.thread_id, change.parent_id, change.audience,
                   1, 0) as a
             where change.kind = 'echo'
               and a.conversation_id is not null
        loop
            perform
               from triage_data.conversation as c
              where c.conversation_id = original.conversation_id
                for update skip locked;
            continue when not found;

            if change.kind = 'echo' then
                insert into triage_data.answer
                       (conversation_id, answered_at, answered_through, kind,
                        platform, brand, account)
                values (original.conversation_id, change.clock_at,
                        change.clock_at, 'echo', change.platform,
                        change.brand, change.account);
            else
                perform triage_data.change(array[change.message_no],
                                           array[original.message_no]);
            end if;

            perform triage_data.recount(array[original.conversation_id],
                                        change.clock_at);
            delete from triage_data.early_change as e
             where e.message_no = change.message_no;
        end loop;
    end loop;
end
$$;

comment on function triage_data.retry_early() is
'Looks again for what edits, deletes and echoes are about that were filed in the same moment as their message.';
