create or replace function triage_data.arrivals(
       delivery_platform text[],
       delivery_brand text[],
       delivery_received_at timestamptz[],
       delivery_raw bytea[],
       message_delivery int4[],
       message_id text[],
       event_id text[],
       sent_at timestamptz[])
returns timestamptz[]
language plpgsql
as $$
#variable_conflict use_column
declare
    key text[];
begin
    key := array(
        select coalesce(m.event_id, m.message_id,
                        triage_data.nameless_key(
                            arrivals.delivery_raw[m.delivery],
                            m.ordinal::int4, arrivals.message_delivery))
          from unnest(arrivals.message_delivery, arrivals.message_id,
                      arrivals.event_id)
               with ordinality as m(delivery, message_id, event_id, ordinal)
         order by m.ordinal);

    insert into triage_data.arrival (key, brand, platform, arrived_at)
    select m.key,
           arrivals.delivery_brand[m.delivery],
           arrivals.delivery_platform[m.delivery],
           min(arrivals.delivery_received_at[m.delivery])
      from unnest(arrivals.message_delivery, key, arrivals.sent_at)
           as m(delivery, key, sent_at)
     where m.sent_at is null
     group by 1, 2, 3
     order by m.key collate "C",
              arrivals.delivery_brand[m.delivery] collate "C",
              arrivals.delivery_platform[m.delivery] collate "C"
        on conflict do nothing;

    -- A statement of its own: it sees who came first, if it was not us.
    return array(
        select coalesce(m.sent_at, a.arrived_at,
                        arrivals.delivery_received_at[m.delivery])
          from unnest(arrivals.message_delivery, key, arrivals.sent_at)
               with ordinality as m(delivery, key, sent_at, ordinal)
          left join triage_data.arrival as a
            on m.sent_at is null
           and a.key = m.key
           and a.brand = arrivals.delivery_brand[m.delivery]
           and a.platform = arrivals.delivery_platform[m.delivery]
         order by m.ordinal);
end
$$;

comment on function triage_data.arrivals(text[], text[], timestamptz[], bytea[], int4[], text[], text[], timestamptz[]) is
'The times of messages, with the first arrival where the platform gives none.';
