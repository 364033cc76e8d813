/*
 * Puts deliveries into a store, on a poll() loop, and says what became of
 * them: the program behind the tests of this folder.
 *
 *   driver CONNINFO name=value...
 *
 * Prints "at N" each `mark` answers (a test breaks something then), a line
 * for what the store reports, and at the end a line "name=value ..." of all
 * that was counted.  With acks=FILE the ids of kept deliveries go there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "../../src/store/directory.h"
#include "../../src/store/poller.h"
#include "../../src/store/store.h"

typedef struct {
    const char *name;
    long value;
} setting_t;

/* What can be set on the command line. */
static setting_t settings[] = {
    { "count", 1000 },  /* deliveries to put */
    { "inflight", 64 }, /* at most so many without an answer */
    { "first", 1 },     /* number of the first delivery */
    { "messages", 1 },  /* in a delivery */
    { "links", 1 },      { "timeout", 2000 }, /* ms */
    { "backlog", 4096 }, { "rows", 256 },     { "bytes", 1048576 },
    { "size", 600 }, /* bytes of a raw body */
    { "rate", 0 },   /* deliveries a second; 0: as fast as it goes */
    { "mark", 0 },       { "poison", 0 }, /* each n-th has a text that is no
                                             UTF-8 */
    { "unreadable", 0 },                  /* each n-th is a dead letter */
    { "retry", 1 },                       /* put again what was not kept */
    { "abandon", 0 },                     /* let go of each n-th ticket */
    { "close", 0 },     /* close after so many puts, without waiting */
    { "shutdown", 0 },  /* tell the waiters to close after so many puts */
    { "linger", 0 },    /* ms to go on after the last answer */
    { "drain", 0 },     /* ms to wait until the spool is empty */
    { "until_dry", 0 }, /* put only as long as it is not */
    { "replay", 0 },    /* read dead letters again */
    { "fail", 0 },      /* the n-th allocation and all behind it fail */
    { "worker", 0 },     { "threads", 50 }, /* conversations */
    { "max", 1 << 30 },                     /* bytes of the spool */
};

static const char *acks_path;
static const char *spool_path;
static const char *sync_config;
static FILE *acks;

typedef struct {
    long number;
    triage_ticket_t *ticket;
} flight_t;

static long tried, answers, kept, busy, unavailable, other, duplicates;
static long in_flight, replayed;
static long *again; /* numbers to put again */
static long again_count;
static int64_t longest_us;
static int64_t *put_at;

static long
get(const char *name)
{
    size_t i;

    for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
        if (strcmp(settings[i].name, name) == 0) {
            return settings[i].value;
        }
    }

    abort();
}

static void
set(char *argument)
{
    char *value = strchr(argument, '=');
    size_t i;

    if (value == NULL) {
        exit(2);
    }

    *value++ = '\0';
    if (strcmp(argument, "acks") == 0) {
        acks_path = value;
        return;
    }
    if (strcmp(argument, "spool") == 0) {
        spool_path = value;
        return;
    }
    if (strcmp(argument, "config") == 0) {
        sync_config = value;
        return;
    }

    for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
        if (strcmp(settings[i].name, argument) == 0) {
            settings[i].value = atol(value);
            return;
        }
    }

    fprintf(stderr, "no setting %s\n", argument);
    exit(2);
}

/* --- allocations that fail (linked with --wrap) -------------------------- */

static long allocations;
static bool is_counting; /* the store's, not the driver's own */
static _Thread_local bool is_our_own;

static bool
may_allocate(void)
{
    long fail = get("fail");

    return !is_counting || is_our_own || ++allocations != fail;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

void *
__wrap_malloc(size_t size)
{
    return may_allocate() ? __real_malloc(size) : NULL;
}

void *
__wrap_calloc(size_t count, size_t size)
{
    return may_allocate() ? __real_calloc(count, size) : NULL;
}

void *
__wrap_realloc(void *old, size_t size)
{
    return may_allocate() ? __real_realloc(old, size) : NULL;
}

/* --- deliveries -----------------------------------------------------------
 */

static int64_t
steady_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);

    return (int64_t) now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static bool
is_nth(long number, const char *name)
{
    return get(name) != 0 && number % get(name) == 0;
}

static void
stored(void *data, triage_outcome_t outcome, const bool *flags)
{
    long number = (long) (intptr_t) data;
    int64_t took = steady_us() - put_at[number - get("first")];
    long i;

    answers++;
    in_flight--;
    longest_us = took > longest_us ? took : longest_us;

    if (outcome.code != TRIAGE_OK) {
        unavailable++;
        if (get("retry")) {
            again[again_count++] = number;
        }
        return;
    }

    kept++;
    if (flags != NULL && !is_nth(number, "unreadable")) {
        for (i = 0; i < get("messages"); i++) {
            duplicates += flags[i];
        }
    }
    if (acks != NULL) {
        fprintf(acks, "%ld\n", number);
    }
    if (get("mark") && kept % get("mark") == 0) {
        printf("at %ld\n", kept);
        fflush(stdout);
    }
}

static triage_outcome_t
put(triage_store_t *store, long number)
{
    static char raw[1 << 20];
    static const triage_queue_t queue = { .name = TRIAGE_TEXT("standard"),
                                          .respond = 86400,
                                          .weight = 1 };
    enum { MESSAGES_MAX = 1100 };
    static triage_message_t messages[MESSAGES_MAX];
    static triage_filing_t filings[MESSAGES_MAX];
    static char ids[MESSAGES_MAX][32];
    static const triage_term_t term = { TRIAGE_TEXT("stranded"), 3200, 0 };
    char thread[32], text[64];
    triage_parcel_t parcel = { .platform = triage_text("standard"),
                               .brand = triage_text("acme"),
                               .received_at = 1700000000000000 + number,
                               .filings = filings,
                               .filing_count = (size_t) get("messages") };
    triage_ticket_t *ticket = NULL;
    triage_outcome_t outcome;
    long i;

    snprintf(thread, sizeof(thread), "thread-%ld", number % get("threads"));
    snprintf(text, sizeof(text), "my parcel %ld is lost%s", number,
             is_nth(number, "poison") ? "\xff" : "");
    for (i = 0; i < get("messages"); i++) {
        snprintf(ids[i], sizeof(ids[i]), "m-%ld-%ld", number, i);
        messages[i] =
            (triage_message_t){ .account = triage_text("page"),
                                .message_id = triage_text_of(ids[i]),
                                .thread_id = triage_text_of(thread),
                                .author_id = triage_text_of(thread),
                                .author_name = triage_text("Ann"),
                                .author_followers =
                                    number % 2 ? 10 : TRIAGE_UNKNOWN,
                                .author_verified = TRIAGE_UNKNOWN,
                                .kind = TRIAGE_COMMENT,
                                .audience = TRIAGE_PUBLIC,
                                .text = triage_text_of(text),
                                .likes = number % 3 ? 5 : TRIAGE_UNKNOWN,
                                .replies = TRIAGE_UNKNOWN,
                                .shares = TRIAGE_UNKNOWN,
                                .stars = TRIAGE_UNKNOWN,
                                .sent_at = 1700000000000000 + number * 1000 };
        filings[i] =
            (triage_filing_t){ .message = &messages[i], .queue = &queue };
        filings[i].score = (triage_score_t){ .urgency = 3200,
                                             .terms = &term,
                                             .term_count = 1 };
    }

    memset(raw, 'r', (size_t) get("size"));
    snprintf(raw, sizeof(raw), "%020ld", number);
    raw[20] = 'r';
    parcel.raw = (triage_text_t){ raw, (size_t) get("size") };
    if (is_nth(number, "unreadable")) {
        parcel.failure = "no JSON";
        parcel.filing_count = 0;
    }

    outcome = triage_store_put(store, &parcel, stored,
                               (void *) (intptr_t) number, &ticket);
    if (outcome.code == TRIAGE_OK && is_nth(number, "abandon")) {
        triage_store_abandon(ticket);
        in_flight--; /* put_next has counted it */
    }

    return outcome;
}

static void
put_next(triage_store_t *store)
{
    long number =
        again_count > 0 ? again[--again_count] : get("first") + tried++;
    triage_outcome_t outcome;

    if (put_at[number - get("first")] == 0) {
        put_at[number - get("first")] = steady_us();
    }

    in_flight++;
    outcome = put(store, number);
    if (outcome.code == TRIAGE_OK) {
        return;
    }

    in_flight--;
    busy += outcome.code == TRIAGE_BUSY;
    other += outcome.code != TRIAGE_BUSY;
    if (get("retry")) {
        again[again_count++] = number;
    }
}

static const char *
read_again(void *context, const triage_dead_letter_t *letter)
{
    triage_store_t *store = context;

    replayed++;
    printf("letter %.*s %zu\n", (int) letter->platform.len,
           letter->platform.data, letter->raw.len);
    if (letter->raw.len % 2 == 1) {
        return "still no JSON";
    }

    put_at[get("count") + replayed] = steady_us();
    in_flight++;
    if (put(store, get("first") + get("count") + replayed).code != TRIAGE_OK) {
        in_flight--;
        return "the store is full";
    }

    return NULL;
}

static void
report(void *context, int level, const char *what, const char *detail)
{
    (void) context;
    printf("report %d %s%s%s\n", level, what, detail == NULL ? "" : ": ",
           detail == NULL ? "" : detail);
    fflush(stdout);
}

static double
cpu_seconds(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);

    return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
           + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void
print_counts(const triage_store_stats_t *stats, double seconds, double cpu)
{
    printf("puts=%ld answers=%ld kept=%ld busy=%ld unavailable=%ld other=%ld"
           " duplicates=%ld in_flight=%ld replayed=%ld longest_ms=%ld"
           " seconds=%.3f cpu=%.3f",
           tried, answers, kept, busy, unavailable, other, duplicates,
           in_flight, replayed, (long) (longest_us / 1000), seconds, cpu);
    printf(" batches=%lu rows=%lu batch_max=%lu messages=%lu poisoned=%lu"
           " reconnects=%lu timeouts=%lu refused=%lu spooled=%lu"
           " drained=%lu damaged=%lu spool_bytes=%lu backlog=%lu\n",
           stats->batches, stats->batch_rows, stats->batch_max,
           stats->messages, stats->poisoned, stats->reconnects,
           stats->timeouts, stats->refused, stats->spooled, stats->drained,
           stats->spool_damaged, stats->spool_bytes,
           stats->backlog_deliveries);
}

/* How many may be put by now. */
static long
allowance(int64_t begin)
{
    if (get("rate") == 0) {
        return get("count");
    }

    return (long) ((steady_us() - begin) * get("rate") / 1000000) + 1;
}

static bool
is_finished(const triage_store_t *store)
{
    return tried == get("count") && again_count == 0 && in_flight == 0
           && triage_store_is_idle(store);
}

static void
pass_time(triage_poller_t *poller, long ms)
{
    int64_t end = steady_us() + ms * 1000;

    while (steady_us() < end) {
        triage_poller_turn(poller, 5);
    }
}

/* The directory is asked: what the store has seen of it may be old, or
 * nothing yet. */
static bool
is_drained(const triage_store_stats_t *stats)
{
    uint64_t size;

    is_our_own = true;
    size = triage_spool_size(spool_path, ".spool");
    is_our_own = false;

    return size == 0 && stats->spool_bytes == 0;
}

static void
run(triage_poller_t *poller, triage_store_t *store,
    const triage_store_stats_t *stats)
{
    int64_t begin = steady_us();

    while (!is_finished(store)) {
        long refusals = busy + other;

        if (get("until_dry") && is_drained(stats)) {
            return;
        }
        while (in_flight < get("inflight") && busy + other == refusals
               && (again_count > 0
                   || (tried < get("count") && tried < allowance(begin))))
        {
            put_next(store);
            if (get("close") && tried == get("close")) {
                return;
            }
            if (get("shutdown") && tried == get("shutdown")) {
                triage_poller_close_all(poller);
            }
        }
        triage_poller_turn(poller, busy + other > refusals ? 1 : 5);
        if (get("fail") && other > 100) {
            return;
        }
    }

    pass_time(poller, get("linger"));
    begin = steady_us();
    while (get("drain") && !is_drained(stats)
           && steady_us() - begin < get("drain") * 1000)
    {
        triage_poller_turn(poller, 5);
    }
}

int
main(int argc, char **argv)
{
    triage_store_stats_t stats = { 0 };
    triage_poller_t *poller = triage_poller_new();
    triage_conninfo_t *conninfo;
    triage_store_options_t options;
    triage_store_t *store;
    char error[256];
    int64_t begin;
    long fail;
    int i;

    if (argc < 2) {
        return 2;
    }
    for (i = 2; i < argc; i++) {
        set(argv[i]);
    }

    conninfo = triage_conninfo_read(argv[1], error, sizeof(error));
    if (conninfo == NULL) {
        printf("conninfo: %s\n", error);
        return 1;
    }

    acks = acks_path == NULL ? NULL : fopen(acks_path, "a");
    again = calloc((size_t) get("count") + 1, sizeof(*again));
    put_at = calloc((size_t) get("count") + 100, sizeof(*put_at));
    options =
        (triage_store_options_t){ .conninfo = conninfo,
                                  .links = (unsigned) get("links"),
                                  .timeout_ms = (uint32_t) get("timeout"),
                                  .backlog_max = (size_t) get("backlog"),
                                  .backlog_bytes = 64 << 20,
                                  .batch_rows = (size_t) get("rows"),
                                  .batch_bytes = (size_t) get("bytes"),
                                  .commit = TRIAGE_COMMIT_ON,
                                  .config = sync_config,
                                  .spool_path = spool_path,
                                  .spool_max_size = (uint64_t) get("max"),
                                  .worker = (unsigned) get("worker"),
                                  .stats = &stats,
                                  .report = report };

    is_counting = true;
    store = triage_store_open(&options, triage_poller_loop(poller));
    fail = get("fail");
    if (store == NULL) {
        printf("no store\n");
    } else {
        if (get("replay")) {
            triage_store_on_replay(store, read_again, store);
        }
        begin = steady_us();
        run(poller, store, &stats);
        print_counts(&stats, (double) (steady_us() - begin) / 1e6,
                     cpu_seconds());
        triage_store_close(store);
        printf("closed\n");
    }

    printf("allocations %ld of %ld\n", allocations, fail);
    triage_poller_free(poller);
    triage_conninfo_free(conninfo);
    free(again);
    free(put_at);
    if (acks != NULL) {
        fclose(acks);
    }

    return 0;
}
