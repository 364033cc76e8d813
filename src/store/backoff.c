#include "backoff.h"

enum { NO_PAUSE_MS = 1, FIRST_MS = 100, LAST_MS = 5000 };

static uint32_t
jitter(uint32_t ms, uint32_t seed)
{
    uint32_t hash = seed;

    hash ^= hash >> 15;
    hash *= 2246822519u;
    hash ^= hash >> 13;

    return ms * 3 / 4 + hash % (ms / 2 + 1);
}

uint32_t
triage_backoff_ms(unsigned failures, size_t endpoints, uint32_t seed)
{
    size_t rounds = failures / endpoints;
    uint32_t ms = FIRST_MS;

    if (failures % endpoints != 0) {
        return NO_PAUSE_MS;
    }

    while (rounds > 1 && ms < LAST_MS) {
        ms *= 2;
        rounds--;
    }

    return jitter(ms < LAST_MS ? ms : LAST_MS, seed ^ failures * 3266489917u);
}
