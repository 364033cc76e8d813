/*
 * The rules that name a queue for a message: the first route that matches
 * wins.
 *
 * Built while the configuration is read, const afterwards.  A router is
 * usable only when triage_router_check finds nothing.
 */
#ifndef TRIAGE_ROUTER_H
#define TRIAGE_ROUTER_H

#include "../score/scorer.h"
#include "queue.h"

/* Every condition that is set must hold. */
typedef struct {
    triage_text_t queue;
    int32_t min_urgency; /* hundredths; 0: any */
    int32_t min_visibility;
    int32_t min_spam;       /* 0: any */
    triage_text_t platform; /* no text: any */
    triage_text_t brand;
    triage_text_t language;
    triage_text_t account;
    int kind;      /* triage_kind_t, or -1: any */
    int audience;  /* triage_audience_t, or -1: any */
    int addressed; /* 1 to the brand, 0 about it, -1: any */
} triage_route_t;

typedef struct {
    triage_queue_t *queues;
    size_t queue_count;
    triage_route_t *routes;
    size_t route_count;
} triage_router_t;

/* What a message is routed by, beside its score. */
typedef struct {
    triage_text_t platform;
    triage_text_t brand;
} triage_origin_t;

/* Reads one word of a triage_route ("urgency>=80", "audience=public") into
 * a route that triage_route_init made.  NULL, or what was expected. */
void triage_route_init(triage_route_t *route, triage_text_t queue);
const char *triage_route_read(triage_route_t *route, triage_text_t word);

/* NULL when every message finds a queue that exists; else what is wrong, a
 * literal, and the name it is about in *name. */
const char *triage_router_check(const triage_router_t *router,
                                triage_text_t *name);

/* Where a message would go if more people saw it. */
typedef struct {
    int32_t visibility; /* from here on, hundredths */
    const triage_queue_t *queue;
} triage_rise_t;

#define TRIAGE_RISES_MAX 4

/* Never NULL for a router that was checked. */
const triage_queue_t *triage_router_choose(const triage_router_t *router,
                                           const triage_origin_t *origin,
                                           const triage_message_t *message,
                                           const triage_score_t *score);

/* What the routes would make of the same message at a greater visibility,
 * the nearest first; the number of them.  None for a private message. */
size_t triage_router_rises(const triage_router_t *router,
                           const triage_origin_t *origin,
                           const triage_message_t *message,
                           const triage_score_t *score,
                           triage_rise_t rises[TRIAGE_RISES_MAX]);

#endif
