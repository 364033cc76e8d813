-- triage_data.next_conversations takes their place.

drop function if exists
     triage_data.heads(text[], text[], text[], timestamptz, timestamptz),
     triage_data.next_conversation(text, text[], text[], text[], timestamptz),
     triage_data.keep_for_another(uuid, text, timestamptz);
