/*
 * The formula is that of docs/scoring.md: the logarithms of followers and of
 * posts (somebody who posts a lot is read less each time), reply, link, media
 * and length.
 */
#include "visibility.h"

/* In hundredths of a point; UNIT is one of ln(1 + followers). */
#define UNIT 700
#define POSTS (-UNIT * 6 / 10) /* one of ln(1 + posts) */
#define REPLY (-UNIT)
#define LINK (-UNIT * 3 / 2)
#define MEDIA (UNIT * 7 / 10)
#define LENGTH 5 /* a letter or digit, up to LONGEST */
#define LONGEST 200

typedef struct {
    int32_t audience;    /* who can see it at all */
    int32_t unknown;     /* where the platform tells no followers */
    int32_t per_engaged; /* a unit of ln(1 + engagement) */
    bool has_author;     /* the author's own followers see it */
} weights_t;

static const weights_t weights[TRIAGE_AUDIENCE_COUNT] = {
    [TRIAGE_PUBLIC] = { 3300, 1200, 900, true },
    [TRIAGE_LIMITED] = { 1500, 0, 600, false },
    [TRIAGE_PRIVATE] = { 0, 0, 0, false },
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
    const int64_t most = INT64_C(1) << 40; /* no sum of three overflows */

    return count < 0 ? 0 : count < most ? count : most;
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
        log_of(message->author_followers) * UNIT / 1000);
    if (message->author_posts >= 0) {
        add(terms, count, triage_text("posts"),
            log_of(message->author_posts) * POSTS / 1000);
    }
}

/* What kind of post it is.  Under a post of somebody else's everything is a
 * reply, which says nothing. */
static void
add_post(const triage_message_t *message, const triage_shapes_t *shapes,
         triage_term_t *terms, size_t *count)
{
    unsigned length = shapes->characters;

    if (message->parent_id.data != NULL && message->kind != TRIAGE_COMMENT) {
        add(terms, count, triage_text("reply"), REPLY);
    }
    if (shapes->links > 0) {
        add(terms, count, triage_text("link"), LINK);
    }
    if (message->has_media) {
        add(terms, count, triage_text("media"), MEDIA);
    }
    add(terms, count, triage_text("post_length"),
        (int64_t) (length < LONGEST ? length : LONGEST) * LENGTH);
}

size_t
triage_visibility_terms(const triage_message_t *message,
                        const triage_shapes_t *shapes, triage_term_t *terms)
{
    const weights_t *weight = &weights[message->audience];
    int64_t engaged;
    size_t count = 0;

    add(terms, &count, triage_text("audience"), weight->audience);
    if (weight->has_author) {
        add_author(message, weight, terms, &count);
        add_post(message, shapes, terms, &count);
    }
    /* A share shows it to new people, a like only says that one saw it. */
    engaged = known(message->likes) + 2 * known(message->replies)
              + 4 * known(message->shares);
    add(terms, &count, triage_text("engagement"),
        log_of(engaged) * weight->per_engaged / 1000);
    return count;
}
