-- Replays arrivals through triage.ingest, triage.claim and triage.reply, with
-- the clock set: a fixed number of agents each take the next conversation,
-- need some minutes for it, and take the next.  What triage.tick does once a
-- second is done every so many minutes.

create schema if not exists bench;

create table bench.arrival (
       arrival_no int generated always as identity primary key,
       minute double precision not null,
       queue text not null,
       service double precision not null,
       followers bigint
);

create table bench.answered (
       load text not null,
       queue text not null,
       waited double precision not null,
       in_time boolean not null
);

create function bench.at(minute double precision)
returns timestamptz
language sql
immutable
return timestamptz '2026-05-04 00:00+00' + minute * interval '1 minute';

-- Files the arrivals from first to last in one batch.
create function bench.file(first int, last int)
returns void
language plpgsql
as $$
declare
    n constant int := file.last - file.first + 1;
    id text[];
    queues text[];
    sent_at timestamptz[];
    followers int8[];
begin
    select array_agg(a.arrival_no::text order by a.arrival_no),
           array_agg(a.queue order by a.arrival_no),
           array_agg(bench.at(a.minute) order by a.arrival_no),
           array_agg(a.followers order by a.arrival_no)
      into id, queues, sent_at, followers
      from bench.arrival as a
     where a.arrival_no between file.first and file.last;

    perform triage.ingest(
        array_fill('bench'::text, array[n]),
        array_fill('acme'::text, array[n]),
        sent_at,
        array_fill('\x7b7d'::bytea, array[n]),
        array_fill(null::text, array[n]),
        array(select generate_series(1, n)),
        array_fill('page'::text, array[n]),
        id,
        array_fill(null::text, array[n]),
        id,
        array_fill(null::text, array[n]),
        id,
        array_fill(null::text, array[n]),
        array_fill(null::text, array[n]),
        followers,
        array_fill(null::bool, array[n]),
        array_fill('message'::text, array[n]),
        array_fill('private'::text, array[n]),
        array_fill('help'::text, array[n]),
        array_fill(null::json, array[n]),
        array_fill(null::text, array[n]),
        sent_at,
        array_fill(0::real, array[n]),
        array_fill(0::real, array[n]),
        array_fill(null::json, array[n]),
        queues);
end
$$;

-- What the module's poller does about once a second, at a time of the replay.
-- What is new is read by the second call: see triage_data.observed.
create function bench.tick(minute double precision)
returns void
language plpgsql
as $$
begin
    perform set_config('triage.now', bench.at(tick.minute)::text, false);
    perform triage_data.observe('0');
    perform triage_data.observe('0');
    perform triage_data.foresee('0');
    perform triage_data.relieve('0');
end
$$;

-- queues: what an agent claims, by turns; null: all agents claim everything.
-- ticks: minutes between two forecasts; null: none is made.
-- hours: the business hours in which agents are there; null: always.
create procedure bench.replay(
       load text,
       agents int,
       queues text[] default null,
       ticks double precision default null,
       hours text default null)
language plpgsql
as $$
declare
    next_tick double precision := 0;
    total constant int := (select count(*) from bench.arrival);
    free double precision[] := array_fill(0::double precision,
                                          array[agents]);
    filed int := 0;
    answered int := 0;
    ahead int;
    now double precision;
    opens_at timestamptz;
    agent int;
    claimed record;
    arrival bench.arrival;
begin
    perform setval('triage_data.claim_number', 1, false);

    while answered < total loop
        -- The agent who is free first, when there is something to do.
        now := (select min(f) from unnest(free) as f);
        agent := array_position(free, now);
        if filed = answered then
            now := greatest(now, (select a.minute
                                    from bench.arrival as a
                                   where a.arrival_no = filed + 1));
        end if;
        opens_at := triage_data.opens_at(replay.hours, bench.at(now));
        if opens_at is not null then
            now := extract(epoch from opens_at - bench.at(0)) / 60;
        end if;

        while next_tick <= now loop
            ahead := coalesce((select max(a.arrival_no)
                                 from bench.arrival as a
                                where a.arrival_no > filed
                                  and a.minute <= next_tick), filed);
            if ahead > filed then
                perform bench.file(filed + 1, ahead);
                filed := ahead;
            end if;
            perform bench.tick(next_tick);
            commit;
            next_tick := next_tick + ticks;
        end loop;

        ahead := (select a.arrival_no
                    from bench.arrival as a
                   where a.arrival_no > filed
                     and a.minute > now
                   order by a.arrival_no
                   limit 1);
        ahead := coalesce(ahead, total + 1);
        if ahead > filed + 1 then
            perform bench.file(filed + 1, ahead - 1);
            filed := ahead - 1;
        end if;

        perform set_config('triage.now', bench.at(now)::text, false);
        select c.conversation_id, c.queue, c.due_at, c.author_id
          into claimed
          from triage.claim('agent ' || agent,
                            string_to_array(
                                queues[agent % cardinality(queues) + 1],
                                ',')) as c;
        if not found then
            -- Others have something to do, this one has not.
            free[agent] := now + 1;
            commit;
            continue;
        end if;
        perform triage.reply(claimed.conversation_id, 'agent ' || agent);

        select a.*
          into strict arrival
          from bench.arrival as a
         where a.arrival_no = claimed.author_id::int;
        insert into bench.answered (load, queue, waited, in_time)
        values (load, arrival.queue, now - arrival.minute,
                bench.at(now) <= claimed.due_at);
        free[agent] := now + arrival.service;
        answered := answered + 1;
        commit;
    end loop;
end
$$;
