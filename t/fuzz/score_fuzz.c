/* Any UTF-8 as what somebody wrote: the score is in its range, the same
 * again, and its terms add up to it. */
#include "../../src/base/json.h"
#include "../../src/score/scorer.h"
#include "fuzz.h"

static triage_scorer_t *scorer;

static void
expect_sum(const triage_score_t *score)
{
    int64_t urgency = 0, visibility = 0;

    for (size_t i = 0; i < score->term_count; i++) {
        urgency += score->terms[i].urgency;
        visibility += score->terms[i].visibility;
        fuzz_expect_words(score->terms[i].signal);
        fuzz_expect(score->terms[i].urgency != 0
                        || score->terms[i].visibility != 0,
                    "a term of nothing");
    }

    fuzz_expect(score->term_count <= TRIAGE_TERMS_MAX, "too many terms");
    fuzz_expect(urgency == score->urgency && visibility == score->visibility,
                "terms that do not add up");
    fuzz_expect(score->urgency >= 0 && score->urgency <= 10000
                    && score->visibility >= 0 && score->visibility <= 10000
                    && score->spam >= 0 && score->spam <= 10000,
                "a score out of its range");
}

static void
score_words(triage_text_t words, const uint8_t *data, size_t size)
{
    triage_message_t message = {
        .kind = (triage_kind_t) (size % TRIAGE_KIND_COUNT),
        .audience = (triage_audience_t) (size % TRIAGE_AUDIENCE_COUNT),
        .text = words,
        .author_followers = size > 8 ? (int64_t) data[0] << data[1] % 40 : -1,
        .likes = size > 8 ? data[2] : TRIAGE_UNKNOWN,
        .stars = size > 8 ? data[3] % 7 - 1 : TRIAGE_UNKNOWN,
        .shares = TRIAGE_UNKNOWN,
        .replies = TRIAGE_UNKNOWN,
        .author_verified = TRIAGE_UNKNOWN,
        .author_posts = TRIAGE_UNKNOWN,
    };
    triage_heap_t heap = { 0 };
    triage_arena_t arena;
    triage_score_t first, again;

    triage_arena_on_heap(&arena, &heap);
    triage_score(scorer, triage_no_text, &message, &arena, &first);
    triage_score(scorer, triage_no_text, &message, &arena, &again);
    expect_sum(&first);
    fuzz_expect(first.urgency == again.urgency
                    && first.visibility == again.visibility
                    && first.spam == again.spam
                    && first.term_count == again.term_count,
                "another score the second time");
    triage_heap_free(&heap);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *next = (const char *) data;
    const char *end = next + size;
    const char *why;

    if (scorer == NULL) {
        scorer = triage_scorer_open(triage_no_text, &why);
        fuzz_expect(scorer != NULL, "no scorer");
    }

    /* texts are UTF-8 without NUL before they are scored */
    while (next < end) {
        unsigned len = triage_utf8_length(next, end);

        if (len == 0 || *next == '\0') {
            return 0;
        }
        next += len;
    }

    if (size > 0) {
        score_words((triage_text_t){ (const char *) data, size }, data, size);
    }

    return 0;
}
