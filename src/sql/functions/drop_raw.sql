create or replace function triage_data.drop_raw(message_no bigint[])
returns void
language sql
begin atomic
    update triage_data.delivery as d
       set raw = case when a.alone then null else d.raw end,
           has_erased = true
      from (select m.delivery_id,
                   not exists (
                       select
                         from triage_data.message as o
                        where o.delivery_id = m.delivery_id
                          and o.message_no between m.delivery_id
                                               and m.delivery_id + 16384
                          and o.message_no <> all (drop_raw.message_no)
                          and o.deleted_at is null) as alone
              from triage_data.message as m
             where m.message_no = any (drop_raw.message_no)) as a
     where d.delivery_id = a.delivery_id;
end;

comment on function triage_data.drop_raw(bigint[]) is
'Forgets the raw bodies that hold these messages alone, and flags those that hold others too.';
