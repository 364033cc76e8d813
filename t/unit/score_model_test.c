#include "../../src/score/draft.h"
#include "../../src/score/scorer.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

static const char *why;

static bool
reads(const triage_buffer_t *bytes, size_t len)
{
    triage_model_t model;

    return triage_model_read(&model, (triage_text_t){ bytes->data, len },
                             &why);
}

static void
weights_come_back(const triage_draft_t *draft, const triage_buffer_t *bytes)
{
    triage_model_t model;
    triage_draft_t again;
    double error = (double) draft->heads[0][7] - 100.0;

    ok(triage_model_read(&model, (triage_text_t){ bytes->data, bytes->len },
                         &why),
       "a model that was written can be read");
    ok(model.correction_count == 42 && model.gain == 1536
           && model.bias[TRIAGE_HEAD_URGENCY] == -125
           && model.added[TRIAGE_LOST] == 77,
       "its numbers come back");
    ok(triage_draft_init(&again), "a draft of it");
    triage_draft_add(&again, &model, 1);
    error = (double) again.heads[0][7] - 100.0;
    ok(error < 0.5 && error > -0.5, "its weights too, to a byte");
    error = (double) again.heads[2][9] + 55.0;
    ok(error < 0.5 && error > -0.5, "each in its own head");
    triage_draft_free(&again);
    ok(triage_model_points(&model, TRIAGE_HEAD_URGENCY, 127,
                           triage_model_root(4))
           == 127 * model.scale[0] / 2048,
       "a sum is divided by the root of the count");
    ok(triage_model_points(&model, TRIAGE_HEAD_URGENCY, 0,
                           triage_model_root(0))
           == 0,
       "nothing is nothing");
}

static void
damage_is_seen(triage_buffer_t *bytes)
{
    char kept = bytes->data[5000];

    bytes->data[5000] ^= 1;
    ok(!reads(bytes, bytes->len) && strstr(why, "checksum") != NULL,
       "a flipped bit");
    bytes->data[5000] = kept;
    ok(!reads(bytes, bytes->len - 1) && strstr(why, "size") != NULL,
       "a lost byte");
    ok(!reads(bytes, 10), "hardly anything");
    ok(!reads(bytes, 0), "nothing");
    bytes->data[8] = 2;
    ok(!reads(bytes, bytes->len) && strstr(why, "version") != NULL,
       "another version");
    bytes->data[8] = 1;
    bytes->data[16] = (char) 0xFF;
    bytes->data[19] = (char) 0xFF;
    ok(!reads(bytes, bytes->len), "a count beyond the file");
    bytes->data[0] = 'x';
    ok(!reads(bytes, bytes->len) && strstr(why, "not a model") != NULL,
       "another file");
    ok(triage_scorer_open((triage_text_t){ bytes->data, bytes->len }, &why)
           == NULL,
       "and no scorer opens with it");
}

int
main(void)
{
    triage_draft_t draft;
    triage_buffer_t bytes = { NULL, 0, 0, false };

    if (!ok(triage_draft_init(&draft), "a draft")) {
        return done_testing();
    }
    draft.gain = 1.5;
    draft.correction_count = 42;
    draft.bias[TRIAGE_HEAD_URGENCY] = -125;
    draft.added[TRIAGE_LOST] = 77;
    draft.heads[0][7] = 100;
    draft.heads[0][8] = -50;
    draft.heads[2][9] = -55;
    ok(triage_draft_write(&draft, &bytes), "is written");
    weights_come_back(&draft, &bytes);
    damage_is_seen(&bytes);
    triage_buffer_free(&bytes);
    triage_draft_free(&draft);
    return done_testing();
}
