#include "fleet.h"

bool
triage_fleet_open(triage_fleet_t *fleet, const triage_fleet_setup_t *setup)
{
    for (fleet->count = 0; fleet->count < setup->options->links;
         fleet->count++) {
        unsigned i = fleet->count;
        triage_link_setup_t link = { .options = setup->options,
                                     .loop = setup->loop,
                                     .index = i,
                                     .is_unprepared = &fleet->is_unprepared,
                                     .vacant = setup->vacant,
                                     .failed = setup->failed,
                                     .closing = setup->closing,
                                     .owner = setup->owner };

        fleet->flights[i] = (triage_flight_t){ .options = setup->options,
                                               .loop = setup->loop,
                                               .holds_exit = true,
                                               .landed = setup->landed,
                                               .owner = setup->owner };
        triage_flight_init(&fleet->flights[i]);
        fleet->links[i] = triage_link_open(&link);
        if (fleet->links[i] == NULL) {
            return false;
        }
    }

    return true;
}

void
triage_fleet_close(triage_fleet_t *fleet,
                   void (*left)(void *owner, triage_batch_t *batch),
                   void *owner)
{
    unsigned i;

    for (i = 0; i < fleet->count; i++) {
        triage_link_close(fleet->links[i]);
        if (fleet->flights[i].batch != NULL) {
            left(owner, fleet->flights[i].batch);
        }
    }
    fleet->count = 0;
}

bool
triage_fleet_is_reachable(const triage_fleet_t *fleet)
{
    unsigned i;

    for (i = 0; i < fleet->count; i++) {
        if (!triage_link_is_hopeless(fleet->links[i])) {
            return true;
        }
    }

    return false;
}

triage_flight_t *
triage_fleet_flight(triage_fleet_t *fleet, const triage_link_t *link)
{
    unsigned i = 0;

    while (fleet->links[i] != link) {
        i++;
    }

    return &fleet->flights[i];
}
