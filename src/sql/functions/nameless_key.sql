create or replace function triage_data.nameless_key(
       raw bytea,
       ordinal int4,
       message_delivery int4[])
returns text
language sql
immutable
return 'raw:' || encode(sha256(raw), 'hex') || ':'
       || ordinal - array_position(message_delivery,
                                   message_delivery[ordinal]);

comment on function triage_data.nameless_key(bytea, int4, int4[]) is
'What a message without any id is deduplicated on: the bytes of its delivery and its place in it.';
