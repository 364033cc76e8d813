#include "../../src/route/router.h"
#include "tap.h"

#include <string.h>

static int64_t
respond(const char *value)
{
    triage_queue_t queue;
    char word[64];

    snprintf(word, sizeof(word), "respond=%s", value);
    triage_queue_init(&queue, triage_text("q"));

    return triage_queue_read(&queue, triage_text_of(word)) == NULL
               ? queue.respond
               : -1;
}

static void
durations(void)
{
    ok(respond("15m") == 900 && respond("4h") == 14400
           && respond("1d") == 86400 && respond("2w") == 1209600
           && respond("30s") == 30 && respond("90") == 90,
       "times as nginx writes them");
    ok(respond("1h30m") == 5400 && respond("1h0m") == 3600, "put together");
    ok(respond("0") == -1 && respond("0s") == -1 && respond("-5") == -1
           && respond("") == -1 && respond("m") == -1 && respond("5x") == -1
           && respond("5m3") == -1 && respond("1.5h") == -1
           && respond("11y") == -1 && respond("9999999999s") == -1
           && respond("999999999w") == -1,
       "what is no time, or longer than ten years");
    ok(respond("999999999w999999999w999999999w999999999w") == -1,
       "sums that are too long");
}

static bool
queue_expects(const char *word, const char *expected)
{
    triage_queue_t queue;
    const char *said;

    triage_queue_init(&queue, triage_text("q"));
    said = triage_queue_read(&queue, triage_text_of(word));

    return said != NULL && strcmp(said, expected) == 0;
}

static void
queues(void)
{
    static const char settings[] =
        "respond=, next=, resolve=, hours=, weight=, overflow=, warn= or "
        "escalate=";
    static const char share[] = "what is left of the target, from 1% to 99%";
    triage_queue_t queue;

    triage_queue_init(&queue, triage_text("urgent"));
    ok(queue.weight == 1 && queue.respond == 0 && queue.overflow.len == 0,
       "a new queue weighs 1");
    ok(triage_queue_read(&queue, triage_text("weight=8")) == NULL
           && triage_queue_read(&queue, triage_text("overflow=crisis")) == NULL
           && queue.weight == 8 && triage_text_is(queue.overflow, "crisis"),
       "its words");
    ok(triage_queue_read(&queue, triage_text("hours=office")) == NULL
           && triage_queue_read(&queue, triage_text("next=30m")) == NULL
           && triage_queue_read(&queue, triage_text("resolve=2d")) == NULL
           && triage_queue_read(&queue, triage_text("warn=25%")) == NULL
           && triage_queue_read(&queue, triage_text("escalate=crisis")) == NULL
           && triage_text_is(queue.hours, "office") && queue.next == 1800
           && queue.resolve == 172800 && queue.warn == 25
           && triage_text_is(queue.escalate, "crisis"),
       "those about what counts, and what happens then");
    ok(queue_expects("warn=25", share) && queue_expects("warn=0%", share)
           && queue_expects("warn=100%", share)
           && queue_expects("warn=%", share) && queue_expects("warn=", share)
           && queue_expects("escalate=", "the name of a queue")
           && queue_expects("hours=", "the name of a triage_hours")
           && queue_expects("next=soon", "a time such as 15m, 4h or 1d")
           && queue_expects("resolve=", "a time such as 15m, 4h or 1d"),
       "wrong ones");
    ok(queue_expects("weight=0", "a weight from 1 to 100")
           && queue_expects("weight=101", "a weight from 1 to 100")
           && queue_expects("weight=x", "a weight from 1 to 100")
           && queue_expects("overflow=", "the name of a queue")
           && queue_expects("respond=soon", "a time such as 15m, 4h or 1d"),
       "a wrong value is told apart");
    ok(queue_expects("respond", settings) && queue_expects("", settings)
           && queue_expects("size=1", settings)
           && queue_expects("=1", settings),
       "from a wrong word");
}

static bool
route_expects(const char *word, const char *expected)
{
    triage_route_t route;
    const char *said;

    triage_route_init(&route, triage_text("q"));
    said = triage_route_read(&route, triage_text_of(word));

    return said != NULL && strncmp(said, expected, strlen(expected)) == 0;
}

static void
words(void)
{
    ok(route_expects("urgency>=101", "a score from 0 to 100")
           && route_expects("visibility>=-1", "a score from 0 to 100")
           && route_expects("spam>=", "a score from 0 to 100"),
       "a score has its range");
    ok(route_expects("kind=echo", "kind=message, comment")
           && route_expects("kind=", "kind=message, comment"),
       "nobody waits for an answer to an echo");
    ok(route_expects("audience=all", "audience=public")
           && route_expects("addressed=maybe", "addressed=yes")
           && route_expects("brand=", "a value behind the ="),
       "each condition says what it expects");
    ok(route_expects("urgency=80", "urgency>=, visibility>=")
           && route_expects("urgency>80", "urgency>=, visibility>=")
           && route_expects("urgency", "urgency>=, visibility>=")
           && route_expects("", "urgency>=, visibility>=")
           && route_expects("colour=red", "urgency>=, visibility>="),
       "an unknown word is told all that there are");
}

/* A router of one queue and one route with these words, and a second queue
 * for the rest. */
typedef struct {
    triage_queue_t queues[2];
    triage_route_t routes[2];
    triage_router_t router;
} pair_t;

static void
make_pair(pair_t *pair, const char *words)
{
    triage_text_t rest = triage_text_of(words);

    triage_queue_init(&pair->queues[0], triage_text("match"));
    triage_queue_init(&pair->queues[1], triage_text("rest"));
    pair->queues[0].respond = 60;
    pair->queues[1].respond = 600;
    triage_route_init(&pair->routes[0], triage_text("match"));
    triage_route_init(&pair->routes[1], triage_text("rest"));

    while (rest.len > 0) {
        triage_text_t word = triage_text_until(&rest, ' ');

        if (triage_route_read(&pair->routes[0], word) != NULL) {
            printf("# %.*s is refused\n", (int) word.len, word.data);
        }
    }

    pair->router = (triage_router_t){ pair->queues, 2, pair->routes, 2 };
}

static bool
matches(const char *conditions, const triage_message_t *message,
        triage_score_t score)
{
    const triage_origin_t origin = { TRIAGE_TEXT("x"), TRIAGE_TEXT("acme") };
    const triage_queue_t *queue;
    pair_t pair;

    make_pair(&pair, conditions);
    queue = triage_router_choose(&pair.router, &origin, message, &score);

    return queue == &pair.queues[0];
}

static void
chooses(void)
{
    const triage_message_t message = {
        .kind = TRIAGE_COMMENT,
        .audience = TRIAGE_PUBLIC,
        .language = TRIAGE_TEXT("en"),
        .account = TRIAGE_TEXT("1001"),
    };
    const triage_score_t score = {
        .urgency = 8000, .visibility = 5999, .spam = 100, .is_addressed = true
    };

    ok(matches("urgency>=80", &message, score), "a score that is reached");
    ok(!matches("urgency>=81", &message, score), "one that is not");
    ok(matches("visibility>=59", &message, score)
           && !matches("visibility>=60", &message, score),
       "to the hundredth");
    ok(matches("spam>=1", &message, score)
           && !matches("spam>=2", &message, score),
       "spam can be routed");
    ok(matches("kind=comment", &message, score)
           && !matches("kind=message", &message, score),
       "kind");
    ok(matches("audience=public", &message, score)
           && !matches("audience=private", &message, score),
       "audience");
    ok(matches("platform=x", &message, score)
           && !matches("platform=facebook", &message, score),
       "platform");
    ok(matches("brand=acme", &message, score)
           && !matches("brand=other", &message, score),
       "brand");
    ok(matches("language=en", &message, score)
           && !matches("language=de", &message, score),
       "language");
    ok(matches("account=1001", &message, score)
           && !matches("account=100", &message, score),
       "account");
    ok(matches("addressed=yes", &message, score)
           && !matches("addressed=no", &message, score),
       "addressed");
    ok(matches("urgency>=80 audience=public brand=acme", &message, score)
           && !matches("urgency>=80 audience=public brand=b", &message, score),
       "every condition must hold");
}

static bool
complains(const triage_router_t *router, const char *reason, const char *about)
{
    triage_text_t name = triage_no_text;
    const char *why = triage_router_check(router, &name);

    return why != NULL && strcmp(why, reason) == 0
           && triage_text_is(name, about);
}

static void
checks_routes(void)
{
    static const char no_last[] =
        "the last route must match everything: it has no conditions";
    triage_text_t name;
    pair_t pair;

    make_pair(&pair, "urgency>=1");
    ok(triage_router_check(&pair.router, &name) == NULL, "a sound router");

    pair.router.route_count = 1;
    ok(complains(&pair.router, no_last, ""), "without a last route");
    pair.router.route_count = 0;
    ok(complains(&pair.router, no_last, ""), "without any");

    make_pair(&pair, "");
    ok(complains(&pair.router,
                 "a route without conditions hides the routes behind it",
                 "match"),
       "a route that hides others");

    make_pair(&pair, "urgency>=1");
    pair.routes[0].queue = triage_text("nowhere");
    ok(complains(&pair.router, "a route names a queue that is not defined",
                 "nowhere"),
       "a route to nowhere");
}

static void
checks_queues(void)
{
    triage_text_t name;
    pair_t pair;

    make_pair(&pair, "urgency>=1");
    pair.queues[1].respond = 0;
    ok(complains(&pair.router, "the queue has no respond=", "rest"),
       "a queue without a target");

    make_pair(&pair, "urgency>=1");
    pair.queues[1].overflow = triage_text("rest");
    ok(complains(&pair.router, "a queue cannot overflow into itself", "rest"),
       "a queue that overflows into itself");
    pair.queues[1].overflow = triage_text("nowhere");
    ok(complains(&pair.router, "an overflow names a queue that is not defined",
                 "nowhere"),
       "or into nowhere");
    pair.queues[1].overflow = triage_text("match");
    ok(triage_router_check(&pair.router, &name) == NULL,
       "an overflow into another is sound");

    make_pair(&pair, "urgency>=1");
    pair.queues[1].escalate = triage_text("rest");
    ok(complains(&pair.router, "a queue cannot escalate to itself", "rest"),
       "a queue that escalates to itself");
    pair.queues[1].escalate = triage_text("nowhere");
    ok(complains(&pair.router, "escalate= names a queue that is not defined",
                 "nowhere"),
       "or to nowhere");
    pair.queues[1].escalate = triage_text("match");
    ok(triage_router_check(&pair.router, &name) == NULL,
       "an escalation to another is sound");
}

/* What is to come of a message when more people see it. */
static void
rises(void)
{
    triage_queue_t queue_list[3] = { { .name = TRIAGE_TEXT("crisis") },
                                     { .name = TRIAGE_TEXT("public") },
                                     { .name = TRIAGE_TEXT("standard") } };
    triage_route_t routes[4];
    triage_router_t router = { queue_list, 3, routes, 4 };
    triage_origin_t origin = { triage_text("x"), triage_text("acme") };
    triage_message_t message = { .kind = TRIAGE_MENTION };
    triage_score_t score = { .urgency = 8500, .visibility = 4500 };
    triage_rise_t rise[TRIAGE_RISES_MAX];
    size_t i;

    triage_route_init(&routes[0], triage_text("crisis"));
    routes[0].min_urgency = 8000;
    routes[0].min_visibility = 6000;
    triage_route_init(&routes[1], triage_text("crisis"));
    routes[1].min_visibility = 9000;
    triage_route_init(&routes[2], triage_text("public"));
    routes[2].min_visibility = 5000;
    triage_route_init(&routes[3], triage_text("standard"));

    ok(triage_router_rises(&router, &origin, &message, &score, rise) == 2
           && rise[0].visibility == 5000 && rise[0].queue == &queue_list[1]
           && rise[1].visibility == 6000 && rise[1].queue == &queue_list[0],
       "each step that leads elsewhere, the nearest first");
    score.urgency = 1000;
    score.visibility = 5500;
    ok(triage_router_rises(&router, &origin, &message, &score, rise) == 1
           && rise[0].visibility == 9000 && rise[0].queue == &queue_list[0],
       "above where it is");
    score.visibility = 9500;
    ok(triage_router_rises(&router, &origin, &message, &score, rise) == 0,
       "none at the top");
    score.visibility = 0;
    message.audience = TRIAGE_PRIVATE;
    ok(triage_router_rises(&router, &origin, &message, &score, rise) == 0,
       "none in private");
    message.audience = TRIAGE_PUBLIC;
    for (i = 0; i < 3; i++) {
        routes[i].min_visibility = 0;
        routes[i].min_urgency = 9000;
    }
    ok(triage_router_rises(&router, &origin, &message, &score, rise) == 0,
       "none where no route asks");
}

int
main(void)
{
    durations();
    queues();
    words();
    chooses();
    checks_routes();
    checks_queues();
    rises();

    return done_testing();
}
