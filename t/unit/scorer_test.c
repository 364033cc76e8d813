#include "../../src/score/scorer.h"
#include "tap.h"

#include <string.h>

static const triage_scorer_t *scorer;

static const char *const samples[] = {
    "",
    "Hello",
    "stranded at the airport with my kids, flight cancelled, nobody helps",
    "my card was stolen and money is gone",
    "thanks, great service",
    "what are your opening hours?",
    "Meine Karte wurde gestohlen!!! Bitte sofort sperren, 200 \u20ac weg",
    "\u0645\u0631\u062D\u0628\u0627 \u0627\u0644\u062D\u0633\u0627\u0628 "
    "\u0644\u0627 \u064A\u0639\u0645\u0644 \u0645\u0646\u0630 3 "
    "\u0623\u064A\u0627\u0645",
    "\xF0\x9F\x98\xA1\xF0\x9F\x98\xA1 http://example.org/1 @a @b #12345",
    "\xFF\xFE broken \xC3 bytes \xE2\x82",
};
#define SAMPLES (sizeof(samples) / sizeof(samples[0]))

static triage_message_t
message_of(const char *text)
{
    triage_message_t message;

    triage_message_init(&message);
    message.kind = TRIAGE_MESSAGE;
    message.audience = TRIAGE_PUBLIC;
    message.text = triage_text_of(text);

    return message;
}

/* The score without its terms. */
static triage_score_t
score_on(const char *platform, const triage_message_t *message)
{
    triage_heap_t heap = { NULL, 0 };
    triage_arena_t arena;
    triage_score_t score;

    triage_arena_on_heap(&arena, &heap);
    triage_score(scorer, triage_text_of(platform), message, &arena, &score);
    triage_heap_free(&heap);
    score.terms = NULL;
    return score;
}

static triage_score_t
score_of(const triage_message_t *message)
{
    return score_on("x", message);
}

static triage_score_t
score_text(const char *text)
{
    triage_message_t message = message_of(text);

    return score_of(&message);
}

static bool
adds_up(const triage_message_t *message)
{
    triage_heap_t heap = { NULL, 0 };
    triage_arena_t arena;
    triage_score_t score;
    int64_t urgency = 0, visibility = 0;
    size_t i;

    triage_arena_on_heap(&arena, &heap);
    triage_score(scorer, triage_text("x"), message, &arena, &score);
    for (i = 0; i < score.term_count; i++) {
        urgency += score.terms[i].urgency;
        visibility += score.terms[i].visibility;
    }
    triage_heap_free(&heap);
    return urgency == score.urgency && visibility == score.visibility
           && score.urgency >= 0 && score.urgency <= 10000
           && score.visibility >= 0 && score.visibility <= 10000
           && score.spam >= 0 && score.spam <= 10000;
}

static void
scores_make_sense(void)
{
    ok(score_text(samples[2]).urgency >= 7000, "stranded is urgent");
    ok(score_text(samples[3]).urgency >= 8000, "stolen is a crisis");
    ok(score_text(samples[4]).urgency < 1000, "thanks are not");
    ok(score_text(samples[5]).urgency >= 1000
           && score_text(samples[5]).urgency < 3000,
       "a question can wait");
    ok(score_text("This is NOT great service").urgency
           > score_text("This is great service").urgency + 1000,
       "praise that is negated is none");
    ok(score_text("I am not happy").urgency > score_text("I am happy").urgency,
       "nor is happiness");
    ok(score_text("not urgent").urgency < score_text("urgent").urgency,
       "what is not urgent is less urgent");
    ok(score_text("WINNER! You have won a free prize, call 08712345678 to "
                  "claim, txt STOP")
               .spam
           > 8000,
       "spam is seen");
    ok(score_text(samples[2]).spam < 5000, "a plea is no spam");
}

static void
scores_are_exact(void)
{
    triage_message_t message;
    triage_score_t score, again;
    size_t i;
    bool is_same = true, is_exact = true;

    for (i = 0; i < SAMPLES; i++) {
        message = message_of(samples[i]);
        message.author_followers = (int64_t) i * 1000;
        message.shares = (int64_t) i;
        is_exact = is_exact && adds_up(&message);
        score = score_of(&message);
        again = score_of(&message);
        is_same = is_same && score.urgency == again.urgency
                  && score.visibility == again.visibility
                  && score.spam == again.spam;
    }
    ok(is_exact, "terms add up to the score");
    ok(is_same, "the same message gets the same score");
}

static void
text_may_be_anything(void)
{
    static char text[70000];
    triage_message_t message = message_of("");
    uint32_t seed = 1;
    size_t i, round;
    bool is_exact = true;

    for (round = 0; round < 300; round++) {
        for (i = 0; i < sizeof(text); i++) {
            seed = seed * 1664525 + 1013904223;
            text[i] = round % 2 ? (char) (seed >> 24)
                                : " ab.!?0$@#'\n-:/"[seed >> 28];
        }
        message.text = (triage_text_t){ text, round * 233 % sizeof(text) };
        is_exact = is_exact && adds_up(&message);
    }
    memset(text, 'a', sizeof(text));
    message.text = (triage_text_t){ text, sizeof(text) };
    ok(is_exact && adds_up(&message), "any bytes are scored");
}

/* What is seen of a message must not change how soon it is answered. */
static void
visibility_never_pushes_back(void)
{
    static const int64_t counts[] = { TRIAGE_UNKNOWN, 0,       1,        50,
                                      1000,           1000000, INT64_MAX };
    triage_message_t message;
    triage_score_t plain, score;
    int32_t last;
    size_t i, j;
    bool is_equal = true, is_rising = true;

    for (i = 0; i < SAMPLES; i++) {
        message = message_of(samples[i]);
        plain = score_of(&message);
        for (j = 0; j < 7; j++) {
            message = message_of(samples[i]);
            message.author_followers = counts[j];
            message.author_posts = counts[6 - j];
            message.likes = counts[(i + j) % 7];
            message.shares = counts[(i * j) % 7];
            message.author_verified = (int64_t) j % 2;
            message.audience = (triage_audience_t) (j % 3);
            message.has_media = j % 2 == 0;
            score = score_of(&message);
            is_equal = is_equal && score.urgency == plain.urgency
                       && score.spam == plain.spam;
            is_equal = is_equal && adds_up(&message);
        }
        message = message_of(samples[i]);
        last = -1;
        for (j = 0; j < 7; j++) {
            message.shares = counts[j];
            score = score_of(&message);
            is_rising = is_rising && score.visibility >= last;
            last = score.visibility;
        }
    }
    ok(is_equal, "reach does not change urgency");
    ok(is_rising, "engagement never lowers visibility");
}

static void
visibility_makes_sense(void)
{
    triage_message_t message = message_of("my card was stolen");
    int32_t few, many;

    message.author_followers = 10;
    message.author_posts = 100;
    few = score_of(&message).visibility;
    message.author_followers = 1000000;
    many = score_of(&message).visibility;
    ok(many > few, "followers are seen");
    ok(many >= 6000, "a million followers make a crisis");
    message.author_posts = 1000000;
    ok(score_of(&message).visibility < many, "posts share the attention");
    message.parent_id = triage_text("1");
    message.kind = TRIAGE_MENTION;
    ok(score_of(&message).visibility < many, "a reply is seen by fewer");
    message.audience = TRIAGE_PRIVATE;
    ok(score_of(&message).visibility == 0, "private is 0");
    message.audience = TRIAGE_LIMITED;
    ok(score_of(&message).visibility > 0
           && score_of(&message).visibility < many,
       "a closed group is in between");
}

static void
platforms_differ(void)
{
    triage_message_t message = message_of("my card was stolen");
    triage_message_t linked = message_of("my card was stolen http://a.b/c");
    triage_message_t reply = message_of("@brand my card was stolen");
    int32_t few;

    message.kind = linked.kind = reply.kind = TRIAGE_MENTION;
    ok(score_on("x", &linked).visibility < score_on("x", &message).visibility,
       "links are passed over where that was measured");
    ok(score_on("mastodon", &linked).visibility
           == score_on("mastodon", &message).visibility,
       "and not elsewhere");
    ok(score_on("mastodon", &reply).visibility
           < score_on("mastodon", &message).visibility,
       "a post that starts with a handle is a reply");
    few = score_on("mastodon", &message).visibility;
    message.author_followers = 100000;
    ok(score_on("mastodon", &message).visibility > few,
       "a time line is followed");
    message.kind = TRIAGE_COMMENT;
    ok(score_on("facebook", &message).visibility == few,
       "nobody follows a comment");
    few = score_on("trustpilot", &message).visibility;
    message.kind = TRIAGE_REVIEW;
    ok(score_on("trustpilot", &message).visibility > few,
       "a review stays where it is read");
    message.audience = TRIAGE_PRIVATE;
    ok(score_on("x", &message).visibility == 0
           && score_on("trustpilot", &message).visibility == 0,
       "private is 0 everywhere");
}

static void
address_is_told(void)
{
    triage_message_t message = message_of("acme is the worst airline");

    message.kind = TRIAGE_MENTION;
    ok(!score_of(&message).is_addressed, "talk about the brand is not to it");
    message.parent_id = triage_text("1");
    ok(score_of(&message).is_addressed, "a reply is");
    message = message_of("@acme is the worst airline");
    message.kind = TRIAGE_MENTION;
    ok(score_of(&message).is_addressed, "so is what starts with a handle");
    message = message_of("when will acme answer your calls");
    message.kind = TRIAGE_MENTION;
    ok(score_of(&message).is_addressed, "and what says you");
    message = message_of("acme is the worst");
    message.kind = TRIAGE_COMMENT;
    ok(score_of(&message).is_addressed, "and a comment");
    message.kind = TRIAGE_REVIEW;
    ok(score_of(&message).is_addressed, "and a review");
    message.kind = TRIAGE_MENTION;
    message.audience = TRIAGE_PRIVATE;
    ok(score_of(&message).is_addressed, "and whatever is private");
}

static void
others_are_not_scored(void)
{
    static const triage_kind_t kinds[] = { TRIAGE_ECHO, TRIAGE_DELETE,
                                           TRIAGE_REACTION, TRIAGE_OTHER };
    triage_message_t message = message_of("my card was stolen");
    triage_score_t score;
    size_t i;

    for (i = 0; i < 4; i++) {
        message.kind = kinds[i];
        score = score_of(&message);
        ok(score.urgency == 0 && score.visibility == 0
               && score.term_count == 0,
           triage_kind_name(kinds[i]));
    }
}

static void
memory_may_be_short(void)
{
    triage_message_t message = message_of(samples[2]);
    triage_score_t whole = score_of(&message), score;
    triage_heap_t heap = { NULL, 0 };
    triage_arena_t arena;
    unsigned fail;

    for (fail = 1; fail < 4; fail++) {
        heap.fail_at = fail;
        triage_arena_on_heap(&arena, &heap);
        triage_score(scorer, triage_text("x"), &message, &arena, &score);
        ok(score.urgency == whole.urgency
               && score.visibility == whole.visibility
               && (!arena.has_failed || score.terms == NULL),
           "without memory the score is there all the same");
        triage_heap_free(&heap);
    }
}

static void
terms_are_json(void)
{
    triage_message_t message = message_of("stranded");
    triage_heap_t heap = { NULL, 0 };
    triage_buffer_t buffer = { NULL, 0, 0, false };
    triage_writer_t writer;
    triage_arena_t arena;
    triage_score_t score;
    triage_text_t text;

    triage_arena_on_heap(&arena, &heap);
    triage_score(scorer, triage_text("x"), &message, &arena, &score);
    triage_writer_init(&writer, &buffer);
    triage_score_write(&score, &writer);
    text = (triage_text_t){ buffer.data, buffer.len };
    ok(triage_text_starts(text, triage_text("{\"urgency\":{\"base\":")),
       "terms are written as JSON, base first");
    ok(triage_text_find(text, triage_text(",\"stranded\":34")) != NULL,
       "a signal and what it adds");
    ok(triage_text_find(text, triage_text("},\"visibility\":{\"audience\":"))
           != NULL,
       "on the side that it adds to");
    triage_buffer_free(&buffer);
    triage_heap_free(&heap);
}

int
main(void)
{
    const char *why;
    triage_scorer_t *opened = triage_scorer_open(triage_no_text, &why);

    if (!ok(opened != NULL, "the built-in scorer opens")) {
        return done_testing();
    }
    scorer = opened;
    scores_make_sense();
    scores_are_exact();
    text_may_be_anything();
    visibility_never_pushes_back();
    visibility_makes_sense();
    platforms_differ();
    address_is_told();
    others_are_not_scored();
    memory_may_be_short();
    terms_are_json();
    triage_scorer_close(opened);
    triage_scorer_close(NULL);
    return done_testing();
}
