create or replace function triage_data.inbox_row(
       conversation triage_data.conversation,
       now timestamptz)
returns triage.inbox
language plpgsql
stable
as $$
#variable_conflict use_column
declare
    row constant triage_data.conversation := inbox_row.conversation;
    latest constant triage_data.message := triage_data.message_at(
        row.conversation_id, row.latest_at, row.latest_no);
    urgent triage_data.message := latest;
    shown triage.inbox;
begin
    -- As the view has it, for a row that is at hand: each message is a probe
    -- of one partition, and nobody's rights are looked up again.
    if row.urgent_no <> row.latest_no then
        urgent := triage_data.message_at(row.conversation_id, row.urgent_at,
                                         row.urgent_no);
    end if;

    select row.conversation_id,
           row.queue,
           row.urgency,
           row.visibility,
           row.waiting_since,
           row.due_at,
           row.platform,
           row.brand,
           row.account,
           row.audience,
           latest.author_id,
           latest.author_name,
           latest.author_handle,
           latest.text,
           row.contacts,
           triage_data.reasons(urgent.terms),
           case when row.lease_until > inbox_row.now then row.claimed_by end,
           case when row.lease_until > inbox_row.now then row.lease_until end,
           row.latest_no,
           case when row.snoozed_until > inbox_row.now
                then row.snoozed_until end,
           (select min(p.due_at)
              from triage_data.promise as p
             where p.conversation_id = row.conversation_id
               and p.kept_at is null),
           row.resolve_due_at,
           row.warned,
           (select s.subject
              from triage_data.spike as s
             where s.ended_at is null
               and s.brand = row.brand
               and (s.kind = 'brand'
                    or s.thread = triage_data.thread(row.conversation_id)
                    or s.kind = 'phrase'
                       and s.subject = any (triage_data.phrases(latest.text)))
             order by array_position(array['thread', 'phrase', 'brand'],
                                     s.kind),
                      s.spike_id
             limit 1),
           false
      into shown;

    if row.resolve_due_at is not null then
        shown.resolve_warned := exists (
            select
              from triage_data.alert as a
             where a.conversation_id = row.conversation_id
               and a.deadline = 'resolution'
               and a.kind = 'warning'
               and a.waiting_since > coalesce((
                   select max(r.closed_through)
                     from triage_data.resolution as r
                    where r.conversation_id = row.conversation_id),
                   '-infinity'));
    end if;
    return shown;
end
$$;

comment on function triage_data.inbox_row(triage_data.conversation, timestamptz) is
'The row of triage.inbox for a conversation.';
