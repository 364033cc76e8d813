/*
 * Numbers as PostgreSQL sends them: big-endian, times from 2000.
 */
#ifndef TRIAGE_NETWORK_H
#define TRIAGE_NETWORK_H

#include "../base/clock.h"

/* PostgreSQL's zero, in µs since 1970. */
#define TRIAGE_POSTGRES_EPOCH (INT64_C(946684800) * TRIAGE_SECOND)

static inline void
triage_put_u32(char *at, uint32_t value)
{
    at[0] = (char) (value >> 24);
    at[1] = (char) (value >> 16);
    at[2] = (char) (value >> 8);
    at[3] = (char) value;
}

static inline void
triage_put_u64(char *at, uint64_t value)
{
    triage_put_u32(at, (uint32_t) (value >> 32));
    triage_put_u32(at + 4, (uint32_t) value);
}

static inline uint32_t
triage_get_u32(const char *at)
{
    const unsigned char *byte = (const unsigned char *) at;

    return (uint32_t) byte[0] << 24 | (uint32_t) byte[1] << 16
           | (uint32_t) byte[2] << 8 | byte[3];
}

static inline uint64_t
triage_get_u64(const char *at)
{
    return (uint64_t) triage_get_u32(at) << 32 | triage_get_u32(at + 4);
}

#endif
