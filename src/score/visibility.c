/*
 * The formula is that of docs/scoring.md: who can see it at all, how far the
 * author's voice carries on this platform, and the engagement that was
 * measured.
 */
#include "visibility.h"

#define LONGEST 200 /* letters and digits that count */

/* Hundredths of a point. */
typedef struct {
    int32_t audience;    /* who can see it at all */
    int32_t per_engaged; /* a unit of ln(1 + engagement) */
    bool has_author;     /* what the platform makes of its author counts */
} weights_t;

static const weights_t weights[TRIAGE_AUDIENCE_COUNT] = {
    [TRIAGE_PUBLIC] = { 3300, 900, true },
    [TRIAGE_LIMITED] = { 1500, 600, false },
    [TRIAGE_PRIVATE] = { 0, 0, false },
};

/* How a platform spreads what is said on it. */
typedef struct {
    int32_t followers; /* a unit of ln(1 + followers) */
    int32_t posts;     /* a unit of ln(1 + posts): who posts a lot is read less
                          each time */
    int32_t reply;
    int32_t link;
    int32_t media;
    int32_t length;  /* a letter or digit */
    int32_t unknown; /* where nobody tells the followers */
    int32_t review;  /* where they make no difference */
} reach_t;

/* Measured: ../shared/scoring/README.md, "Visibility", a unit of it being 7
 * points.  That links are passed over, and how much pictures and length help,
 * is the doing of one platform and its users, and stays there. */
static const reach_t measured = { 700, -420, -700, -1050, 490, 5, 1200, 0 };

/* Posts go to the author's followers, replies only to those who follow both:
 * how a time line works, wherever there is one. */
static const reach_t feed = { 700, -420, -700, 0, 0, 0, 1200, 0 };

/* What is said stands under somebody else's post or on the brand's own page:
 * the author's followers do not come by.  A review stays on top of that page
 * and is read before buying. */
static const reach_t place = { 0, 0, 0, 0, 0, 0, 1200, 2000 };

static const struct {
    triage_text_t platform;
    const reach_t *reach;
} reaches[] = {
    { TRIAGE_TEXT("x"), &measured },
    { TRIAGE_TEXT("facebook"), &place },
    { TRIAGE_TEXT("instagram"), &place },
    { TRIAGE_TEXT("youtube"), &place },
    { TRIAGE_TEXT("tiktok"), &place },
    { TRIAGE_TEXT("google-business"), &place },
    { TRIAGE_TEXT("trustpilot"), &place },
    { TRIAGE_TEXT("disqus"), &place },
    { TRIAGE_TEXT("discourse"), &place },
    { TRIAGE_TEXT("ghost"), &place },
};

static const reach_t *
reach_of(triage_text_t platform)
{
    size_t i;

    for (i = 0; i < sizeof(reaches) / sizeof(reaches[0]); i++) {
        if (triage_text_equal(platform, reaches[i].platform)) {
            return reaches[i].reach;
        }
    }
    return &feed;
}

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
add_author(const triage_message_t *message, const reach_t *reach,
           triage_term_t *terms, size_t *count)
{
    if (reach->followers == 0 && message->kind == TRIAGE_REVIEW) {
        add(terms, count, triage_text("review"), reach->review);
        return;
    }
    if (reach->followers == 0 || message->author_followers < 0) {
        add(terms, count, triage_text("followers_unknown"), reach->unknown);
        return;
    }
    add(terms, count, triage_text("followers"),
        log_of(message->author_followers) * reach->followers / 1000);
    if (message->author_posts >= 0) {
        add(terms, count, triage_text("posts"),
            log_of(message->author_posts) * reach->posts / 1000);
    }
}

/* A post that starts with a handle is a reply, whether or not the platform
 * says to what.  Under a post of somebody else's everything is one, which
 * says nothing. */
static bool
is_reply(const triage_message_t *message, const triage_shapes_t *shapes)
{
    return message->kind != TRIAGE_COMMENT
           && (message->parent_id.data != NULL || shapes->starts_with_handle);
}

static void
add_post(const triage_message_t *message, const triage_shapes_t *shapes,
         const reach_t *reach, triage_term_t *terms, size_t *count)
{
    unsigned length =
        shapes->characters < LONGEST ? shapes->characters : LONGEST;

    if (is_reply(message, shapes)) {
        add(terms, count, triage_text("reply"), reach->reply);
    }
    if (shapes->links > 0) {
        add(terms, count, triage_text("link"), reach->link);
    }
    if (message->has_media) {
        add(terms, count, triage_text("media"), reach->media);
    }
    add(terms, count, triage_text("post_length"),
        (int64_t) length * reach->length);
}

size_t
triage_visibility_terms(triage_text_t platform,
                        const triage_message_t *message,
                        const triage_shapes_t *shapes, triage_term_t *terms)
{
    const weights_t *weight = &weights[message->audience];
    const reach_t *reach;
    int64_t engaged;
    size_t count = 0;

    add(terms, &count, triage_text("audience"), weight->audience);
    if (weight->has_author) {
        reach = reach_of(platform);
        add_author(message, reach, terms, &count);
        add_post(message, shapes, reach, terms, &count);
    }
    /* A share shows it to new people, a like only says that one saw it. */
    engaged = known(message->likes) + 2 * known(message->replies)
              + 4 * known(message->shares);
    add(terms, &count, triage_text("engagement"),
        log_of(engaged) * weight->per_engaged / 1000);
    return count;
}
