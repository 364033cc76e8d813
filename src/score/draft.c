#include "draft.h"

#include <stdlib.h>
#include <string.h>

bool
triage_draft_init(triage_draft_t *draft)
{
    int head;

    memset(draft, 0, sizeof(*draft));
    draft->gain = 1.0;
    for (head = 0; head < TRIAGE_HEAD_COUNT; head++) {
        draft->heads[head] =
            calloc(TRIAGE_NGRAM_BUCKETS, sizeof(*draft->heads[head]));
        if (draft->heads[head] == NULL) {
            return false;
        }
    }
    return true;
}

void
triage_draft_free(triage_draft_t *draft)
{
    int head;

    for (head = 0; head < TRIAGE_HEAD_COUNT; head++) {
        free(draft->heads[head]);
    }
    memset(draft, 0, sizeof(*draft));
}

void
triage_draft_add(triage_draft_t *draft, const triage_model_t *model,
                 double times)
{
    double unit;
    size_t i;
    int head;

    for (i = 0; i < TRIAGE_SIGNAL_COUNT; i++) {
        draft->added[i] += times * model->added[i];
    }
    for (head = 0; head < TRIAGE_HEAD_COUNT; head++) {
        draft->bias[head] += times * model->bias[head];
        unit = times * model->scale[head] / 1024.0;
        for (i = 0; model->table != NULL && i < TRIAGE_NGRAM_BUCKETS; i++) {
            draft->heads[head][i] +=
                (float) (unit
                         * model
                               ->table[i * TRIAGE_HEAD_COUNT + (size_t) head]);
        }
    }
}

static int64_t
nearest(double number)
{
    return (int64_t) (number < 0 ? number - 0.5 : number + 0.5);
}

static void
put(triage_buffer_t *buffer, uint64_t number, size_t size)
{
    size_t i;

    for (i = 0; i < size; i++) {
        triage_buffer_add_byte(buffer, (char) (number >> (8 * i) & 0xFF));
    }
}

static void
put_signed(triage_buffer_t *buffer, double number)
{
    put(buffer, (uint64_t) nearest(number) & 0xFFFFFFFF, 4);
}

/* The value of one step of a byte: the largest weight is 127. */
static double
step_of(const float *weights)
{
    double largest = 0, weight;
    size_t i;

    for (i = 0; i < TRIAGE_NGRAM_BUCKETS; i++) {
        weight = weights[i] < 0 ? -(double) weights[i] : (double) weights[i];
        largest = weight > largest ? weight : largest;
    }
    return largest / 127.0;
}

static void
put_rows(const triage_draft_t *draft, triage_buffer_t *buffer)
{
    char name[24];
    size_t i;

    for (i = 0; i < TRIAGE_SIGNAL_COUNT; i++) {
        memset(name, 0, sizeof(name));
        memcpy(name, triage_signals[i].name, strlen(triage_signals[i].name));
        triage_buffer_add(buffer, (triage_text_t){ name, sizeof(name) });
        put_signed(buffer, draft->added[i]);
        put(buffer, 0, 4);
    }
    while (buffer->len % 64 != 0) {
        triage_buffer_add_byte(buffer, 0);
    }
}

static void
put_table(const triage_draft_t *draft, const double *steps,
          triage_buffer_t *buffer)
{
    char *table = triage_buffer_extend(buffer, (size_t) TRIAGE_NGRAM_BUCKETS
                                                   * TRIAGE_HEAD_COUNT);
    size_t i;
    int head;

    if (table == NULL) {
        return;
    }
    for (i = 0; i < TRIAGE_NGRAM_BUCKETS; i++) {
        for (head = 0; head < TRIAGE_HEAD_COUNT; head++) {
            *table++ = steps[head] > 0 ? (char) nearest(
                           (double) draft->heads[head][i] / steps[head])
                                       : 0;
        }
    }
}

bool
triage_draft_write(const triage_draft_t *draft, triage_buffer_t *buffer)
{
    double steps[TRIAGE_HEAD_COUNT];
    triage_buffer_t sum = { NULL, 0, 0, false };
    int head;

    triage_buffer_clear(buffer);
    triage_buffer_add(buffer, triage_text("triageM1"));
    put(buffer, 1, 4);
    put(buffer, TRIAGE_NGRAM_BITS, 4);
    put(buffer, TRIAGE_SIGNAL_COUNT, 4);
    put(buffer, draft->correction_count, 4);
    for (head = 0; head < TRIAGE_HEAD_COUNT; head++) {
        put_signed(buffer, draft->bias[head]);
    }
    for (head = 0; head < TRIAGE_HEAD_COUNT; head++) {
        /* The scale is a whole number, and the step must be that one. */
        steps[head] =
            (double) nearest(step_of(draft->heads[head]) * 1024.0 + 0.5)
            / 1024.0;
        put_signed(buffer, steps[head] * 1024.0);
    }
    put_signed(buffer, draft->gain * 1024.0);
    put(buffer, 0, 4);
    put(buffer, 0, 8);
    put_rows(draft, buffer);
    put_table(draft, steps, buffer);
    if (buffer->has_failed) {
        return false;
    }

    put(&sum,
        triage_model_checksum((triage_text_t){ buffer->data, buffer->len }),
        8);
    if (sum.has_failed) {
        return false;
    }
    memcpy(buffer->data + 64, sum.data, 8);
    triage_buffer_free(&sum);
    return true;
}
