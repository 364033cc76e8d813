#include "crc32c.h"

#include <string.h>

/* Four bits at a time: 64 bytes of table, for machines that are rare. */
static const uint32_t nibbles[16] = {
    0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3,
    0x61c69362, 0x7198540d, 0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9,
    0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75
};

uint32_t
triage_crc32c_portable(uint32_t crc, const void *data, size_t len)
{
    const uint8_t *at = data;

    crc = ~crc;
    while (len-- > 0) {
        crc ^= *at++;
        crc = crc >> 4 ^ nibbles[crc & 15];
        crc = crc >> 4 ^ nibbles[crc & 15];
    }

    return ~crc;
}

#if defined(__x86_64__) && defined(__GNUC__)

__attribute__((target("sse4.2"))) static uint32_t
crc32c_sse42(uint32_t crc, const void *data, size_t len)
{
    const uint8_t *at = data;
    uint64_t wide = (uint32_t) ~crc;

    for (; len >= 8; len -= 8, at += 8) {
        uint64_t word;

        memcpy(&word, at, 8);
        wide = __builtin_ia32_crc32di(wide, word);
    }

    crc = (uint32_t) wide;
    while (len-- > 0) {
        crc = __builtin_ia32_crc32qi(crc, *at++);
    }

    return ~crc;
}

uint32_t
triage_crc32c(uint32_t crc, const void *data, size_t len)
{
    return __builtin_cpu_supports("sse4.2")
               ? crc32c_sse42(crc, data, len)
               : triage_crc32c_portable(crc, data, len);
}

#else

uint32_t
triage_crc32c(uint32_t crc, const void *data, size_t len)
{
    return triage_crc32c_portable(crc, data, len);
}

#endif
