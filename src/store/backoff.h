/*
 * How long to wait before the next try to connect.
 */
#ifndef TRIAGE_BACKOFF_H
#define TRIAGE_BACKOFF_H

#include <stddef.h>
#include <stdint.h>

/* After `failures` tries in a row over `endpoints` servers, in ms: each
 * server is tried once without a pause between, then 100 ms, doubled for
 * each round up to 5 s.  A quarter more or less by `seed`: the same on every
 * run, different for every link. */
uint32_t triage_backoff_ms(unsigned failures, size_t endpoints, uint32_t seed);

#endif
