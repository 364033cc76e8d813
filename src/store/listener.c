#include "listener.h"

#include <stdlib.h>

#include "link.h"

struct triage_listener_s {
    triage_waiter_t pause; /* first: the loop gives it back */
    triage_job_t job;
    triage_listener_options_t options;
    triage_store_options_t link_options;
    triage_store_stats_t stats; /* nobody looks at them */
    triage_loop_t loop;
    triage_link_t *link;
    bool is_listening;
    bool is_unprepared; /* always */
};

#define listener_of(member, field)                                            \
    ((triage_listener_t *) ((char *) (member) -offsetof(triage_listener_t,    \
                                                        field)))

static void
set_pause(triage_listener_t *listener, uint32_t ms)
{
    listener->loop.alarm(listener->loop.loop, &listener->pause, ms, false);
}

static void
on_answered(triage_job_t *job, triage_link_t *link,
            const triage_answer_t *answer)
{
    triage_listener_t *listener = listener_of(job, job);
    bool did_listen = listener->is_listening;

    (void) link;
    listener->is_listening = answer->verdict == TRIAGE_FILED;
    set_pause(listener, listener->options.ping_ms);

    if (listener->is_listening && !did_listen) {
        listener->options.joined(listener->options.context);
    }
}

/* LISTEN again does nothing where it is known, so it is the ping too. */
static void
ask(triage_listener_t *listener, triage_link_t *link)
{
    triage_query_t query = { .statement = &triage_listen_statement,
                             .timeout_ms = listener->options.timeout_ms };

    if (!triage_link_send(link, &query, &listener->job)) {
        listener->is_listening = false;
    }
}

static void
on_vacant(void *owner, triage_link_t *link)
{
    triage_listener_t *listener = owner;

    listener->is_listening = false;
    ask(listener, link);
}

static void
on_pause(triage_waiter_t *waiter)
{
    triage_listener_t *listener = (triage_listener_t *) waiter;

    if (triage_link_state(listener->link) == TRIAGE_LINK_IDLE) {
        ask(listener, listener->link);
    }
}

static void
on_notified(void *owner, const char *payload)
{
    triage_listener_t *listener = owner;

    listener->options.heard(listener->options.context, payload);
}

static void
on_closing(void *owner)
{
    set_pause(owner, 0);
}

static void
on_waiter_closing(triage_waiter_t *waiter)
{
    (void) waiter;
}

/* A refusal is not the server's end: it is asked again at the next ping. */
static triage_verdict_t
verdict_of(const char *sqlstate)
{
    triage_verdict_t verdict = triage_verdict_of(sqlstate);

    return verdict == TRIAGE_LOST ? TRIAGE_LOST : TRIAGE_REFUSED;
}

triage_listener_t *
triage_listener_open(const triage_listener_options_t *options,
                     const triage_loop_t *loop)
{
    triage_listener_t *listener = calloc(1, sizeof(*listener));
    triage_link_setup_t setup = { .vacant = on_vacant,
                                  .closing = on_closing,
                                  .verdict_of = verdict_of,
                                  .notified = on_notified,
                                  .owner = listener };

    if (listener == NULL) {
        return NULL;
    }

    listener->pause =
        (triage_waiter_t){ .alarm = on_pause, .closing = on_waiter_closing };
    listener->job.answered = on_answered;
    listener->options = *options;
    listener->loop = *loop;
    listener->is_unprepared = true;
    listener->link_options =
        (triage_store_options_t){ .conninfo = options->conninfo,
                                  .links = 1,
                                  .timeout_ms = options->timeout_ms,
                                  .worker = options->worker,
                                  .stats = &listener->stats,
                                  .report = options->report,
                                  .context = options->context };
    setup.options = &listener->link_options;
    setup.loop = &listener->loop;
    setup.is_unprepared = &listener->is_unprepared;

    listener->link = triage_link_open(&setup);
    if (listener->link == NULL) {
        free(listener);
        return NULL;
    }

    return listener;
}

void
triage_listener_close(triage_listener_t *listener)
{
    if (listener == NULL) {
        return;
    }

    set_pause(listener, 0);
    triage_link_close(listener->link);
    free(listener);
}
