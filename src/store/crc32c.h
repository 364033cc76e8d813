/*
 * CRC-32C (Castagnoli), as in RFC 3720: what processors compute themselves.
 */
#ifndef TRIAGE_CRC32C_H
#define TRIAGE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* Goes on from `crc`, which is 0 at the beginning, or a seed. */
uint32_t triage_crc32c(uint32_t crc, const void *data, size_t len);
/* The same with nothing but tables, for the tests. */
uint32_t triage_crc32c_portable(uint32_t crc, const void *data, size_t len);

#endif
