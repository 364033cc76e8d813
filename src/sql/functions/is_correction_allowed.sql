create or replace function triage_data.is_correction_allowed(
       allowed text[],
       message bigint,
       sent_at timestamptz)
returns boolean
language plpgsql
stable
parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return exists (
        select
          from triage_data.message as m
         where m.message_no = is_correction_allowed.message
           and m.sent_at = is_correction_allowed.sent_at
           and triage_data.is_conversation_allowed(
                   is_correction_allowed.allowed, m.conversation_id));
end
$$;

comment on function triage_data.is_correction_allowed(text[], bigint, timestamptz) is
'Whether a correction is of a message that is among what triage_data.allowed says.';
