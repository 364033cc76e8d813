/* Any words as those of queues and routes: a router that is found sound has
 * a queue for a message. */
#include "../../src/route/router.h"
#include "fuzz.h"

#define QUEUES 4
#define ROUTES 4

/* A line is a queue ("name word word") or a route (">queue word"). */
static void
read_line(triage_text_t line, triage_router_t *router)
{
    bool is_route = line.len > 0 && line.data[0] == '>';
    triage_text_t name = triage_text_until(&line, ' ');

    if (is_route && router->route_count < ROUTES) {
        triage_route_t *route = &router->routes[router->route_count++];

        name.data++;
        name.len--;
        triage_route_init(route, name);
        while (line.len > 0) {
            triage_route_read(route, triage_text_until(&line, ' '));
        }

    } else if (!is_route && router->queue_count < QUEUES) {
        triage_queue_t *queue = &router->queues[router->queue_count++];

        triage_queue_init(queue, name);
        while (line.len > 0) {
            triage_queue_read(queue, triage_text_until(&line, ' '));
        }
        fuzz_expect(queue->respond >= 0, "a target before its message");
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const triage_origin_t origin = { TRIAGE_TEXT("x"), TRIAGE_TEXT("acme") };
    const triage_message_t message = { .kind = TRIAGE_COMMENT };
    const triage_score_t score = { .urgency = 5000 };
    triage_text_t text = { (const char *) data, size };
    triage_queue_t queues[QUEUES];
    triage_route_t routes[ROUTES];
    triage_router_t router = { queues, 0, routes, 0 };
    triage_text_t name;

    while (text.len > 0) {
        read_line(triage_text_until(&text, '\n'), &router);
    }

    if (triage_router_check(&router, &name) == NULL) {
        fuzz_expect(triage_router_choose(&router, &origin, &message, &score)
                        != NULL,
                    "a message without a queue");
    }

    return 0;
}
