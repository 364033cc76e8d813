#include "asker.h"

#include <stdlib.h>
#include <string.h>

#include "link.h"

/* How often the same question is sent when nobody is to blame. */
enum { ATTEMPTS_MAX = 3 };

struct triage_question_s {
    triage_job_t job; /* first: the link gives it back */
    triage_asker_t *asker;
    triage_question_t *next; /* while it waits */
    const triage_statement_t *statement;
    triage_told_pt told; /* NULL: abandoned, or told */
    void *data;
    int64_t expires_at; /* µs since 1970 */
    unsigned attempts;
    const char *values[TRIAGE_QUESTION_VALUES_MAX]; /* NULL: null */
    char bytes[];                                   /* of the values */
};

struct triage_asker_s {
    triage_waiter_t age; /* first: the loop gives it back */
    triage_asker_options_t options;
    triage_store_options_t link_options;
    triage_store_stats_t stats; /* nobody looks at them */
    triage_loop_t loop;
    triage_link_t *links[TRIAGE_LINKS_MAX];
    triage_question_t *under_way[TRIAGE_LINKS_MAX];
    triage_question_t *first;
    triage_question_t **end;
    size_t waiting;
    bool is_unprepared; /* always: each statement is sent whole */
};

static int64_t
now(const triage_asker_t *asker)
{
    return asker->loop.now(asker->loop.loop);
}

/* --- telling ------------------------------------------------------------ */

static void
tell(triage_question_t *question, const triage_told_t *told)
{
    triage_told_pt call = question->told;

    question->told = NULL;
    if (call != NULL) {
        call(question->data, told);
    }

    free(question);
}

static void
tell_unavailable(triage_question_t *question)
{
    triage_told_t told = { .outcome =
                               triage_fail(TRIAGE_UNAVAILABLE,
                                           "the database did not answer") };

    tell(question, &told);
}

static triage_text_t
value_of(const PGresult *result)
{
    if (PQntuples(result) == 0 || PQnfields(result) == 0
        || PQgetisnull(result, 0, 0))
    {
        return triage_no_text;
    }

    return (triage_text_t){ PQgetvalue(result, 0, 0),
                            (size_t) PQgetlength(result, 0, 0) };
}

static void
tell_answer(triage_question_t *question, const triage_answer_t *answer)
{
    triage_told_t told = { .outcome = triage_ok() };

    switch (answer->verdict) {
    case TRIAGE_FILED:
        told.value = value_of(answer->result);
        break;
    case TRIAGE_AGAIN:
        told.outcome = triage_fail(TRIAGE_BUSY, "others are faster");
        break;
    case TRIAGE_REFUSED:
        told.outcome = triage_fail(TRIAGE_DENIED, "the database refuses");
        told.sqlstate = answer->sqlstate;
        told.message = answer->message;
        break;
    default:
        tell_unavailable(question);
        return;
    }

    tell(question, &told);
}

/* --- waiting ------------------------------------------------------------ */

static bool
is_hopeless(const triage_asker_t *asker)
{
    size_t i;

    for (i = 0; i < asker->options.links; i++) {
        if (!triage_link_is_hopeless(asker->links[i])) {
            return false;
        }
    }

    return true;
}

/* Does the one that waits longest wait in vain? */
static bool
is_over(const triage_asker_t *asker)
{
    return asker->first->expires_at <= now(asker) || is_hopeless(asker);
}

static void
set_age(triage_asker_t *asker)
{
    int64_t left;
    uint32_t ms = 0;

    if (asker->first != NULL) {
        left = asker->first->expires_at - now(asker);
        ms = is_over(asker) ? 1 : (uint32_t) (left / 1000) + 1;
    }

    asker->loop.alarm(asker->loop.loop, &asker->age, ms, true);
}

static void
wait_for_link(triage_asker_t *asker, triage_question_t *question)
{
    question->next = NULL;
    *asker->end = question;
    asker->end = &question->next;
    asker->waiting++;

    if (asker->first == question) {
        set_age(asker);
    }
}

static triage_question_t *
take_waiting(triage_asker_t *asker)
{
    triage_question_t *question = asker->first;

    if (question == NULL) {
        return NULL;
    }

    asker->first = question->next;
    if (asker->first == NULL) {
        asker->end = &asker->first;
    }
    asker->waiting--;

    return question;
}

/* --- links -------------------------------------------------------------- */

static size_t
index_of(const triage_asker_t *asker, const triage_link_t *link)
{
    size_t i = 0;

    while (i + 1 < asker->options.links && asker->links[i] != link) {
        i++;
    }

    return i;
}

static bool
send(triage_asker_t *asker, triage_link_t *link, triage_question_t *question)
{
    static const int zeros[TRIAGE_QUESTION_VALUES_MAX];
    int64_t left = (question->expires_at - now(asker)) / 1000;
    triage_query_t query = { .statement = question->statement,
                             .values = question->values,
                             .lengths = zeros,
                             .formats = zeros,
                             .timeout_ms = left > 0 ? (uint32_t) left : 1,
                             .holds_exit = true };

    question->attempts++;
    if (!triage_link_send(link, &query, &question->job)) {
        return false;
    }

    asker->under_way[index_of(asker, link)] = question;

    return true;
}

/* Sends what waits for as long as the link takes it. */
static void
use(triage_asker_t *asker, triage_link_t *link)
{
    triage_question_t *question;

    while (triage_link_state(link) == TRIAGE_LINK_IDLE
           && (question = take_waiting(asker)) != NULL)
    {
        if (question->told == NULL) {
            free(question);
        } else if (!send(asker, link, question)) {
            tell_unavailable(question);
        }
    }

    set_age(asker);
}

static void
on_answered(triage_job_t *job, triage_link_t *link,
            const triage_answer_t *answer)
{
    triage_question_t *question = (triage_question_t *) job;
    triage_asker_t *asker = question->asker;

    asker->under_way[index_of(asker, link)] = NULL;

    if (answer->verdict == TRIAGE_AGAIN && question->told != NULL
        && question->attempts < ATTEMPTS_MAX && send(asker, link, question))
    {
        return;
    }

    tell_answer(question, answer);
    use(asker, link);
}

static void
on_vacant(void *owner, triage_link_t *link)
{
    use(owner, link);
}

/* Who waits may wait for nothing now. */
static void
on_failed(void *owner)
{
    set_age(owner);
}

static void
on_closing(void *owner)
{
    triage_asker_t *asker = owner;
    triage_question_t *question;

    while ((question = take_waiting(asker)) != NULL) {
        tell_unavailable(question);
    }
    set_age(asker);
}

static void
on_age(triage_waiter_t *waiter)
{
    triage_asker_t *asker = (triage_asker_t *) waiter;

    while (asker->first != NULL && is_over(asker)) {
        tell_unavailable(take_waiting(asker));
    }
    set_age(asker);
}

static void
on_waiter_closing(triage_waiter_t *waiter)
{
    on_closing(waiter);
}

/* NULL: none is idle. */
static triage_link_t *
idle_link(const triage_asker_t *asker)
{
    size_t i;

    for (i = 0; i < asker->options.links; i++) {
        if (triage_link_state(asker->links[i]) == TRIAGE_LINK_IDLE) {
            return asker->links[i];
        }
    }

    return NULL;
}

/* --- asking ------------------------------------------------------------- */

static triage_question_t *
make_question(triage_asker_t *asker, const triage_statement_t *statement,
              const triage_text_t *values)
{
    triage_question_t *question;
    size_t size = sizeof(*question);
    char *at;
    int i;

    for (i = 0; i < statement->parameter_count; i++) {
        size += values[i].len + 1;
    }

    question = calloc(1, size);
    if (question == NULL) {
        return NULL;
    }

    for (i = 0, at = question->bytes; i < statement->parameter_count; i++) {
        if (values[i].data != NULL) {
            question->values[i] = at;
            memcpy(at, values[i].data, values[i].len);
            at += values[i].len + 1;
        }
    }

    question->job.answered = on_answered;
    question->asker = asker;
    question->statement = statement;
    question->expires_at =
        now(asker) + (int64_t) asker->options.timeout_ms * 1000;

    return question;
}

triage_outcome_t
triage_asker_ask(triage_asker_t *asker, const triage_statement_t *statement,
                 const triage_text_t *values, triage_told_pt told, void *data,
                 triage_question_t **question)
{
    triage_link_t *link = idle_link(asker);
    triage_question_t *made;

    if (link == NULL && is_hopeless(asker)) {
        return triage_fail(TRIAGE_UNAVAILABLE,
                           "the database cannot be reached");
    }

    if (link == NULL && asker->waiting >= asker->options.questions_max) {
        return triage_fail(TRIAGE_BUSY, "too many questions wait");
    }

    made = make_question(asker, statement, values);
    if (made == NULL) {
        return triage_fail(TRIAGE_NO_MEMORY, "no memory for a question");
    }

    made->told = told;
    made->data = data;
    *question = made;

    if (link == NULL) {
        wait_for_link(asker, made);
    } else if (!send(asker, link, made)) {
        free(made);
        return triage_fail(TRIAGE_UNAVAILABLE,
                           "the database cannot be reached");
    }

    return triage_ok();
}

void
triage_asker_abandon(triage_question_t *question)
{
    question->told = NULL;
}

triage_asker_t *
triage_asker_open(const triage_asker_options_t *options,
                  const triage_loop_t *loop)
{
    triage_asker_t *asker = calloc(1, sizeof(*asker));
    unsigned i;

    if (asker == NULL) {
        return NULL;
    }

    asker->age =
        (triage_waiter_t){ .alarm = on_age, .closing = on_waiter_closing };
    asker->options = *options;
    asker->loop = *loop;
    asker->end = &asker->first;
    asker->is_unprepared = true;
    asker->link_options =
        (triage_store_options_t){ .conninfo = options->conninfo,
                                  .links = options->links,
                                  .timeout_ms = options->timeout_ms,
                                  .worker = options->worker,
                                  .stats = &asker->stats,
                                  .report = options->report,
                                  .context = options->context };

    for (i = 0; i < options->links; i++) {
        triage_link_setup_t setup = { .options = &asker->link_options,
                                      .loop = &asker->loop,
                                      .index = i,
                                      .is_unprepared = &asker->is_unprepared,
                                      .vacant = on_vacant,
                                      .failed = on_failed,
                                      .closing = on_closing,
                                      .verdict_of = triage_verdict_of_question,
                                      .owner = asker };

        asker->links[i] = triage_link_open(&setup);
        if (asker->links[i] == NULL) {
            triage_asker_close(asker);
            return NULL;
        }
    }

    return asker;
}

void
triage_asker_close(triage_asker_t *asker)
{
    triage_question_t *question;
    size_t i;

    if (asker == NULL) {
        return;
    }

    for (i = 0; i < asker->options.links; i++) {
        triage_link_close(asker->links[i]);
        free(asker->under_way[i]);
    }

    while ((question = take_waiting(asker)) != NULL) {
        free(question);
    }

    asker->loop.alarm(asker->loop.loop, &asker->age, 0, false);
    free(asker);
}
