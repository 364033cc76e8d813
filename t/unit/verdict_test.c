/*
 * What an SQLSTATE means for a batch, and for a question.
 */
#include "../../src/store/verdict.h"
#include "tap.h"

#include <stddef.h>

typedef struct {
    const char *sqlstate;
    triage_verdict_t verdict;
    const char *what;
} case_t;

static void
batches_are_judged(void)
{
    static const case_t cases[] = {
        { NULL, TRIAGE_LOST, "no answer of the server" },
        { "57P01", TRIAGE_LOST, "the server is shut down" },
        { "08006", TRIAGE_LOST, "the connection failed" },
        { "40P01", TRIAGE_AGAIN, "a deadlock" },
        { "40001", TRIAGE_AGAIN, "a serialization failure" },
        { "55P03", TRIAGE_LATER, "a lock" },
        { "57014", TRIAGE_LATER, "a statement was cancelled" },
        { "53300", TRIAGE_LATER, "too many connections" },
        { "53100", TRIAGE_LATER, "the server's disk is full" },
        { "25006", TRIAGE_LATER, "the server is read-only" },
        { "42501", TRIAGE_LATER, "a right is missing" },
        { "42883", TRIAGE_LATER, "the function is missing" },
        { "0A000", TRIAGE_LATER, "a plan from before an upgrade" },
        { "26000", TRIAGE_UNPREPARED, "a pooler changed the server" },
        { "42P05", TRIAGE_UNPREPARED, "a pooler gave an old session" },
        { "22021", TRIAGE_REFUSED, "a text that is no UTF-8" },
        { "23514", TRIAGE_AGAIN, "a month that got its partition" },
        { "23502", TRIAGE_REFUSED, "a constraint" },
        { "54000", TRIAGE_REFUSED, "too long for an index" },
        { "TR008", TRIAGE_REFUSED, "an error of our own" },
        { "XX000", TRIAGE_REFUSED, "an internal error" },
        { "XX001", TRIAGE_LATER, "a corrupted table" }
    };
    size_t i;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ok(triage_verdict_of(cases[i].sqlstate) == cases[i].verdict,
           cases[i].what);
    }
}

static void
questions_are_judged(void)
{
    static const case_t cases[] = {
        { NULL, TRIAGE_LOST, "a question: no answer of the server" },
        { "57P01", TRIAGE_LOST, "the server is shut down" },
        { "40001", TRIAGE_AGAIN, "a serialization failure" },
        { "53300", TRIAGE_LATER, "too many connections" },
        { "25006", TRIAGE_LATER, "the server is read-only" },
        { "28000", TRIAGE_LATER, "a role that may not log in" },
        { "42501", TRIAGE_REFUSED, "a right is missing" },
        { "55P03", TRIAGE_REFUSED, "a lock" },
        { "57014", TRIAGE_REFUSED, "it took too long" },
        { "23514", TRIAGE_REFUSED, "a constraint" },
        { "TR008", TRIAGE_REFUSED, "an error of our own" }
    };
    size_t i;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ok(triage_verdict_of_question(cases[i].sqlstate) == cases[i].verdict,
           cases[i].what);
    }
}

int
main(void)
{
    batches_are_judged();
    questions_are_judged();

    return done_testing();
}
