/*
 * The formula is that of docs/scoring.md: the logarithms of followers and of
 * posts (somebody who posts a lot is read less each time), reply, link and
 * media, all in hundredths of a point.
 */
#include "visibility.h"

/* One unit of ln(1 + followers) in hundredths of a point. */
#define UNIT 700

typedef struct {
    int32_t audience;      /* who can see it at all */
    int32_t unknown;       /* where the platform tells no followers */
    int32_t per_follower;  /* a unit of ln(1 + followers), hundredths of it */
    int32_t per_engaged;   /* a unit of ln(1 + engagement) */
} weights_t;

static const weights_t weights[TRIAGE_AUDIENCE_COUNT] = {
    [TRIAGE_PUBLIC] = { 3000, 1500, UNIT, 900 },
    [TRIAGE_LIMITED] = { 1500, 0, 0, 600 },
    [TRIAGE_PRIVATE] = { 0, 0, 0, 0 },
};

/* ln(1 + count) in thousandths, by straight lines between powers of two:
 * never decreasing, at most 6 hundredths too low, the same everywhere. */
static int64_t
log_of(int64_t count)
{
    uint64_t number = (count < 0 ? 0 : (uint64_t) count) + 1;
    uint64_t power = 1;
    int64_t whole = 0, part;

    if (number > UINT64_C(1) << 40) {
        number = UINT64_C(1) << 40;
    }
    while (power * 2 <= number) {
        power *= 2;
        whole++;
    }
    part = (int64_t) ((number - power) * 1000 / power);
    return (whole * 1000 + part) * 693 / 1000;
}

static int64_t
known(int64_t count)
{
    return count < 0 ? 0 : count;
}

static void
add(triage_term_t *terms, size_t *count, triage_text_t signal, int64_t points)
{
    if (points == 0) {
        return;
    }
    terms[*count].signal = signal;
    terms[*count].urgency = 0;
    terms[*count].visibility = (int32_t) points;
    (*count)++;
}

static void
add_author(const triage_message_t *message, const weights_t *weight,
           triage_term_t *terms, size_t *count)
{
    if (message->author_followers < 0) {
        add(terms, count, triage_text("followers_unknown"), weight->unknown);
        return;
    }
    add(terms, count, triage_text("followers"),
        log_of(message->author_followers) * weight->per_follower / 1000);
    if (message->author_posts >= 0) {
        add(terms, count, triage_text("posts"),
            -log_of(message->author_posts) * weight->per_follower / 2000);
    }
}

size_t
triage_visibility_terms(const triage_message_t *message, bool has_link,
                        triage_term_t *terms)
{
    const weights_t *weight = &weights[message->audience];
    int64_t engaged;
    size_t count = 0;

    add(terms, &count, triage_text("audience"), weight->audience);
    if (weight->per_follower > 0) {
        add_author(message, weight, terms, &count);
        if (message->parent_id.data != NULL
            && message->kind != TRIAGE_COMMENT)
        {
            add(terms, &count, triage_text("reply"), -UNIT / 2);
        }
        if (has_link) {
            add(terms, &count, triage_text("link"), -UNIT * 8 / 10);
        }
        if (message->has_media) {
            add(terms, &count, triage_text("media"), UNIT * 6 / 10);
        }
    }
    /* A share shows it to new people, a like only says that one saw it. */
    engaged = known(message->likes) + 2 * known(message->replies)
              + 4 * known(message->shares);
    add(terms, &count, triage_text("engagement"),
        log_of(engaged) * weight->per_engaged / 1000);
    return count;
}
