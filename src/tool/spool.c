/*
 * `triage spool`: looks into a spool, and empties it, when its nginx is
 * gone, or just to see.
 */
#include "command.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/writer.h"
#include "../store/poller.h"
#include "../store/directory.h"
#include "../store/journal.h"

enum { TURN_MS = 50, WAIT_SECONDS = 30, DRAIN_TIMEOUT_MS = 10000 };

typedef struct {
    int64_t wait; /* seconds without progress */
} settings_t;

static const triage_option_t options[] = {
    { .name = "--wait",
      .argument = "SECONDS",
      .help = "drain: give up after so long without progress (30)",
      .offset = offsetof(settings_t, wait),
      .kind = TRIAGE_OPTION_NUMBER,
      .min = 1,
      .max = 86400 },
    { .name = NULL }
};

static const triage_usage_t usage = {
    .command = "spool",
    .words = "list|verify|drain DIR [CONNINFO]",
    .summary = "Shows or checks what waits in a spool, or files it.",
    .notes = "list    a line a segment: name, bytes, records, time of the\n"
             "        first and the last delivery, state\n"
             "verify  reads every record; exit 1 when something is damaged\n"
             "drain   files everything into the database CONNINFO, as nginx\n"
             "        would; exit 1 when something is left\n",
    .options = { options, NULL },
    .min_words = 2,
    .max_words = 3
};

/* What a segment holds. */
typedef struct {
    size_t size;
    uint64_t records, parcels;
    uint64_t damaged;
    size_t torn;
    int64_t first, last; /* received_at */
} contents_t;

/* Parcels are read too: a record can be whole and still be none of ours. */
static void
look_at(const triage_record_t *record, contents_t *contents)
{
    triage_batch_t *batch = triage_batch_new(1);
    bool is_parcel = false;

    if (batch != NULL) {
        triage_record_read(record, batch, &is_parcel);
    }
    triage_batch_free(batch);

    contents->records++;
    contents->parcels += is_parcel;
    contents->first =
        contents->records == 1 || record->received_at < contents->first
            ? record->received_at
            : contents->first;
    contents->last = record->received_at > contents->last ? record->received_at
                                                          : contents->last;
}

static bool
read_contents(const char *path, const char *name, contents_t *contents)
{
    triage_journal_t journal = { 0 };
    triage_record_t record;
    char *data;

    *contents = (contents_t){ 0 };
    if (!triage_spool_read(path, name, &data, &contents->size)) {
        triage_complain("spool", "%s/%s: cannot be read", path, name);
        return false;
    }

    journal.data = data;
    journal.size = contents->size;
    while (triage_journal_next(&journal, &record)) {
        look_at(&record, contents);
    }
    free(data);

    contents->torn = journal.torn;
    contents->damaged =
        journal.damaged + (contents->records - contents->parcels);

    return true;
}

/* --- list and verify ---------------------------------------------------- */

static void
print_time(triage_buffer_t *out, int64_t time)
{
    triage_buffer_t text = { 0 };
    triage_writer_t writer;

    triage_writer_init(&writer, &text);
    triage_write_time(&writer, time);
    if (!text.has_failed && text.len > 2) { /* without its quotes */
        triage_buffer_add(out, (triage_text_t){ text.data + 1, text.len - 2 });
    }
    triage_buffer_free(&text);
}

static void
print_listed(triage_buffer_t *out, const char *path, const char *name,
             const contents_t *contents, bool is_aside)
{
    triage_buffer_print(out, "%s\t%zu\t%" PRIu64 "\t", name, contents->size,
                        contents->records);
    if (contents->records > 0) {
        print_time(out, contents->first);
        triage_buffer_add_byte(out, '\t');
        print_time(out, contents->last);
    } else {
        triage_buffer_add(out, triage_text("-\t-"));
    }

    triage_buffer_print(out, "\t%s\n",
                        is_aside                           ? "aside"
                        : triage_spool_is_held(path, name) ? "in use"
                                                           : "waits");
}

static void
print_verified(triage_buffer_t *out, const char *name,
               const contents_t *contents)
{
    triage_buffer_print(out, "%s: %" PRIu64 " deliveries", name,
                        contents->parcels);
    if (contents->torn > 0) {
        triage_buffer_print(out, ", a torn tail of %zu bytes", contents->torn);
    }
    if (contents->damaged > 0) {
        triage_buffer_print(out, ", DAMAGED in %" PRIu64 " places",
                            contents->damaged);
    }
    triage_buffer_add_byte(out, '\n');
}

static int
show(const char *path, const char *ending, bool is_list)
{
    size_t count;
    char **names = triage_spool_list(path, ending, &count);
    triage_buffer_t out = { 0 };
    contents_t contents;
    bool is_good = names != NULL;
    int status;
    size_t i;

    if (names == NULL) {
        triage_complain("spool", "%s: cannot be read", path);
        return TRIAGE_EXIT_USAGE;
    }

    for (i = 0; i < count; i++) {
        if (!read_contents(path, names[i], &contents)) {
            is_good = false;
            continue;
        }
        if (is_list) {
            print_listed(&out, path, names[i], &contents,
                         strcmp(ending, ".damaged") == 0);
        } else {
            print_verified(&out, names[i], &contents);
            is_good &= contents.damaged == 0;
        }
    }
    triage_spool_list_free(names, count);

    status = triage_command_print("spool", &out);
    triage_buffer_free(&out);
    if (status != TRIAGE_EXIT_OK) {
        return status;
    }

    return is_good ? TRIAGE_EXIT_OK : TRIAGE_EXIT_FAILED;
}

static int
show_all(const char *path, bool is_list)
{
    int status = show(path, ".spool", is_list);
    int aside =
        status == TRIAGE_EXIT_USAGE ? status : show(path, ".damaged", is_list);

    return status != TRIAGE_EXIT_OK ? status : aside;
}

/* --- drain -------------------------------------------------------------- */

static void
report(void *context, int level, const char *what, const char *detail)
{
    (void) context;
    (void) level;
    triage_complain("spool", "%s%s%s", what, detail == NULL ? "" : ": ",
                    detail == NULL ? "" : detail);
}

/* Until nothing waits, or nothing happens. */
static void
drain_until(triage_poller_t *poller, const triage_store_stats_t *stats,
            int64_t wait_seconds)
{
    const triage_loop_t *loop = triage_poller_loop(poller);
    int64_t since = loop->now(loop->loop);
    uint64_t drained = 0;

    while (stats->spool_bytes > 0
           && loop->now(loop->loop) - since < wait_seconds * TRIAGE_SECOND)
    {
        triage_poller_turn(poller, TURN_MS);
        if (stats->drained != drained) {
            drained = stats->drained;
            since = loop->now(loop->loop);
        }
    }
}

static int
drain_with(const triage_conninfo_t *conninfo, const char *path,
           int64_t wait_seconds)
{
    triage_store_stats_t stats = { .spool_bytes =
                                       triage_spool_size(path, ".spool") };
    triage_store_options_t store_options = { .conninfo = conninfo,
                                             .links = 1,
                                             .timeout_ms = DRAIN_TIMEOUT_MS,
                                             .backlog_max = 1,
                                             .backlog_bytes = 1,
                                             .batch_rows = 256,
                                             .batch_bytes = 1 << 20,
                                             .commit = TRIAGE_COMMIT_ON,
                                             .spool_path = path,
                                             .stats = &stats,
                                             .report = report };
    triage_poller_t *poller = triage_poller_new();
    triage_store_t *store =
        poller == NULL
            ? NULL
            : triage_store_open(&store_options, triage_poller_loop(poller));

    if (store == NULL) {
        triage_poller_free(poller);
        return TRIAGE_EXIT_FAILED;
    }

    drain_until(poller, &stats, wait_seconds);
    triage_store_close(store);
    triage_poller_free(poller);

    printf("%" PRIu64 " deliveries filed, %" PRIu64 " bytes left\n",
           stats.drained, stats.spool_bytes);

    return stats.spool_bytes == 0 && stats.spool_damaged == 0
               ? TRIAGE_EXIT_OK
               : TRIAGE_EXIT_FAILED;
}

static int
drain(const char *path, const char *text, int64_t wait_seconds)
{
    char error[256];
    triage_conninfo_t *conninfo;
    int status;

    conninfo = triage_conninfo_read(text, error, sizeof(error));
    if (conninfo == NULL) {
        triage_complain("spool", "CONNINFO: %s", error);
        return TRIAGE_EXIT_USAGE;
    }

    status = drain_with(conninfo, path, wait_seconds);
    triage_conninfo_free(conninfo);

    return status;
}

/* --- the command -------------------------------------------------------- */

static int
run(const triage_list_t *words, const settings_t *settings)
{
    const char *verb = words->items[0];
    const char *path = words->items[1];
    bool is_drain = strcmp(verb, "drain") == 0;

    if ((words->count == 3) != is_drain) {
        triage_complain("spool", "%s: expected %s", verb,
                        is_drain ? "DIR CONNINFO" : "DIR alone");
        return TRIAGE_EXIT_USAGE;
    }

    if (is_drain) {
        return drain(path, words->items[2], settings->wait);
    }

    if (strcmp(verb, "list") != 0 && strcmp(verb, "verify") != 0) {
        triage_complain("spool", "%s: expected list, verify or drain", verb);
        return TRIAGE_EXIT_USAGE;
    }

    return show_all(path, strcmp(verb, "list") == 0);
}

int
triage_tool_spool(int argc, char **argv)
{
    settings_t settings = { .wait = WAIT_SECONDS };
    triage_list_t words = { 0 };
    int status;

    if (triage_options_read(&usage, argc, argv, &settings, &words, &status)) {
        status = run(&words, &settings);
    }
    triage_list_free(&words);

    return status;
}
