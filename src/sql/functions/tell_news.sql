create or replace function triage_data.tell_news()
returns void
language plpgsql
set jit = off
as $$
#variable_conflict use_column
declare
    front triage_data.front;
    news record;
begin
    perform
       from triage_data.chore as c
      where c.chore = 'tick'
        for update;
    select f.*
      into front
      from triage_data.front as f
     order by f.front_no desc
     limit 1;

    -- Claims need to know who came since the last front: it is told, and gone,
    -- when a front has seen it.  What has a transaction that is still to come
    -- is from another server, by way of a dump.
    for news in
        with told as (
        delete from triage_data.news as n
         where front.queues is null
            or n.due_at is null
            or n.transaction >= pg_snapshot_xmax(pg_current_snapshot())
           and n.transaction <> pg_current_xact_id()
            or n.transaction < front.unseen_from
           and n.transaction <> all (front.unseen)
        returning n.queue, n.what
        )
        select t.queue, json_agg(distinct t.what) as what
          from told as t
         group by t.queue
    loop
        perform pg_notify('triage',
                          json_build_object('queue', news.queue,
                                            'what', news.what)::text);
    end loop;
end
$$;

comment on function triage_data.tell_news() is
'Notifies the listeners of the channel "triage": one notification a queue.';
