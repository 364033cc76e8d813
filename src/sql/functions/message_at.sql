create or replace function triage_data.message_at(
       conversation uuid,
       clock_at timestamptz,
       message_no bigint)
returns triage_data.message
language plpgsql
stable
as $$
#variable_conflict use_column
declare
    message triage_data.message;
begin
    -- Nearly always the clock says when it was sent: one partition.
    select m.*
      into message
      from triage_data.message as m
     where m.conversation_id = message_at.conversation
       and m.clock_at = message_at.clock_at
       and m.sent_at = message_at.clock_at
       and m.message_no = message_at.message_no;
    if not found then
        select m.*
          into message
          from triage_data.message as m
         where m.conversation_id = message_at.conversation
           and m.clock_at = message_at.clock_at
           and m.sent_at > message_at.clock_at
           and m.message_no = message_at.message_no;
    end if;
    return message;
end
$$;

comment on function triage_data.message_at(uuid, timestamptz, bigint) is
'A message of a conversation, whose clock began then; null: it is not there any more.';
