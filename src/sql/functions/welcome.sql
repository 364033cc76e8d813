create or replace function triage_data.welcome(first_no bigint, last_no bigint)
returns void
language plpgsql
as $$
#variable_conflict use_column
begin
    with come as (
    update triage_data.handoff as h
       set came_at = n.clock_at,
           private_id = n.conversation_id
      from (select distinct on (h.handoff_id)
                   h.handoff_id, m.message_no, m.clock_at,
                   m.conversation_id
              from triage_data.message as m
              join triage_data.handoff as h
                on h.customer = coalesce(m.author_id, m.author_handle)
               and h.platform = m.platform
               and h.brand = m.brand
               and h.came_at is null
             where m.message_no between welcome.first_no and welcome.last_no
               and m.audience = 'private'
               and triage_data.starts_wait(m.kind)
               and m.clock_at > h.invited_at
               and m.clock_at <= h.due_at
             order by h.handoff_id, m.clock_at, m.message_no) as n
     where h.handoff_id = n.handoff_id
    returning n.message_no, h.inherited_due_at
    )
    update triage_data.message as m
       set due_at = least(m.due_at, c.due_at),
           next_due_at = least(m.next_due_at, c.due_at)
      from (select message_no, min(inherited_due_at) as due_at
              from come
             group by message_no) as c
     where m.message_no = c.message_no
       and c.due_at < greatest(m.due_at, m.next_due_at);
end
$$;

comment on function triage_data.welcome(bigint, bigint) is
'Links private messages to the public conversations whose customers were invited; they inherit the deadline.';
