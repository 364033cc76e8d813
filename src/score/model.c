#include "model.h"

#include <string.h>

#define HEADER 72
#define CHECKSUM_AT 64
#define ROW 32
#define NAME 24
#define ROWS_MAX 1024
#define ALIGNED 64

static const char magic[] = "triageM1";

static uint32_t
get_u32(const char *data)
{
    const uint8_t *bytes = (const uint8_t *) data;

    return (uint32_t) bytes[0] | (uint32_t) bytes[1] << 8
           | (uint32_t) bytes[2] << 16 | (uint32_t) bytes[3] << 24;
}

static int32_t
get_i32(const char *data)
{
    return (int32_t) get_u32(data);
}

static uint64_t
get_u64(const char *data)
{
    return get_u32(data) | (uint64_t) get_u32(data + 4) << 32;
}

void
triage_model_init(triage_model_t *model)
{
    memset(model, 0, sizeof(*model));
    model->gain = 1024;
}

static size_t
table_offset(size_t signal_count)
{
    size_t end = HEADER + signal_count * ROW;

    return (end + ALIGNED - 1) / ALIGNED * ALIGNED;
}

size_t
triage_model_size(size_t signal_count)
{
    return table_offset(signal_count)
           + (size_t) TRIAGE_NGRAM_BUCKETS * TRIAGE_HEAD_COUNT;
}

uint64_t
triage_model_checksum(triage_text_t bytes)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    size_t i;

    for (i = 0; i < bytes.len; i++) {
        if (i == CHECKSUM_AT) {
            i += 8;
            if (i >= bytes.len) {
                break;
            }
        }
        hash = (hash ^ (uint8_t) bytes.data[i]) * UINT64_C(0x100000001B3);
    }
    return hash;
}

/* Rows of signals that this version does not have are passed over. */
static void
read_rows(triage_model_t *model, const char *row, size_t count)
{
    triage_text_t name;
    size_t i;
    int signal;

    for (i = 0; i < count; i++, row += ROW) {
        name = (triage_text_t){ row, strnlen(row, NAME) };
        signal = triage_signal_find(name);
        if (signal != TRIAGE_NO_SIGNAL) {
            model->added[signal] = get_i32(row + NAME);
        }
    }
}

bool
triage_model_read(triage_model_t *model, triage_text_t bytes, const char **why)
{
    size_t rows, i;

    triage_model_init(model);
    if (bytes.len < HEADER || memcmp(bytes.data, magic, 8) != 0) {
        *why = "not a model of triage";
        return false;
    }
    if (get_u32(bytes.data + 8) != 1
        || get_u32(bytes.data + 12) != TRIAGE_NGRAM_BITS)
    {
        *why = "a model of another version";
        return false;
    }
    rows = get_u32(bytes.data + 16);
    if (rows > ROWS_MAX || bytes.len != triage_model_size(rows)) {
        *why = "a model of the wrong size";
        return false;
    }
    if (triage_model_checksum(bytes) != get_u64(bytes.data + CHECKSUM_AT)) {
        *why = "a damaged model: its checksum is wrong";
        return false;
    }

    model->correction_count = get_u32(bytes.data + 20);
    for (i = 0; i < TRIAGE_HEAD_COUNT; i++) {
        model->bias[i] = get_i32(bytes.data + 24 + 4 * i);
        model->scale[i] = get_i32(bytes.data + 40 + 4 * i);
    }
    model->gain = get_i32(bytes.data + 56);
    read_rows(model, bytes.data + HEADER, rows);
    model->table = (const int8_t *) bytes.data + table_offset(rows);
    return true;
}

static uint32_t
root_of(uint64_t number)
{
    uint64_t root = 0, bit;

    if (number == 0) {
        return 0;
    }

    /* the largest power of four that is not above it */
    bit = UINT64_C(1) << ((63 - __builtin_clzll(number)) & ~1);

    while (bit != 0) {
        if (number >= root + bit) {
            number -= root + bit;
            root = (root >> 1) + bit;
        } else {
            root >>= 1;
        }
        bit >>= 2;
    }
    return (uint32_t) root;
}

int64_t
triage_model_root(size_t count)
{
    /* The root of count * 2^20 is that of count, times 2^10. */
    return root_of((uint64_t) count << 20);
}

int32_t
triage_model_points(const triage_model_t *model, triage_head_t head,
                    int64_t sum, int64_t root)
{
    return root == 0 ? 0 : (int32_t) (sum * model->scale[head] / root);
}
