create or replace function triage_data.conversation_id(
       platform text,
       brand text,
       account text,
       thread_id text,
       customer text)
returns uuid
language sql
immutable
parallel safe
return (left(md5(platform || e'\x1f' || brand || e'\x1f' || account
                 || e'\x1f' || thread_id), 16)
        || case customer
           when '' then '0000000000000000'
           else left(md5(thread_id || e'\x1f' || customer), 16)
           end)::uuid;

comment on function triage_data.conversation_id(text, text, text, text, text) is
'The id of a conversation from its key, so that nothing is looked up to file a message.  The first eight bytes name the thread; without a customer the rest is zero: the thread itself.';
