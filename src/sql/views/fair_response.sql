-- Belongs to the owner of the tables: who reads it asks what is allowed.
create or replace view triage_data.fair_response as
select w.answered_at,
       m.message_no,
       m.author_followers as followers,
       w.took,
       w.took / w.target as stretch,
       triage_data.bin(w.took) as took_bin,
       triage_data.bin(1000 * w.took / w.target) as stretch_bin,
       w.in_time,
       m.language,
       w.queue,
       w.platform,
       w.brand
  from (select a.conversation_id,
               a.answered_at,
               a.waiting_since,
               a.answered_at <= a.due_at as in_time,
               date_part('epoch', a.answered_at - a.waiting_since) as took,
               nullif(date_part('epoch', a.due_at - a.waiting_since), 0)
                   as target,
               a.queue,
               a.platform,
               a.brand
          from triage_data.answer as a
         where a.waiting_since is not null
           and a.kind <> 'close') as w
 cross join lateral (
       select n.message_no,
              n.language,
              n.author_followers
         from triage_data.message as n
        where n.conversation_id = w.conversation_id
          and n.clock_at = w.waiting_since
          and triage_data.starts_wait(n.kind)
        order by n.message_no
        limit 1) as m;

comment on view triage_data.fair_response is
'The responses, and what is known of whoever got them: what triage_data.fair_answer keeps of the hours that are summed up.';
comment on column triage_data.fair_response.answered_at is
'When it was given.';
comment on column triage_data.fair_response.message_no is
'The message that began the wait.';
comment on column triage_data.fair_response.followers is
'How many follow its author; null: not told, or forgotten.';
comment on column triage_data.fair_response.took is
'How long the customer had waited, in seconds.';
comment on column triage_data.fair_response.stretch is
'That, as a share of the target; null: there was none.';
comment on column triage_data.fair_response.took_bin is
'Where took lies.';
comment on column triage_data.fair_response.stretch_bin is
'Where stretch lies.';
comment on column triage_data.fair_response.in_time is
'Whether the target was kept; null: there was none.';
comment on column triage_data.fair_response.language is
'The language of the message; null: not told.';
comment on column triage_data.fair_response.queue is
'The queue.';
comment on column triage_data.fair_response.platform is
'The platform''s name.';
comment on column triage_data.fair_response.brand is
'The brand.';
