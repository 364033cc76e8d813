#include "router.h"

#include <string.h>

void
triage_route_init(triage_route_t *route, triage_text_t queue)
{
    *route = (triage_route_t){
        .queue = queue, .kind = -1, .audience = -1, .addressed = -1
    };
}

static const char *
read_score(int32_t *minimum, triage_text_t value)
{
    int64_t number;

    if (!triage_text_to_int64(value, &number) || number < 0 || number > 100) {
        return "a score from 0 to 100";
    }

    *minimum = (int32_t) number * 100;

    return NULL;
}

static const char *
read_kind(triage_route_t *route, triage_text_t value)
{
    triage_kind_t kind;

    if (!triage_kind_from(value, &kind) || !triage_kind_is_scored(kind)) {
        return "kind=message, comment, mention, review or edit";
    }

    route->kind = (int) kind;

    return NULL;
}

static const char *
read_audience(triage_route_t *route, triage_text_t value)
{
    triage_audience_t audience;

    if (!triage_audience_from(value, &audience)) {
        return "audience=public, limited or private";
    }

    route->audience = (int) audience;

    return NULL;
}

static const char *
read_addressed(triage_route_t *route, triage_text_t value)
{
    if (triage_text_is(value, "yes")) {
        route->addressed = 1;
        return NULL;
    }

    if (triage_text_is(value, "no")) {
        route->addressed = 0;
        return NULL;
    }

    return "addressed=yes or addressed=no";
}

static const char *
read_name(triage_text_t *field, triage_text_t value)
{
    *field = value;

    return value.len > 0 ? NULL : "a value behind the =";
}

static const char *
read_condition(triage_route_t *route, triage_text_t name, triage_text_t value)
{
    const struct {
        const char *name;
        triage_text_t *field;
    } names[] = {
        { "platform", &route->platform },
        { "brand", &route->brand },
        { "language", &route->language },
        { "account", &route->account },
    };

    if (triage_text_is(name, "kind")) {
        return read_kind(route, value);
    }

    if (triage_text_is(name, "audience")) {
        return read_audience(route, value);
    }

    if (triage_text_is(name, "addressed")) {
        return read_addressed(route, value);
    }

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (triage_text_is(name, names[i].name)) {
            return read_name(names[i].field, value);
        }
    }

    return "urgency>=, visibility>=, spam>=, platform=, brand=, account=, "
           "kind=, audience=, language= or addressed=";
}

const char *
triage_route_read(triage_route_t *route, triage_text_t word)
{
    triage_text_t value = word;
    triage_text_t name = triage_text_until(&value, '=');

    if (value.data == NULL) {
        return read_condition(route, triage_no_text, value);
    }

    if (triage_text_is(name, "urgency>")) {
        return read_score(&route->min_urgency, value);
    }

    if (triage_text_is(name, "visibility>")) {
        return read_score(&route->min_visibility, value);
    }

    if (triage_text_is(name, "spam>")) {
        return read_score(&route->min_spam, value);
    }

    return read_condition(route, name, value);
}

static const triage_queue_t *
find_queue(const triage_router_t *router, triage_text_t name)
{
    for (size_t i = 0; i < router->queue_count; i++) {
        if (triage_text_equal(router->queues[i].name, name)) {
            return &router->queues[i];
        }
    }

    return NULL;
}

static bool
matches_everything(const triage_route_t *route)
{
    return route->min_urgency == 0 && route->min_visibility == 0
           && route->min_spam == 0 && route->platform.len == 0
           && route->brand.len == 0 && route->language.len == 0
           && route->account.len == 0 && route->kind == -1
           && route->audience == -1 && route->addressed == -1;
}

static const char *
check_overflow(const triage_router_t *router, const triage_queue_t *queue)
{
    if (triage_text_equal(queue->overflow, queue->name)) {
        return "a queue cannot overflow into itself";
    }

    return find_queue(router, queue->overflow) != NULL
               ? NULL
               : "an overflow names a queue that is not defined";
}

static const char *
check_escalate(const triage_router_t *router, const triage_queue_t *queue)
{
    if (triage_text_equal(queue->escalate, queue->name)) {
        return "a queue cannot escalate to itself";
    }

    return find_queue(router, queue->escalate) != NULL
               ? NULL
               : "escalate= names a queue that is not defined";
}

static const char *
check_queue(const triage_router_t *router, const triage_queue_t *queue,
            triage_text_t *name)
{
    const char *why = NULL;

    *name = queue->name;
    if (queue->respond == 0) {
        return "the queue has no respond=";
    }

    if (queue->overflow.len > 0) {
        *name = queue->overflow;
        why = check_overflow(router, queue);
    }

    if (why == NULL && queue->escalate.len > 0) {
        *name = queue->escalate;
        why = check_escalate(router, queue);
    }

    return why;
}

static const char *
check_queues(const triage_router_t *router, triage_text_t *name)
{
    for (size_t i = 0; i < router->queue_count; i++) {
        const char *why = check_queue(router, &router->queues[i], name);

        if (why != NULL) {
            return why;
        }
    }

    return NULL;
}

static const char *
check_routes(const triage_router_t *router, triage_text_t *name)
{
    for (size_t i = 0; i < router->route_count; i++) {
        *name = router->routes[i].queue;

        if (find_queue(router, *name) == NULL) {
            return "a route names a queue that is not defined";
        }

        if (matches_everything(&router->routes[i])
            && i + 1 < router->route_count) {
            return "a route without conditions hides the routes behind it";
        }
    }

    return NULL;
}

const char *
triage_router_check(const triage_router_t *router, triage_text_t *name)
{
    const char *why = check_queues(router, name);

    if (why == NULL) {
        why = check_routes(router, name);
    }

    if (why != NULL) {
        return why;
    }

    *name = triage_no_text;

    if (router->route_count == 0
        || !matches_everything(&router->routes[router->route_count - 1]))
    {
        return "the last route must match everything: it has no conditions";
    }

    return NULL;
}

static bool
is_or_any(triage_text_t wanted, triage_text_t is)
{
    return wanted.len == 0 || triage_text_equal(wanted, is);
}

static bool
matches(const triage_route_t *route, const triage_origin_t *origin,
        const triage_message_t *message, const triage_score_t *score)
{
    return score->urgency >= route->min_urgency
           && score->visibility >= route->min_visibility
           && score->spam >= route->min_spam
           && (route->kind == -1 || route->kind == (int) message->kind)
           && (route->audience == -1
               || route->audience == (int) message->audience)
           && (route->addressed == -1
               || route->addressed == (int) score->is_addressed)
           && is_or_any(route->platform, origin->platform)
           && is_or_any(route->brand, origin->brand)
           && is_or_any(route->language, message->language)
           && is_or_any(route->account, message->account);
}

const triage_queue_t *
triage_router_choose(const triage_router_t *router,
                     const triage_origin_t *origin,
                     const triage_message_t *message,
                     const triage_score_t *score)
{
    for (size_t i = 0; i < router->route_count; i++) {
        if (matches(&router->routes[i], origin, message, score)) {
            return find_queue(router, router->routes[i].queue);
        }
    }

    return NULL;
}

/* The least visibility above `floor` that some route asks for; 0: none. */
static int32_t
next_step(const triage_router_t *router, int32_t floor)
{
    int32_t step = 0;

    for (size_t i = 0; i < router->route_count; i++) {
        int32_t asked = router->routes[i].min_visibility;

        if (asked > floor && (step == 0 || asked < step)) {
            step = asked;
        }
    }

    return step;
}

size_t
triage_router_rises(const triage_router_t *router,
                    const triage_origin_t *origin,
                    const triage_message_t *message,
                    const triage_score_t *score,
                    triage_rise_t rises[TRIAGE_RISES_MAX])
{
    const triage_queue_t *last, *queue;
    triage_score_t seen = *score;
    size_t count = 0;

    if (message->audience == TRIAGE_PRIVATE
        || next_step(router, score->visibility) == 0)
    {
        return 0;
    }

    last = triage_router_choose(router, origin, message, score);
    while (count < TRIAGE_RISES_MAX
           && (seen.visibility = next_step(router, seen.visibility)) > 0)
    {
        queue = triage_router_choose(router, origin, message, &seen);
        if (queue != last) {
            rises[count++] = (triage_rise_t){ seen.visibility, queue };
            last = queue;
        }
    }

    return count;
}
