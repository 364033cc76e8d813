/*
 * What the store does as time passes: who waits for how long, when the spool
 * takes over, and whom it blames.  The loop is a fake one, so that an hour
 * takes no time and nothing races; t/store/ has the real thing.
 */
#define _GNU_SOURCE

#include <glob.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "../../src/store/backlog.h"
#include "../../src/store/journal.h"
#include "fake_loop.h"
#include "fake_postgres.h"
#include "tap.h"

enum { TIMEOUT_MS = 2000, LONG_MS = 600000 };

static fake_loop_t loop;
static fake_postgres_t server;
static triage_store_t *store;
static triage_store_stats_t stats;
static triage_store_options_t options;
static char folder[64];
static char spool[sizeof(folder) + 8];
static char error[128];

static const triage_parcel_t parcel = { .platform = TRIAGE_TEXT("x"),
                                        .brand = TRIAGE_TEXT("acme"),
                                        .received_at =
                                            INT64_C(1767225600000000),
                                        .raw = TRIAGE_TEXT("{}"),
                                        .failure = "as a test wants it" };

/* What became of the parcels. */
static unsigned kept, refused;
static unsigned kept_at_drain; /* before anything was drained */

static void
answered(void *data, triage_outcome_t outcome, const bool *duplicates)
{
    (void) data;
    (void) duplicates;
    if (stats.drained == 0) {
        kept_at_drain = kept + 1;
    }
    *(outcome.code == TRIAGE_OK ? &kept : &refused) += 1;
}

/* How often an operator was told of the spool. */
static unsigned reports;

static void
report(void *context, int level, const char *what, const char *detail)
{
    (void) context;
    (void) level;
    (void) detail;
    reports += strstr(what, "the spool") != NULL;
}

static triage_code_t
put(void)
{
    return triage_store_put(store, &parcel, answered, NULL, NULL).code;
}

/* A new folder, in which a server listens that takes nobody in. */
static void
set_up(uint32_t timeout_ms, bool has_spool)
{
    char conninfo[sizeof(folder) + 64];

    snprintf(folder, sizeof(folder), "/tmp/triage-store-XXXXXX");
    fake_open(&server, folder);
    snprintf(spool, sizeof(spool), "%s/spool", folder);
    snprintf(conninfo, sizeof(conninfo),
             "host=%s port=5432 user=triage dbname=triage", folder);

    fake_init(&loop);
    loop.outside = fake_serve;
    loop.data = &server;
    stats = (triage_store_stats_t){ 0 };
    kept = refused = reports = 0;
    options = (triage_store_options_t){
        .conninfo = triage_conninfo_read(conninfo, error, sizeof(error)),
        .links = 1,
        .timeout_ms = timeout_ms,
        .backlog_max = 8,
        .backlog_bytes = 1 << 20,
        .batch_rows = 16,
        .batch_bytes = 1 << 20,
        .spool_path = has_spool ? spool : NULL,
        .spool_max_size = 1 << 20,
        .stats = &stats,
        .report = report,
    };
    if (has_spool && mkdir(spool, 0700) != 0) {
        abort();
    }
    store = triage_store_open(&options, &loop.loop);
}

static void
tear_down(void)
{
    if (store != NULL) {
        triage_store_close(store);
    }
    fake_settle(&loop);
    triage_conninfo_free((triage_conninfo_t *) options.conninfo);
    fake_close(&server, folder);
}

/* With options that have changed. */
static void
reopen(void)
{
    triage_store_close(store);
    fake_settle(&loop);
    store = triage_store_open(&options, &loop.loop);
}

/* What the server does with batches, from now on. */
static void
be(fake_mood_t mood)
{
    server.mood = mood;
    server.batches = 0;
}

static void
leave_for_good(void)
{
    close(server.listener);
    server.listener = -1;
}

static void
come_back(void)
{
    char path[sizeof(folder) + 16];

    snprintf(path, sizeof(path), "%s/.s.PGSQL.5432", folder);
    if (unlink(path) != 0 || !fake_listen(&server, folder)) {
        abort();
    }
}

/* --- who waits for how long --------------------------------------------- */

static void
test_patience(void)
{
    set_up(TIMEOUT_MS, false);
    put();
    fake_pass(&loop, TIMEOUT_MS - 1);
    ok(kept + refused == 0, "without a spool it waits for the whole timeout");
    fake_pass(&loop, 10);
    ok(refused == 1 && stats.refused == 1, "and is refused then");
    tear_down();

    set_up(TIMEOUT_MS, true);
    put();
    fake_pass(&loop, TIMEOUT_MS / 2 - 1);
    ok(kept == 0, "with a spool it waits for half of it");
    fake_pass(&loop, 10);
    ok(kept == 1 && stats.spooled == 1, "and goes to the spool then");
    tear_down();
}

static void
test_clock_set_back(void)
{
    set_up(TIMEOUT_MS, true);
    put();
    fake_pass(&loop, TIMEOUT_MS / 4);
    loop.offset -= INT64_C(3600000000);
    fake_pass(&loop, TIMEOUT_MS);
    ok(kept == 1, "a clock that is set back keeps nobody waiting for an hour");
    tear_down();
}

/* What is sent late has what is left of its time, not all of it anew. */
static void
test_late_flight(void)
{
    set_up(TIMEOUT_MS, true);
    server.mood = FAKE_HANGS;
    put();
    fake_pass(&loop, TIMEOUT_MS / 2 - 200);
    server.is_deaf = false;
    fake_pass(&loop, 100);
    ok(server.batches == 1 && kept == 0, "it is sent when the link is there");
    fake_pass(&loop, TIMEOUT_MS / 2);
    ok(stats.timeouts == 0, "and has what is left of the timeout");
    fake_pass(&loop, 200);
    ok(stats.timeouts == 1 && kept == 1, "past which the spool has it");
    tear_down();
}

/* --- when the spool takes over before that ------------------------------ */

static void
test_unreachable(void)
{
    set_up(LONG_MS, true);
    leave_for_good();
    reopen();
    put();
    fake_settle(&loop);
    ok(kept == 0, "one connect that failed may have been a restart");
    fake_pass(&loop, 1000);
    ok(kept == 1 && stats.spooled == 1, "after two it goes to the spool");
    put();
    fake_settle(&loop);
    ok(kept == 2 && stats.spooled == 2, "and nobody is kept waiting");
    tear_down();

    set_up(LONG_MS, true);
    server.is_deaf = false;
    server.mood = FAKE_HANGS;
    put();
    fake_pass(&loop, 10);
    put();
    server.mood = FAKE_FILES;
    fake_hang_up(&server);
    fake_pass(&loop, 10);
    ok(kept == 2 && stats.spooled == 0,
       "who waits when a backend is killed goes by the next one");
    server.mood = FAKE_HANGS;
    put();
    fake_pass(&loop, 10);
    put();
    leave_for_good();
    fake_hang_up(&server);
    fake_pass(&loop, 1000);
    ok(kept == 4 && stats.spooled == 2, "but to the spool when none comes");
    tear_down();

    set_up(LONG_MS, false);
    leave_for_good();
    reopen();
    put();
    fake_pass(&loop, LONG_MS / 2);
    ok(kept + refused == 0, "without a spool there is nothing but to wait");
    tear_down();
}

static void
test_overflow(void)
{
    unsigned i;

    set_up(LONG_MS, true);
    for (i = 0; i < 4; i++) {
        put();
    }
    fake_settle(&loop);
    ok(kept == 0, "half a backlog waits");
    put();
    fake_settle(&loop);
    ok(kept == 5, "more than half of it overflows into the spool");
    tear_down();
}

/* Into a store that may hold so many bytes; the same one again where it is
 * of that size. */
static bool
put_into(size_t backlog_bytes)
{
    if (options.backlog_bytes != backlog_bytes) {
        options.backlog_bytes = backlog_bytes;
        reopen();
    }

    return put() == TRIAGE_OK;
}

static void
test_full(void)
{
    size_t size = triage_parcel_size(&parcel);
    unsigned i, taken = 0;

    set_up(LONG_MS, false);
    for (i = 0; i < 9; i++) {
        taken += put() == TRIAGE_OK;
    }
    ok(taken == 8 && put() == TRIAGE_BUSY && stats.refused == 2,
       "a backlog that is full takes nothing more");
    tear_down();

    set_up(LONG_MS, false);
    ok(put_into(1), "an empty backlog takes one of any size");
    ok(!put_into(1), "but no second one");
    ok(put_into(size * 3 / 2) && !put_into(size * 3 / 2),
       "nor more bytes than it may hold");
    tear_down();
}

static void
test_close(void)
{
    set_up(LONG_MS, true);
    put();
    put();
    fake_settle(&loop);
    triage_store_close(store);
    store = NULL;
    fake_settle(&loop);
    ok(kept + refused == 0 && stats.spooled == 2,
       "what waits when the store closes is written, without a word");
    tear_down();
}

/* Live deliveries have the link for as long as a batch of the spool had
 * it. */
static void
test_drain(void)
{
    unsigned batches;

    set_up(LONG_MS, true);
    options.batch_rows = 1;
    reopen();
    put();
    put();
    put();
    fake_settle(&loop);
    triage_store_close(store);
    fake_settle(&loop);
    server.is_deaf = false;
    server.mood = FAKE_HANGS;
    store = triage_store_open(&options, &loop.loop);
    fake_pass(&loop, 300);
    ok(server.batches == 1 && stats.drained == 0, "a spool is drained");

    fake_answer(&server);
    fake_settle(&loop);
    batches = server.batches;
    fake_pass(&loop, 250);
    ok(batches == 1 && server.batches == 1 && stats.drained == 1,
       "and rests as long as that has taken");
    fake_pass(&loop, 100);
    ok(server.batches == 2, "before it goes on");
    tear_down();
}

/* A link that is never idle still drains now and then. */
static void
test_live_load(void)
{
    unsigned i;

    set_up(LONG_MS, true);
    options.batch_rows = 1;
    options.backlog_max = 64;
    reopen();
    put();
    fake_settle(&loop);
    reopen(); /* which writes it to the spool */
    for (i = 0; i < 20; i++) {
        put();
    }
    server.is_deaf = false;
    fake_pass(&loop, 1000);
    ok(kept == 20 && stats.drained == 1, "a busy store drains, too");
    ok(kept_at_drain >= 8 && kept_at_drain < 20,
       "after some batches that people wait for, not after all");
    tear_down();
}

/* What time demands is not kept waiting by deliveries for ever. */
static void
test_overdue(void)
{
    set_up(LONG_MS, false);
    options.batch_rows = 1;
    reopen();
    triage_store_tick(store);
    server.is_deaf = false;
    server.mood = FAKE_HANGS;
    put();
    put();
    fake_pass(&loop, 1500);
    ok(server.batches == 1 && server.ticks == 0, "a tick waits for a batch");
    fake_answer(&server);
    fake_settle(&loop);
    ok(server.batches == 2 && server.ticks == 0, "and for the next one");
    put();
    fake_pass(&loop, 1000);
    fake_answer(&server);
    server.mood = FAKE_FILES;
    while (server.ticks == 0 && server.batches < 3) {
        fake_step(&loop);
    }
    ok(server.batches == 2 && server.ticks == 1,
       "but when it is overdue it comes first");
    tear_down();
}

/* A tick that fails costs the link: it is not tried as often as one that
 * does not. */
static void
test_old(void)
{
    set_up(LONG_MS, false);
    triage_store_tick(store);
    server.is_deaf = false;
    server.is_old = true;
    fake_pass(&loop, 50000);
    ok(server.ticks == 1, "a database that has no ticks is left alone");
    put();
    fake_pass(&loop, 10);
    ok(kept == 1, "and files all the same");
    server.is_old = false;
    fake_pass(&loop, 15000);
    ok(server.ticks > 1, "until a minute has gone");
    tear_down();
}

/* --- threads and disks -------------------------------------------------- */

static void
test_no_thread(void)
{
    set_up(TIMEOUT_MS, true);
    leave_for_good();
    fake_pass(&loop, TIMEOUT_MS);
    loop.has_no_threads = true;
    put();
    fake_settle(&loop);
    ok(refused == 0, "where no thread can be had, nobody is told at once");
    fake_pass(&loop, 10);
    ok(refused == 1 && stats.spool_failed == 1, "but soon");
    loop.has_no_threads = false;
    put();
    fake_pass(&loop, TIMEOUT_MS + 10);
    ok(kept == 1 && stats.spool_failed == 0, "until there is one");

    loop.has_no_threads = true;
    come_back();
    server.mood = FAKE_HANGS;
    fake_pass(&loop, 10000);
    ok(server.batches == 0, "nor is a spool read without one");
    loop.has_no_threads = false;
    while (server.batches == 0) {
        fake_pass(&loop, 100);
    }
    loop.has_no_threads = true;
    fake_answer(&server);
    server.mood = FAKE_FILES;
    fake_pass(&loop, 10000);
    ok(stats.drained == 1 && stats.spool_bytes > 0,
       "a segment that cannot be removed stays");
    loop.has_no_threads = false;
    fake_pass(&loop, 10000);
    ok(stats.drained == 2 && stats.spool_bytes == 0,
       "is filed again, and removed");
    tear_down();
}

static void
test_slow_disk(void)
{
    set_up(TIMEOUT_MS, true);
    leave_for_good();
    fake_pass(&loop, TIMEOUT_MS);
    loop.is_slow = true;
    put();
    fake_pass(&loop, 10);
    put();
    fake_pass(&loop, LONG_MS);
    ok(kept + refused == 0, "a disk that hangs holds the answers");
    fake_release(&loop);
    fake_settle(&loop);
    ok(kept == 2 && stats.spooled == 2,
       "of what it writes, and of what waits behind that");

    loop.is_slow = true;
    put();
    fake_pass(&loop, 10);
    put();
    fake_settle(&loop);
    triage_store_close(store);
    store = NULL;
    ok(kept == 2 && stats.spooled == 4,
       "a store that closes writes both itself");
    fake_release(&loop);
    fake_settle(&loop);
    ok(stats.spooled == 4, "and the thread that comes late nothing");
    tear_down();
}

/* What the parcel takes in a segment. */
static size_t
record_size(void)
{
    triage_batch_t *batch = triage_batch_new(1);
    size_t size;

    if (batch == NULL || triage_batch_add(batch, &parcel) == NULL) {
        abort();
    }
    size = triage_record_size(batch, 0);
    triage_batch_free(batch);

    return size;
}

/* The disk ends within the second record. */
static void
test_torn_write(void)
{
    struct rlimit whole, little;

    set_up(TIMEOUT_MS, true);
    leave_for_good();
    fake_pass(&loop, TIMEOUT_MS);
    put();
    fake_settle(&loop);
    ok(kept == 1, "a record is written");

    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &whole);
    little = (struct rlimit){ record_size() * 3 / 2, whole.rlim_max };
    setrlimit(RLIMIT_FSIZE, &little);
    put();
    fake_settle(&loop);
    setrlimit(RLIMIT_FSIZE, &whole);
    ok(refused == 1 && stats.spool_failed == 1, "the next one only in part");
    put();
    fake_pass(&loop, TIMEOUT_MS + 10);
    ok(kept == 2 && stats.spool_failed == 0, "one more in another segment");

    come_back();
    fake_pass(&loop, 60000);
    ok(stats.drained == 2 && stats.spool_damaged == 0
           && stats.spool_bytes == 0,
       "and both are filed: a record that is torn off is no damage");
    tear_down();
}

/* The server goes while it has a batch of the spool. */
static void
test_lost_drain(void)
{
    set_up(TIMEOUT_MS, true);
    put();
    fake_settle(&loop);
    reopen(); /* which writes it to the spool */
    server.is_deaf = false;
    server.mood = FAKE_HANGS;
    fake_pass(&loop, 1000);
    ok(server.batches == 1, "a spool is drained");
    leave_for_good();
    fake_hang_up(&server);
    fake_pass(&loop, 60000);
    ok(stats.drained == 0, "what is lost waits");
    reopen();
    come_back();
    fake_pass(&loop, 60000);
    ok(stats.drained == 1 && stats.spool_bytes == 0, "also for another store");
    tear_down();
}

/* As on a disk that has become read-only. */
static void
test_irremovable(void)
{
    char path[sizeof(spool) + 64];
    glob_t found;
    unsigned batches;

    set_up(TIMEOUT_MS, true);
    put();
    fake_settle(&loop);
    reopen(); /* which writes it to the spool */
    server.is_deaf = false;
    server.mood = FAKE_HANGS;
    fake_pass(&loop, 100);
    snprintf(path, sizeof(path), "%s/*.spool", spool);
    if (glob(path, 0, NULL, &found) != 0 || unlink(found.gl_pathv[0]) != 0
        || mkdir(found.gl_pathv[0], 0700) != 0)
    {
        abort();
    }
    fake_answer(&server);
    fake_pass(&loop, 500);
    ok(stats.drained == 1 && reports == 1,
       "a segment that is filed and stays is reported");
    batches = server.batches;
    fake_pass(&loop, 4000);
    ok(server.batches == batches, "and left alone for a while");
    rmdir(found.gl_pathv[0]);
    globfree(&found);
    tear_down();
}

/* Good bytes that are no parcel: of another version, or of a bug. */
static void
test_foreign(void)
{
    triage_batch_t *batch = triage_batch_new(1);
    triage_buffer_t record = { 0 };
    char path[sizeof(spool) + 40];
    FILE *file;

    set_up(TIMEOUT_MS, true);
    triage_batch_add(batch, &parcel);
    batch->columns[TRIAGE_COLUMN_BRAND].data[TRIAGE_ARRAY_HEADER] = 1;
    triage_record_write(&record, batch, 0, 1, 1);
    snprintf(path, sizeof(path), "%s/%020d-0-1.spool", spool, 1);
    file = fopen(path, "w");
    ok(file != NULL && fwrite(record.data, 1, record.len, file) == record.len
           && fclose(file) == 0,
       "a record whose lengths make no sense");
    triage_buffer_free(&record);
    triage_batch_free(batch);

    server.is_deaf = false;
    fake_pass(&loop, 60000);
    ok(server.batches == 0 && stats.spool_damaged == 1
           && stats.spool_bytes == 0 && access(path, F_OK) != 0,
       "is damage: its segment is kept aside");
    tear_down();
}

/* What is kept as damaged takes its room, too. */
static void
test_damaged(void)
{
    char path[sizeof(spool) + 16];
    FILE *file;

    set_up(LONG_MS, true);
    snprintf(path, sizeof(path), "%s/a.damaged", spool);
    file = fopen(path, "w");
    ok(file != NULL && ftruncate(fileno(file), 1000000) == 0
           && fclose(file) == 0,
       "a damaged segment of nearly the limit");
    leave_for_good();
    reopen();
    fake_pass(&loop, 1000);
    put();
    fake_settle(&loop);
    ok(kept == 0 && refused == 1 && stats.spool_failed == 1,
       "leaves no room in the spool");
    put();
    fake_pass(&loop, LONG_MS + 10);
    ok(refused == 2 && reports == 1, "of which an operator is told once");
    unlink(path);
    put();
    fake_pass(&loop, LONG_MS + 10);
    ok(kept == 1 && reports == 2, "and once when there is room again");
    tear_down();
}

/* --- dead letters that are read again ----------------------------------- */

static const char *
read_again(void *context, const triage_dead_letter_t *letter)
{
    (void) context;

    return letter->dead_letter_id == 1 && letter->headers.data == NULL
                   && put() == TRIAGE_OK
               ? NULL
               : "it cannot be put";
}

static void
test_replay(void)
{
    set_up(TIMEOUT_MS, false);
    server.is_deaf = false;
    be(FAKE_HANGS);
    triage_store_on_replay(store, read_again, NULL);
    fake_pass(&loop, 2 * TIMEOUT_MS);
    ok(server.replays == 1 && refused == 1, "a dead letter is put again");
    ok(server.replayed == 0, "what was not kept is not told to be read");
    be(FAKE_FILES);
    fake_pass(&loop, 30000);
    ok(kept == 1 && server.replays == 2 && server.replayed == 1,
       "it is asked for again, and told when it is kept");
    tear_down();
}

/* --- whom it blames ----------------------------------------------------- */

static void
test_innocent(fake_mood_t mood, const char *what)
{
    set_up(LONG_MS, false);
    server.is_deaf = false;
    be(mood);
    put();
    fake_pass(&loop, 60000);
    ok(server.batches > 6 && kept == 0, what);
    be(FAKE_FILES);
    fake_pass(&loop, 60000);
    ok(kept == 1 && stats.poisoned == 0, "and nobody is blamed for it");
    tear_down();
}

static void
test_blame(void)
{
    set_up(LONG_MS, false);
    server.is_deaf = false;
    fake_settle(&loop);
    put();
    fake_settle(&loop);
    ok(kept == 1 && server.batches == 1, "a link files at once");

    be(FAKE_VANISHES);
    put();
    while (server.batches < 3) {
        fake_pass(&loop, 1000);
    }
    be(FAKE_FILES);
    fake_pass(&loop, 60000);
    ok(kept == 2 && stats.poisoned == 1,
       "on which a server dies without a word three times is a dead letter");

    be(FAKE_VANISHES);
    put();
    fake_pass(&loop, 60000);
    ok(server.batches == 6 && refused == 1,
       "it is refused when the server dies on that as often");
    tear_down();
}

/* A batch that was sent takes nothing more, also when it waits again: what
 * is known of its parcels has the size that it had. */
static void
test_sealed(void)
{
    triage_backlog_t backlog;
    triage_batch_t *batch;

    set_up(LONG_MS, false);
    triage_backlog_init(&backlog, &options);
    triage_backlog_add(&backlog, &parcel, 0);
    batch = triage_backlog_take(&backlog);
    triage_backlog_return(&backlog, batch);
    triage_backlog_add(&backlog, &parcel, 0);
    ok(batch->count == 1 && batch->next != NULL,
       "what comes later goes in another batch");
    triage_backlog_free(&backlog);
    tear_down();
}

/* The pooler gives each transaction another server. */
static void
test_forgetful(void)
{
    set_up(LONG_MS, false);
    server.is_deaf = false;
    be(FAKE_FORGETS);
    put();
    fake_pass(&loop, 10);
    ok(kept == 1 && server.batches == 2,
       "a statement that is not known is sent whole");
    put();
    fake_pass(&loop, 10);
    ok(kept == 2 && server.batches == 3, "and so are all behind it");
    tear_down();
}

static void
test_read_only(void)
{
    set_up(LONG_MS, false);
    server.is_deaf = false;
    server.is_read_only = true;
    put();
    fake_pass(&loop, 60000);
    ok(kept == 0 && server.batches == 0,
       "a server that cannot be written to is sent nothing");
    server.is_read_only = false;
    fake_pass(&loop, 60000);
    ok(kept == 1, "until it can");
    tear_down();
}

int
main(void)
{
    test_patience();
    test_clock_set_back();
    test_late_flight();
    test_unreachable();
    test_overflow();
    test_full();
    test_close();
    test_drain();
    test_live_load();
    test_overdue();
    test_old();
    test_no_thread();
    test_slow_disk();
    test_torn_write();
    test_lost_drain();
    test_irremovable();
    test_foreign();
    test_damaged();
    test_replay();
    test_blame();
    test_innocent(FAKE_GOES_DOWN, "another session brings the server down");
    test_innocent(FAKE_SHUTS_DOWN, "somebody shuts the server down");
    test_sealed();
    test_forgetful();
    test_read_only();

    return done_testing();
}
