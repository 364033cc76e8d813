/*
 * How long somebody who asks is kept waiting when nobody answers.  What is
 * answered is tested over the desk, in t/nginx/.
 */
#define _GNU_SOURCE

#include <stdlib.h>

#include "../../src/store/asker.h"
#include "fake_loop.h"
#include "fake_postgres.h"
#include "tap.h"

enum { TIMEOUT_MS = 600000, SOON_MS = 1000 };

static const triage_statement_t statement = { .text = "select 1" };

static fake_loop_t loop;
static fake_postgres_t server;
static triage_asker_t *asker;
static triage_asker_options_t options;
static triage_question_t *question;
static char folder[64];
static char error[128];
static unsigned told, unavailable;

static void
on_told(void *data, const triage_told_t *answer)
{
    (void) data;
    told++;
    unavailable += answer->outcome.code == TRIAGE_UNAVAILABLE;
}

static triage_code_t
ask(void)
{
    return triage_asker_ask(asker, &statement, NULL, on_told, NULL, &question)
        .code;
}

/* A server listens that takes nobody in, or there is none. */
static void
set_up(bool has_server)
{
    char conninfo[sizeof(folder) + 64];

    snprintf(folder, sizeof(folder), "/tmp/triage-asker-XXXXXX");
    fake_open(&server, folder);
    if (!has_server) {
        close(server.listener);
        server.listener = -1;
    }
    snprintf(conninfo, sizeof(conninfo),
             "host=%s port=5432 user=triage dbname=triage", folder);

    fake_init(&loop);
    loop.outside = fake_serve;
    loop.data = &server;
    told = unavailable = 0;
    options = (triage_asker_options_t){
        .conninfo = triage_conninfo_read(conninfo, error, sizeof(error)),
        .links = 2,
        .timeout_ms = TIMEOUT_MS,
        .questions_max = 2,
    };
    asker = triage_asker_open(&options, &loop.loop);
}

static void
tear_down(void)
{
    triage_asker_close(asker);
    fake_settle(&loop);
    triage_conninfo_free((triage_conninfo_t *) options.conninfo);
    fake_close(&server, folder);
}

static void
test_nobody_there(void)
{
    set_up(false);
    ok(ask() == TRIAGE_OK && told == 0,
       "one connect that failed may have been a restart");
    fake_pass(&loop, SOON_MS);
    ok(unavailable == 1, "after two nobody is kept waiting");
    ok(ask() == TRIAGE_UNAVAILABLE && told == 1, "nor taken in");
    tear_down();
}

static void
test_nobody_answers(void)
{
    set_up(true);
    ok(ask() == TRIAGE_OK && ask() == TRIAGE_OK, "who asks waits for a link");
    ok(ask() == TRIAGE_BUSY, "but not too many of them");
    triage_asker_abandon(question);
    fake_pass(&loop, TIMEOUT_MS - 1);
    ok(told == 0, "for as long as a question may take");
    fake_pass(&loop, 10);
    ok(told == 1 && unavailable == 1,
       "and not longer; who went away is not told");
    tear_down();
}

static void
test_close(void)
{
    set_up(true);
    ok(ask() == TRIAGE_OK, "somebody waits");
    tear_down();
    ok(told == 0, "and is not told when it ends");
}

int
main(void)
{
    test_nobody_there();
    test_nobody_answers();
    test_close();

    return done_testing();
}
