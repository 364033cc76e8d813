create or replace function triage_data.tell_news()
returns void
language sql
begin atomic
    with told as (
    delete from triage_data.news
    returning queue, what
    )
    select pg_notify('triage',
                     json_build_object(
                         'queue', t.queue,
                         'what', json_agg(distinct t.what))::text)
      from told as t
     group by t.queue;
end;

comment on function triage_data.tell_news() is
'Notifies the listeners of the channel "triage": one notification a queue.';
