-- Two days and a bit of private messages, each answered after a while; the
-- same at every run for the same start.  Some queues do better than others,
-- and there was a bad hour.
with hours as (
select h as ago,
       to_timestamp(current_setting('triage.demo_start')::float8)
           - (h + 1) * interval '1 hour' as starts
  from generate_series(1, 50) as h
), queues as (
select *
  from (values ('crisis', 1, 7, 15), ('urgent', 9, 22, 60),
               ('public', 14, 70, 240), ('standard', 16, 300, 1440))
       as q(queue, an_hour, usual, target)
), waits as (
select q.queue, h.ago, n, h.starts,
       -- of the hour of the day, and of chance that is the same each time
       ('x' || substr(md5(q.queue || h.ago || '.' || n), 1, 7))::bit(28)::int
           / 268435456.0 as chance,
       ('x' || substr(md5(n || q.queue || h.ago), 1, 7))::bit(28)::int
           / 268435456.0 as other,
       q.usual, q.target
  from hours as h
 cross join queues as q
 cross join lateral generate_series(
       1, greatest(1, round(q.an_hour * (0.55 + 0.45 * sin(
              (extract(hour from h.starts) - 9) * pi() / 12)))::int))
       as n
), told as (
select w.*,
       w.starts + w.other * interval '1 hour' as sent_at,
       -- most within the target, a few far over it
       w.usual * interval '1 minute'
           * exp(1.1 * (w.chance - 0.5) * 2.2)
           * case when w.ago between 19 and 21 then 2.6 else 1 end as took,
       (array['facebook', 'instagram', 'whatsapp', 'x', 'telegram'])
           [1 + floor(w.chance * 977)::int % 5] as platform,
       (array['en', 'en', 'en', 'de', 'es', 'fr'])
           [1 + floor(w.other * 1009)::int % 6] as language,
       w.queue || '-' || w.ago || '-' || w.n as id
  from waits as w
), said as (
select t.*, false as ours, t.sent_at as at
  from told as t
 union all
select t.*, true, t.sent_at + t.took
  from told as t
 where t.sent_at + t.took < to_timestamp(
           current_setting('triage.demo_start')::float8)
), numbered as (
select s.*, row_number() over (order by s.at, s.id, s.ours) as number
  from said as s
 where exists (select
                 from said as a
                where a.id = s.id
                  and a.ours)
)
select array_length(triage.ingest(
       array_agg(platform order by number),
       array_agg('demo'::text order by number),
       array_agg(at order by number),
       array_agg(null::bytea order by number),
       array_agg(null::text order by number),
       array_agg(number::int4 order by number),
       array_agg('acme'::text order by number),
       array_agg('demo-' || id || case when ours then '-a' else '' end
                 order by number),
       array_agg(null::text order by number),
       array_agg('demo-' || id order by number),
       array_agg(case when ours then 'demo-' || id end order by number),
       array_agg(case when ours then 'acme' else 'demo-' || id end
                 order by number),
       array_agg(case when ours then 'Acme' else 'Sam' end order by number),
       array_agg(null::text order by number),
       array_agg(floor(chance * chance * 4000)::int8 order by number),
       array_agg(null::bool order by number),
       array_agg(case when ours then 'echo' else 'message' end
                 order by number),
       array_agg('private'::text order by number),
       array_agg(case when ours then 'We are on it.'
                      else 'Where is my order?' end order by number),
       array_agg(null::json order by number),
       array_agg(language order by number),
       array_agg(at order by number),
       array_agg((20 + 60 * chance)::real order by number),
       array_agg(20::real order by number),
       array_agg(null::json order by number),
       array_agg(queue order by number)), 1)
  from numbered;
