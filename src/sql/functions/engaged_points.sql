create or replace function triage_data.engaged_points(
       audience text,
       engagement jsonb)
returns bigint
language sql
immutable
parallel safe
return triage_data.log_of(
           least(greatest((engagement ->> 'likes')::numeric, 0),
                 1::bigint << 40)
           + 2 * least(greatest((engagement ->> 'replies')::numeric, 0),
                       1::bigint << 40)
           + 4 * least(greatest((engagement ->> 'shares')::numeric, 0),
                       1::bigint << 40))
       * case audience when 'public' then 900 when 'limited' then 600 else 0 end
       / 1000;

comment on function triage_data.engaged_points(text, jsonb) is
'What engagement adds to visibility, in hundredths of a point: the formula of src/score/visibility.c.';
