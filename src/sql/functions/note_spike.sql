create or replace function triage_data.note_spike(
       kind text,
       brand text,
       subject text,
       thread uuid,
       messages bigint[],
       expected double precision)
returns void
language plpgsql
set enable_seqscan = off
set jit = off
as $$
#variable_conflict use_column
declare
    queues text[];
    queue text;
begin
    select array_agg(distinct m.queue)
      into queues
      from triage_data.message as m
     where m.message_no = any (note_spike.messages);

    insert into triage_data.spike as s
           (began_at, expected, messages, thread, kind, brand, subject,
            queues)
    values (triage.now(), note_spike.expected,
            cardinality(note_spike.messages), note_spike.thread,
            note_spike.kind, note_spike.brand, note_spike.subject, queues)
        on conflict (brand, kind, subject) where ended_at is null do update
       set messages = greatest(s.messages, excluded.messages),
           queues = array(select unnest(s.queues)
                           union
                          select unnest(excluded.queues)
                           order by 1)
     where s.messages < excluded.messages
        or not s.queues @> excluded.queues;

    if found then
        foreach queue in array queues loop
            perform triage_data.announce(queue, 'spike');
        end loop;
    end if;
end
$$;

comment on function triage_data.note_spike(text, text, text, uuid, bigint[], double precision) is
'A spike is found, or goes on: one row.';
