-- What the SQL tests share: messages without their twenty-seven arrays.

create schema if not exists test;

-- Files messages, each in a delivery of its own unless it names one
-- ("delivery": ordinal, in order); returns the ordinals of duplicates.
create or replace function test.file(messages jsonb)
returns int4[]
language plpgsql
as $$
declare
    m record;
    answer int4[];
begin
    with said as (
    select e.ordinality::int4 as ordinal,
           e.value as v,
           coalesce((e.value ->> 'delivery')::int4,
                    e.ordinality::int4) as delivery
      from jsonb_array_elements(file.messages) with ordinality as e
    ), delivered as (
    select distinct on (s.delivery)
           s.delivery,
           coalesce(s.v ->> 'platform', 'facebook') as platform,
           coalesce(s.v ->> 'brand', 'acme') as brand,
           coalesce((s.v ->> 'received_at')::timestamptz,
                    (s.v ->> 'sent_at')::timestamptz,
                    triage.now()) as received_at,
           convert_to(coalesce(s.v ->> 'raw', s.v::text), 'UTF8') as raw,
           s.v ->> 'failure' as failure,
           s.v ->> 'headers' as headers
      from said as s
     order by s.delivery, s.ordinal
    ), spoken as (
    select *
      from said as s
     where not s.v ? 'nothing'
    )
    select triage.ingest(
           array(select platform from delivered order by delivery),
           array(select brand from delivered order by delivery),
           array(select received_at from delivered order by delivery),
           array(select raw from delivered order by delivery),
           array(select failure from delivered order by delivery),
           array(select delivery from spoken order by ordinal),
           array(select case when v ? 'account' then v ->> 'account'
                        else 'page' end from spoken order by ordinal),
           array(select v ->> 'message_id' from spoken order by ordinal),
           array(select v ->> 'event_id' from spoken order by ordinal),
           array(select case when v ? 'thread_id' then v ->> 'thread_id'
                        else 'thread' end from spoken order by ordinal),
           array(select v ->> 'parent_id' from spoken order by ordinal),
           array(select case when v ? 'author_id' then v ->> 'author_id'
                        else 'ann' end from spoken order by ordinal),
           array(select v ->> 'author_name' from spoken order by ordinal),
           array(select v ->> 'author_handle' from spoken order by ordinal),
           array(select (v ->> 'author_followers')::int8
                   from spoken order by ordinal),
           array(select (v ->> 'author_verified')::bool
                   from spoken order by ordinal),
           array(select coalesce(v ->> 'kind', 'comment')
                   from spoken order by ordinal),
           array(select coalesce(v ->> 'audience', 'public')
                   from spoken order by ordinal),
           array(select v ->> 'text' from spoken order by ordinal),
           array(select (v -> 'engagement')::json
                   from spoken order by ordinal),
           array(select v ->> 'language' from spoken order by ordinal),
           array(select (v ->> 'sent_at')::timestamptz
                   from spoken order by ordinal),
           array(select coalesce((v ->> 'urgency')::real, 10)
                   from spoken order by ordinal),
           array(select coalesce((v ->> 'visibility')::real, 5)
                   from spoken order by ordinal),
           array(select (v -> 'terms')::json from spoken order by ordinal),
           array(select coalesce(v ->> 'queue', 'standard')
                   from spoken order by ordinal),
           array(select headers from delivered order by delivery))
      into answer;
    return answer;
end
$$;

-- The configuration that the tests go by.
create or replace function test.configure()
returns void
language sql
as $$
    select triage.sync('{"commit": "on", "queues": [
        {"name": "crisis", "respond": 900, "weight": 8},
        {"name": "urgent", "respond": 3600, "weight": 4,
         "overflow": "crisis"},
        {"name": "public", "respond": 14400, "weight": 2},
        {"name": "standard", "respond": 86400, "weight": 1}]}');
$$;

-- The number of the message that the platform calls so.
create or replace function test.message(message_id text)
returns bigint
language sql
as $$
    select message_no
      from triage_data.message as m
     where m.message_id = message.message_id
       and m.kind not in ('edit', 'delete')
     order by message_no
     limit 1;
$$;

-- The conversation that the message is in.
create or replace function test.conversation(message_id text)
returns uuid
language sql
as $$
    select conversation_id
      from triage_data.message as m
     where m.message_id = conversation.message_id
       and m.kind not in ('edit', 'delete')
     order by message_no
     limit 1;
$$;

-- A tick that is due, whenever the last one was.
create or replace function test.tick()
returns boolean
language plpgsql
as $$
begin
    delete from triage_data.chore where chore = 'tick';
    return triage.tick();
end
$$;
