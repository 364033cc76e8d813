create or replace function triage_data.engage(
       platform text[],
       brand text[],
       message_id text[],
       kind text[],
       engagement json[])
returns void
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
#variable_conflict use_column
begin
    perform triage_data.lift(
                g.message_no, g.sent_at, g.engagement, g.more_likes,
                g.is_edited)
       from (select o.message_no, o.sent_at,
                    jsonb_strip_nulls(jsonb_build_object(
                        'likes', max((e.engagement ->> 'likes')::numeric),
                        'replies', max((e.engagement ->> 'replies')::numeric),
                        'shares', max((e.engagement ->> 'shares')::numeric),
                        'rises', max(e.engagement ->> 'rises')
                                 filter (where e.kind = 'edit')::jsonb))
                        as engagement,
                    -- Who reacts where nobody counts is one more.
                    count(*) filter (
                        where e.kind = 'reaction'
                          and coalesce(e.engagement ->> 'likes',
                                       e.engagement ->> 'replies',
                                       e.engagement ->> 'shares') is null)
                        as more_likes,
                    bool_or(e.kind = 'edit') as is_edited
               from unnest(engage.platform, engage.brand, engage.message_id,
                           engage.kind, engage.engagement)
                    as e(platform, brand, message_id, kind, engagement)
              cross join lateral triage_data.originals(
                    e.platform, e.brand, e.message_id) as o
              where triage_data.starts_wait(o.kind)
                and o.deleted_at is null
              group by o.message_no, o.sent_at
              order by o.message_no
             offset 0) as g;
end
$$;

comment on function triage_data.engage(text[], text[], text[], text[], json[]) is
'Reactions, edits and messages that came again with more engagement: what they make of the messages they are about.';
