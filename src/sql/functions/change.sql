create or replace function triage_data.change(
       change_no bigint[],
       original_no bigint[])
returns void
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
#variable_conflict use_column
declare
    forgotten bigint[];
begin
    -- The latest edit wins, whatever the order they came in; its words move
    -- into the original, and no older words stay anywhere.
    with edit as materialized (
    select distinct on (p.original_no)
           p.original_no, p.change_no, e.clock_at, e.text, e.urgency,
           e.visibility, e.terms, e.queue, q.hours, q.respond, q.next
      from unnest(change.change_no, change.original_no)
           as p(change_no, original_no)
      join triage_data.message as e
        on e.message_no = p.change_no
      left join triage_data.queue as q
        on q.queue = e.queue
     where e.kind = 'edit'
     order by p.original_no, e.clock_at desc, e.message_no desc
    )
    update triage_data.message as m
       set text = e.text,
           edited_at = e.clock_at,
           urgency = e.urgency,
           visibility = e.visibility,
           terms = e.terms,
           queue = case when triage_data.comes_sooner(m, e.hours,
                                                      e.respond, e.next)
                        then e.queue else m.queue end,
           due_at = case when m.due_at is not null
                         then least(m.due_at, triage_data.due_after(
                                        e.hours, m.clock_at, e.respond))
                    end,
           next_due_at = triage_data.next_due(m, e.hours, e.respond, e.next)
      from edit as e
     where m.message_no = e.original_no
       and m.deleted_at is null
       and (m.edited_at is null or m.edited_at < e.clock_at);

    update triage_data.message as m
       set text = null,
           deleted_at = least(m.deleted_at, d.clock_at)
      from (select p.original_no, min(e.clock_at) as clock_at
              from unnest(change.change_no, change.original_no)
                   as p(change_no, original_no)
              join triage_data.message as e
                on e.message_no = p.change_no
             where e.kind = 'delete'
             group by p.original_no) as d
     where m.message_no = d.original_no;

    update triage_data.message as m
       set text = null
     where m.message_no = any (change.change_no)
       and m.kind in ('edit', 'delete')
       and m.text is not null;

    -- The raw bodies of the old words: the original's, and of a deleted
    -- message those of its edits too; of an edited one the older edits'.
    select array_agg(distinct f.message_no)
      into forgotten
      from unnest(change.original_no) as o(message_no)
      join triage_data.message as m
        on m.message_no = o.message_no
     cross join lateral (
           select m.message_no
            union all
           select e.message_no
             from triage_data.message as e
            where e.message_id = m.message_id
              and e.event_id is not null
              and e.brand = m.brand
              and e.platform = m.platform
              and e.kind = 'edit'
              and (m.deleted_at is not null or e.clock_at < m.edited_at)
           ) as f
     where m.deleted_at is not null
        or m.edited_at is not null;
    perform triage_data.drop_raw(forgotten);
end
$$;

comment on function triage_data.change(bigint[], bigint[]) is
'Applies edits and deletes to the messages they are about, pair by pair.';
