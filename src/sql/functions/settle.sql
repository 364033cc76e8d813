create or replace function triage_data.settle(first_no bigint, last_no bigint)
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
    -- What each change, and each echo, of these messages is about.
    changes bigint[];
    originals bigint[];
    echoes bigint[];
    answered uuid[];
    touched uuid[];
    since timestamptz;
begin
    select array_agg(n.message_no), array_agg(o.message_no)
      into changes, originals
      from triage_data.message as n
     cross join lateral triage_data.originals(n.platform, n.brand,
                                              n.message_id) as o
     where n.message_no between settle.first_no and settle.last_no
       and n.kind in ('edit', 'delete');

    select array_agg(n.message_no), array_agg(a.conversation_id)
      into echoes, answered
      from triage_data.message as n
     cross join lateral triage_data.answered_by(
           n.platform, n.brand, n.conversation_id, n.thread_id, n.parent_id,
           n.audience, settle.first_no, settle.last_no) as a
     where n.message_no between settle.first_no and settle.last_no
       and n.kind = 'echo'
       and a.conversation_id is not null;

    -- What is about somebody who is not here yet is kept until then.
    insert into triage_data.early_change
           (message_no, sent_at, message_id, thread, brand, platform,
            recorded_at, retry_at)
    select n.message_no, n.sent_at,
           case n.kind
           when 'echo' then case when not a.whole_thread then n.parent_id end
           else n.message_id
           end,
           case when a.whole_thread then n.conversation_id end,
           n.brand, n.platform, statement_timestamp(),
           statement_timestamp() + interval '5 seconds'
      from triage_data.message as n
      left join lateral triage_data.answered_by(
           n.platform, n.brand, n.conversation_id, n.thread_id, n.parent_id,
           n.audience, settle.first_no, settle.last_no) as a
        on n.kind = 'echo'
     where n.message_no between settle.first_no and settle.last_no
       and n.kind in ('echo', 'edit', 'delete')
       and n.message_no <> all (coalesce(changes, '{}'))
       and n.message_no <> all (coalesce(echoes, '{}'))
       and (n.kind = 'echo' or n.message_id is not null);

    -- And what was kept for one of these messages is applied now.
    with come as (
    delete from triage_data.early_change as e
     using triage_data.message as n
     where n.message_no between settle.first_no and settle.last_no
       and (triage_data.starts_wait(n.kind) or n.kind in ('echo', 'other'))
       and e.message_no <> n.message_no
       and e.brand = n.brand
       and e.platform = n.platform
       and (e.message_id = n.message_id
            or e.thread = triage_data.thread(n.conversation_id)
           and triage_data.starts_wait(n.kind))
    returning e.message_no as change_no, n.message_no as original_no,
              n.conversation_id, n.kind
    ), sorted as (
    select c.*, m.kind as change
      from come as c
      join triage_data.message as m
        on m.message_no = c.change_no
    )
    select changes || array_agg(s.change_no)
                        filter (where s.change <> 'echo'),
           originals || array_agg(s.original_no)
                          filter (where s.change <> 'echo'),
           echoes || array_agg(s.change_no)
                      filter (where s.change = 'echo'
                                and triage_data.starts_wait(s.kind)),
           answered || array_agg(s.conversation_id)
                       filter (where s.change = 'echo'
                                 and triage_data.starts_wait(s.kind))
      into changes, originals, echoes, answered
      from sorted as s;

    -- One pass that makes and locks every conversation concerned, in the
    -- order of their ids, as triage.ingest does: nobody waits in a circle.
    with concerned as (
    select n.conversation_id, n.message_no, n.clock_at
      from triage_data.message as n
     where n.message_no between settle.first_no and settle.last_no
       and triage_data.starts_wait(n.kind)
     union all
    select o.conversation_id, o.message_no, o.clock_at
      from triage_data.message as o
     where o.message_no = any (originals)
       and triage_data.starts_wait(o.kind)
     union all
    select a.conversation_id, s.message_no, e.clock_at
      from unnest(echoes, answered) as a(echo_no, conversation_id)
      join triage_data.message as e
        on e.message_no = a.echo_no
     cross join lateral (
           select m.message_no
             from triage_data.message as m
            where m.conversation_id = a.conversation_id
              and triage_data.starts_wait(m.kind)
            limit 1) as s
    ), locked as (
    insert into triage_data.conversation as c
           (conversation_id, platform, brand, account, thread_id, customer,
            audience)
    select distinct on (k.conversation_id)
           k.conversation_id, m.platform, m.brand, m.account,
           coalesce(m.thread_id, ''),
           coalesce(m.author_id, m.author_handle, m.event_id, m.message_id),
           m.audience
      from concerned as k
      join triage_data.message as m
        on m.message_no = k.message_no
     order by k.conversation_id
        on conflict (conversation_id) do update
       set queue = c.queue
     where false
    )
    select array_agg(distinct k.conversation_id), min(k.clock_at)
      into touched, since
      from concerned as k;

    insert into triage_data.answer
           (conversation_id, answered_at, answered_through, kind, platform,
            brand, account)
    select a.conversation_id, e.clock_at, e.clock_at, 'echo', e.platform,
           e.brand, e.account
      from unnest(echoes, answered) as a(echo_no, conversation_id)
      join triage_data.message as e
        on e.message_no = a.echo_no;

    if cardinality(changes) > 0 then
        perform triage_data.change(changes, originals);
    end if;

    perform triage_data.welcome(settle.first_no, settle.last_no);

    if cardinality(touched) > 0 then
        perform triage_data.recount(touched, since);
    end if;
end
$$;

comment on function triage_data.settle(bigint, bigint) is
'Works out what newly filed messages of any kind and order mean for conversations.';
