-- Siblings with least rights: none inherits from another.  Nobody has any
-- right in triage_data; the functions of triage run as their owner.

revoke all on schema triage, triage_data from public;
revoke all on all tables in schema triage, triage_data from public;
revoke all on all functions in schema triage, triage_data from public;

grant usage on schema triage
   to triage_ingest, triage_agent, triage_reader, triage_admin;
grant execute on function triage.now()
   to triage_ingest, triage_agent, triage_reader, triage_admin;

-- Views run their functions as who reads them.  Nobody can name these:
-- that takes a right to the schema.
grant execute on function triage_data.reasons(json),
      triage_data.starts_wait(text),
      triage_data.thread(uuid),
      triage_data.phrases(text),
      triage_data.allowed(),
      triage_data.unsummed(),
      triage_data.hour_of(timestamptz),
      triage_data.opens_at(text, timestamptz),
      triage_data.is_allowed(text[], text, text),
      triage_data.is_queue_allowed(text[], text),
      triage_data.are_queues_allowed(text[], text[]),
      triage_data.is_whole_queue_allowed(text[], text),
      triage_data.is_spike_allowed(text[], text, text[]),
      triage_data.is_conversation_allowed(text[], uuid),
      triage_data.is_message_allowed(text[], uuid, text),
      triage_data.is_correction_allowed(text[], bigint, timestamptz)
   to triage_agent, triage_reader, triage_admin;
grant execute on function triage_data.fairness()
   to triage_reader, triage_admin;

-- What happened in a conversation, and what was picked, for whoever reads what
-- waits.
grant select on triage.history, triage.held, triage.picked
   to triage_agent, triage_reader, triage_admin;

-- The module.
grant execute on function triage.ingest(text[], text[], timestamptz[],
          bytea[], text[], int4[], text[], text[], text[], text[], text[],
          text[], text[], text[], int8[], bool[], text[], text[], text[],
          json[], text[], timestamptz[], real[], real[], json[], text[],
          text[]),
      triage.sync(jsonb),
      triage.replay_next(int),
      triage.replay_done(bigint, text),
      triage.tick(),
      triage.publish()
   to triage_ingest;

-- Those who answer.
grant select on triage.inbox, triage.queue, triage.agent,
      triage.response_time, triage.promise_due, triage.handoff_due,
      triage.alert,
      triage.forecast, triage.forecast_record, triage.overflow,
      triage.spike
   to triage_agent;
grant execute on function
      triage.claim(text, text[], int, interval),
      triage.pick(uuid, text, interval),
      triage.renew(uuid, text, interval),
      triage.release(uuid, text),
      triage.transfer(uuid, text, text, interval),
      triage.refer(uuid, text, text),
      triage.set_presence(text, boolean, interval),
      triage.reply(uuid, text, boolean),
      triage.close(uuid, text),
      triage.snooze(uuid, text, timestamptz),
      triage.promise(uuid, text, timestamptz, text),
      triage.suggest_promise(text, timestamptz, text),
      triage.handoff(uuid, text, timestamptz),
      triage.retriage(bigint, real, text, text, text),
      triage.explain(bigint),
      triage.report(timestamptz, timestamptz, text[])
   to triage_agent;

-- Dashboards.
grant select on triage.inbox, triage.queue, triage.agent,
      triage.response_time,
      triage.dead_letter, triage.promise_due, triage.handoff_due,
      triage.fairness, triage.alert,
      triage.forecast, triage.forecast_record, triage.overflow,
      triage.spike
   to triage_reader;
grant execute on function
      triage.report(timestamptz, timestamptz, text[])
   to triage_reader, triage_admin;

-- Those who run it.
grant select on triage.inbox, triage.queue, triage.agent,
      triage.response_time,
      triage.dead_letter, triage.promise_due, triage.handoff_due,
      triage.fairness, triage.alert, triage.correction, triage.erasure,
      triage.allowance,
      triage.forecast, triage.forecast_record, triage.overflow,
      triage.spike
   to triage_admin;
grant execute on function
      triage.explain(bigint),
      triage.allow(text, text, text),
      triage.disallow(text, text, text),
      triage.set_agent(text, text[], text[], int),
      triage.drop_agent(text),
      triage.dead_letter_replay(bigint),
      triage.dead_letter_raw(bigint),
      triage.dead_letter_purge(timestamptz, boolean),
      triage.dead_letter_limit(bigint, bigint),
      triage.erase(text, text),
      triage.retain(interval, text, boolean)
   to triage_admin;
