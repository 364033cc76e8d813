#include "replay.h"

#include <stdlib.h>
#include <string.h>

#include "network.h"

enum { LETTERS_MAX = 16, PAUSE_MS = 10000 };

/* A letter that was handed out and of which the database was not told. */
typedef struct {
    int64_t id;
    const triage_ticket_t *ticket; /* its parcel, until that is settled */
    const char *failure;           /* why it still cannot be read */
    bool is_open;                  /* the slot is in use */
} letter_t;

struct triage_replayer_s {
    triage_waiter_t waiter; /* first: the loop gives it back */
    triage_job_t asking;
    triage_job_t telling;
    triage_replay_setup_t setup;
    letter_t letters[LETTERS_MAX];
    letter_t *told; /* under way; NULL: none */
    bool is_due;    /* to ask */
    bool is_asking;
    bool is_stopped;
};

#define replayer_of(member, field)                                            \
    ((triage_replayer_t *) ((char *) (member) -offsetof(triage_replayer_t,    \
                                                        field)))

static void
set_alarm(triage_replayer_t *replayer)
{
    const triage_loop_t *loop = replayer->setup.loop;

    loop->alarm(loop->loop, &replayer->waiter, PAUSE_MS, false);
}

static triage_text_t
field(const PGresult *result, int row, int column)
{
    if (PQgetisnull(result, row, column)) {
        return triage_no_text;
    }

    return (triage_text_t){ PQgetvalue(result, row, column),
                            (size_t) PQgetlength(result, row, column) };
}

static letter_t *
free_slot(triage_replayer_t *replayer)
{
    size_t i;

    for (i = 0; i < LETTERS_MAX; i++) {
        if (!replayer->letters[i].is_open) {
            return &replayer->letters[i];
        }
    }

    return NULL;
}

/* One that does not fit now comes again when its lease ran out. */
static void
read_again(triage_replayer_t *replayer, const PGresult *result, int row)
{
    const triage_replay_setup_t *setup = &replayer->setup;
    letter_t *letter = free_slot(replayer);
    triage_dead_letter_t dead_letter = {
        .dead_letter_id = (int64_t) triage_get_u64(PQgetvalue(result, row, 0)),
        .platform = field(result, row, 1),
        .brand = field(result, row, 2),
        .received_at = (int64_t) triage_get_u64(PQgetvalue(result, row, 3)),
        .raw = field(result, row, 4),
        .headers = field(result, row, 5)
    };

    if (letter == NULL) {
        return;
    }

    (void) setup->last_put(setup->owner);
    *letter = (letter_t){ .id = dead_letter.dead_letter_id, .is_open = true };
    letter->failure = setup->replay(setup->context, &dead_letter);
    letter->ticket = setup->last_put(setup->owner);
}

static void
asked(triage_job_t *job, triage_link_t *link, const triage_answer_t *answer)
{
    triage_replayer_t *replayer = replayer_of(job, asking);
    int row;

    (void) link;
    replayer->is_asking = false;
    if (answer->verdict == TRIAGE_FILED && PQnfields(answer->result) == 6) {
        for (row = 0; row < PQntuples(answer->result); row++) {
            read_again(replayer, answer->result, row);
        }
        replayer->is_due = PQntuples(answer->result) == LETTERS_MAX;
    }

    set_alarm(replayer);
    replayer->setup.due(replayer->setup.owner);
}

static void
told(triage_job_t *job, triage_link_t *link, const triage_answer_t *answer)
{
    triage_replayer_t *replayer = replayer_of(job, telling);

    (void) link;
    (void) answer; /* what went wrong is read again: it is idempotent */
    replayer->told->is_open = false;
    replayer->told = NULL;
    replayer->setup.due(replayer->setup.owner);
}

static bool
ask(triage_replayer_t *replayer, triage_link_t *link)
{
    char quantity[] = "16";
    const char *values[] = { quantity };
    const int numbers[] = { 0 };
    triage_query_t query = { .statement = &triage_replay_statement,
                             .values = values,
                             .lengths = numbers,
                             .formats = numbers,
                             .timeout_ms =
                                 replayer->setup.options->timeout_ms };

    replayer->is_due = false;
    replayer->is_asking = triage_link_send(link, &query, &replayer->asking);

    return true;
}

static bool
tell(triage_replayer_t *replayer, triage_link_t *link, letter_t *letter)
{
    char id[8];
    const char *values[] = { id, letter->failure };
    const int lengths[] = { sizeof(id), 0 };
    const int formats[] = { 1, 0 };
    triage_query_t query = { .statement = &triage_replayed_statement,
                             .values = values,
                             .lengths = lengths,
                             .formats = formats,
                             .timeout_ms =
                                 replayer->setup.options->timeout_ms };

    triage_put_u64(id, (uint64_t) letter->id);

    if (triage_link_send(link, &query, &replayer->telling)) {
        replayer->told = letter;
    } else {
        letter->is_open = false;
    }

    return true;
}

bool
triage_replayer_use(triage_replayer_t *replayer, triage_link_t *link)
{
    size_t i;

    if (replayer->is_stopped || replayer->told != NULL || replayer->is_asking)
    {
        return false;
    }

    for (i = 0; i < LETTERS_MAX; i++) {
        if (replayer->letters[i].is_open
            && replayer->letters[i].ticket == NULL) {
            return tell(replayer, link, &replayer->letters[i]);
        }
    }

    return replayer->is_due && free_slot(replayer) != NULL
           && ask(replayer, link);
}

void
triage_replayer_settled(triage_replayer_t *replayer,
                        const triage_ticket_t *ticket, bool is_kept,
                        const char *failure)
{
    size_t i;

    for (i = 0; i < LETTERS_MAX; i++) {
        letter_t *letter = &replayer->letters[i];

        if (letter->is_open && letter->ticket == ticket) {
            letter->ticket = NULL;
            letter->is_open = is_kept;
            letter->failure = failure;
            replayer->setup.due(replayer->setup.owner);
        }
    }
}

static void
on_alarm(triage_waiter_t *waiter)
{
    triage_replayer_t *replayer = (triage_replayer_t *) waiter;

    if (replayer->is_stopped) {
        return;
    }

    replayer->is_due = true;
    set_alarm(replayer);
    replayer->setup.due(replayer->setup.owner);
}

triage_replayer_t *
triage_replayer_open(const triage_replay_setup_t *setup)
{
    triage_replayer_t *replayer = calloc(1, sizeof(*replayer));

    if (replayer == NULL) {
        return NULL;
    }

    replayer->waiter = (triage_waiter_t){ .alarm = on_alarm };
    replayer->asking.answered = asked;
    replayer->telling.answered = told;
    replayer->setup = *setup;
    replayer->is_due = true;
    setup->due(setup->owner);
    set_alarm(replayer);

    return replayer;
}

void
triage_replayer_stop(triage_replayer_t *replayer)
{
    const triage_loop_t *loop = replayer->setup.loop;

    replayer->is_stopped = true;
    loop->alarm(loop->loop, &replayer->waiter, 0, false);
}

void
triage_replayer_close(triage_replayer_t *replayer)
{
    if (replayer == NULL) {
        return;
    }

    triage_replayer_stop(replayer);
    free(replayer);
}
