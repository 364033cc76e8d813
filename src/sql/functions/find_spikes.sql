create or replace function triage_data.find_spikes(
       every interval default interval '30 seconds')
returns void
language plpgsql
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
#variable_conflict use_column
declare
    now constant timestamptz := triage.now();
    today constant date := (now at time zone 'UTC')::date;
    most constant int := 1000;      -- messages that are looked at
    most_usual constant int := 200; -- phrases of a run that are remembered
    -- So many messages in ten minutes, of so many people, and so many times
    -- what is usual.
    of_thread constant int := 20;
    of_phrase constant int := 12;
    of_brand constant int := 20;
    people constant int := 5;
    times constant int := 3;
    is_known constant boolean := exists (
        select
          from triage_data.observed as o
         where o.since <= now - interval '1 day');
    recent bigint[];
    -- Which part of the ten minutes these are: all, unless very many came.
    share float8 := 1;
    spike record;
begin
    if not triage_data.is_due('find_spikes', find_spikes.every) then
        return;
    end if;

    recent := array(
        select m.message_no
          from (select n.message_no, n.clock_at, n.kind, n.deleted_at
                  from triage_data.message as n
                 order by n.message_no desc
                 limit most) as m
         where m.clock_at > now - interval '10 minutes'
           and m.clock_at <= now + interval '1 minute'
           and m.deleted_at is null
           and triage_data.starts_wait(m.kind));

    if cardinality(recent) = most then
        share := (select greatest(0.001,
                         extract(epoch from now - min(m.clock_at)) / 600)
                    from triage_data.message as m
                   where m.message_no = any (recent));
    end if;

    -- What goes on is told first, whatever belongs to it explained: one
    -- incident is one row.
    for spike in
        select s.spike_id, s.kind, s.brand, s.subject, s.thread, s.expected,
               array(
                   select m.message_no
                     from triage_data.message as m
                    where m.message_no = any (recent)
                      and m.brand = s.brand
                      and case s.kind
                          when 'thread'
                          then triage_data.thread(m.conversation_id)
                               = s.thread
                          when 'phrase'
                          then s.subject
                               = any (triage_data.phrases(m.text))
                          else true
                          end) as messages
          from triage_data.spike as s
         where s.ended_at is null
         order by array_position(array['thread', 'phrase', 'brand'], s.kind),
                  s.spike_id
    loop
        if cardinality(spike.messages)
           < greatest(case spike.kind when 'phrase' then of_phrase
                                      else of_brand end / 2,
                      1.5 * spike.expected) then
            update triage_data.spike as s
               set ended_at = now
             where s.spike_id = spike.spike_id;
        else
            perform triage_data.note_spike(spike.kind, spike.brand,
                spike.subject, spike.thread, spike.messages, spike.expected);
            recent := array(select r from unnest(recent) as r
                            except select unnest(spike.messages));
        end if;
    end loop;

    -- One thread.
    insert into triage_data.usual as u (brand, kind, subject, day, messages)
    select t.brand, 'thread', '', today, max(t.messages)
      from (select m.brand, count(*) as messages
              from triage_data.message as m
             where m.message_no = any (recent)
             group by m.brand, triage_data.thread(m.conversation_id)
            having count(*) >= people) as t
     group by t.brand
     order by t.brand
        on conflict (brand, kind, subject, day) do update
       set messages = excluded.messages
     where excluded.messages > u.messages;

    for spike in
        select t.*, triage_data.usual_most(t.brand, 'thread', '', now)
                   as expected
          from (select triage_data.thread(m.conversation_id) as thread,
                       m.brand, min(m.thread_id) as subject,
                       array_agg(m.message_no) as messages
                  from triage_data.message as m
                 where m.message_no = any (recent)
                 group by triage_data.thread(m.conversation_id), m.brand
                having count(*) >= of_thread
                   and count(distinct m.conversation_id) >= people) as t
         where is_known
         order by cardinality(t.messages) desc, t.thread
    loop
        continue when cardinality(spike.messages) < times * spike.expected;
        perform triage_data.note_spike('thread', spike.brand,
            coalesce(spike.subject, ''), spike.thread, spike.messages,
            spike.expected);
        recent := array(select r from unnest(recent) as r
                        except select unnest(spike.messages));
    end loop;

    -- One phrase: the strongest first, then what is left without it.
    insert into triage_data.usual as u (brand, kind, subject, day, messages)
    select p.brand, 'phrase', p.phrase, today, p.messages
      from (select m.brand, g.phrase collate "C" as phrase,
                   count(*) as messages
              from triage_data.message as m
             cross join lateral unnest(triage_data.phrases(m.text))
                   as g(phrase)
             where m.message_no = any (recent)
             group by m.brand, g.phrase
            having count(*) >= people
             order by count(*) desc, g.phrase
             limit most_usual) as p
     order by p.brand, p.phrase
        on conflict (brand, kind, subject, day) do update
       set messages = excluded.messages
     where excluded.messages > u.messages;

    for attempt in 1 .. 3 loop
        exit when not is_known;

        select p.*
          into spike
          from (select g.*, triage_data.usual_most(g.brand, 'phrase',
                                                   g.phrase, now) as expected
                  from (select m.brand, f.phrase collate "C" as phrase,
                               array_agg(m.message_no) as messages
                          from triage_data.message as m
                         cross join lateral unnest(
                               triage_data.phrases(m.text)) as f(phrase)
                         where m.message_no = any (recent)
                         group by m.brand, f.phrase
                        having count(*) >= of_phrase
                           and count(distinct m.conversation_id) >= people
                         order by count(*) desc
                         limit 50) as g) as p
         where cardinality(p.messages) >= times * p.expected
         order by cardinality(p.messages) - p.expected desc,
                  position(' ' in p.phrase) > 0, length(p.phrase) desc, p.phrase
         limit 1;
        exit when not found;

        perform triage_data.note_spike('phrase', spike.brand, spike.phrase,
            null, spike.messages, spike.expected);
        recent := array(select r from unnest(recent) as r
                        except select unnest(spike.messages));
    end loop;

    -- One brand.
    for spike in
        select b.*, share * triage_data.usual_brand(b.brand, now)
                   as expected
          from (select m.brand, array_agg(m.message_no) as messages
                  from triage_data.message as m
                 where m.message_no = any (recent)
                 group by m.brand
                having count(*) >= of_brand
                   and count(distinct m.conversation_id) >= people) as b
         where is_known
         order by b.brand
    loop
        -- Chance alone may bring a few more.
        continue when cardinality(spike.messages) < times * spike.expected
                   or cardinality(spike.messages)
                      < spike.expected + 6 * sqrt(spike.expected);
        perform triage_data.note_spike('brand', spike.brand, spike.brand,
            null, spike.messages, spike.expected);
    end loop;

    if triage_data.is_due('forget_spikes', interval '1 hour') then
        delete from triage_data.usual
         where day < today - 28;
        delete from triage_data.brand_inflow
         where began_at < now - interval '35 days';
        delete from triage_data.spike
         where ended_at < now - interval '35 days';
    end if;
end
$$;

comment on function triage_data.find_spikes(interval) is
'Looks for far more messages than usual in the last ten minutes: about one thread, else one phrase, else one brand.';
