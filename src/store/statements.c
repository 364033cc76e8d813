#include "statements.h"

const triage_statement_t triage_look_statement = {
    .text = "select current_setting('fsync'),"
            " current_setting('transaction_read_only'),"
            " pg_is_in_recovery()",
};

const triage_statement_t triage_sync_statement = {
    .text = "select set_config('lock_timeout', $2::text, true),"
            " triage.sync($1::jsonb)",
    .parameter_count = 2,
};

/* The settings come first in the list, so they hold when ingest runs and
 * when its transaction commits, and for nothing else. */
const triage_statement_t triage_ingest_statement = {
    .name = "triage_ingest",
    .text = "select set_config('synchronous_commit', $28::text, true),"
            " set_config('lock_timeout', $29::text, true),"
            " triage.ingest("
            "$1::text[], $2::text[], $3::timestamptz[], $4::bytea[],"
            " $5::text[],"
            " $7::int4[], $8::text[], $9::text[], $10::text[], $11::text[],"
            " $12::text[], $13::text[], $14::text[], $15::text[],"
            " $16::int8[], $17::bool[], $18::text[], $19::text[],"
            " $20::text[], $21::json[], $22::text[], $23::timestamptz[],"
            " $24::real[], $25::real[], $26::json[], $27::text[], $6::text[])",
    .parameter_count = 29,
};

const triage_statement_t triage_replay_statement = {
    .text = "select dead_letter_id::int8, platform::text, brand::text,"
            " (extract(epoch from received_at) * 1000000)::int8, raw::bytea,"
            " headers::text"
            " from triage.replay_next($1::int4)",
    .parameter_count = 1,
};

const triage_statement_t triage_replayed_statement = {
    .text = "select triage.replay_done($1::int8, $2::text)",
    .parameter_count = 2,
};

const triage_statement_t triage_publish_statement = {
    .text = "select queue::text,"
            " (extract(epoch from forecast_at) * 1000000)::int8,"
            " ceil(extract(epoch from wait_p50))::int8,"
            " ceil(extract(epoch from wait_p90))::int8,"
            " extract(epoch from target)::int8,"
            " waiting::int8, published::int8, held::int8, spikes::int8,"
            " (extract(epoch from due_at) * 1000000)::int8,"
            " (extract(epoch from opens_at) * 1000000)::int8,"
            " coalesce(opens, '')::text"
            " from triage.publish()",
};

const triage_statement_t triage_tick_statement = {
    .text = "select triage.tick()",
};

const triage_statement_t triage_listen_statement = {
    .text = "listen triage",
};

const triage_statement_t triage_nudge_statement = {
    .text = "select pg_notify('triage', '{\"what\":[\"desk\"]}')",
};

const char *
triage_commit_name(triage_commit_t commit)
{
    static const char *const names[] = { [TRIAGE_COMMIT_LOCAL] = "local",
                                         [TRIAGE_COMMIT_ON] = "on",
                                         [TRIAGE_COMMIT_REMOTE_APPLY] =
                                             "remote_apply" };

    return names[commit];
}
