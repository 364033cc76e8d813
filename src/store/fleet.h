/*
 * The links of a worker, each with the flight that it is used for.
 */
#ifndef TRIAGE_FLEET_H
#define TRIAGE_FLEET_H

#include "flight.h"

typedef struct {
    const triage_store_options_t *options; /* outlives the fleet */
    const triage_loop_t *loop;
    /* As a link's (link.h) and a flight's (flight.h), all of one owner's. */
    void (*vacant)(void *owner, triage_link_t *link);
    void (*failed)(void *owner);
    void (*closing)(void *owner);
    void (*landed)(triage_flight_t *flight, triage_link_t *link,
                   triage_batch_t *batch, triage_flight_end_t end, size_t from,
                   size_t count);
    void *owner;
} triage_fleet_setup_t;

/* Never moves: links and flights know where it is. */
typedef struct {
    triage_link_t *links[TRIAGE_LINKS_MAX];
    triage_flight_t flights[TRIAGE_LINKS_MAX]; /* one a link */
    unsigned count;
    bool is_unprepared; /* of all links: there is a pooler */
} triage_fleet_t;

/* Starts to connect.  False without memory: to be closed even then. */
TRIAGE_MUST_CHECK bool triage_fleet_open(triage_fleet_t *fleet,
                                         const triage_fleet_setup_t *setup);
/* `left` is given each batch that was under way. */
void triage_fleet_close(triage_fleet_t *fleet,
                        void (*left)(void *owner, triage_batch_t *batch),
                        void *owner);

/* Is there a link, or reason to hope for one? */
bool triage_fleet_is_reachable(const triage_fleet_t *fleet);
/* The flight of one of its links. */
triage_flight_t *triage_fleet_flight(triage_fleet_t *fleet,
                                     const triage_link_t *link);

#endif
