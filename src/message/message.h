/*
 * One thing that one person said, whatever the platform (DESIGN, section 6).
 *
 * All texts are valid UTF-8 without NUL and live in the delivery's arena.
 * No text (data NULL) means that the platform did not say.
 */
#ifndef TRIAGE_MESSAGE_H
#define TRIAGE_MESSAGE_H

#include "../base/arena.h"
#include "../base/clock.h"
#include "../base/writer.h"

typedef enum {
    TRIAGE_MESSAGE = 0, /* said to the brand in a conversation */
    TRIAGE_COMMENT,     /* under a post, or in reply to one */
    TRIAGE_MENTION,     /* the brand is named in somebody's own post */
    TRIAGE_REVIEW,
    TRIAGE_EDIT,     /* message_id has a new text */
    TRIAGE_DELETE,   /* message_id was taken back */
    TRIAGE_REACTION, /* a like and its kin, on message_id */
    TRIAGE_ECHO,     /* the brand's own words: stops the wait */
    TRIAGE_OTHER,    /* anything else: kept, counted, never scored */
    TRIAGE_KIND_COUNT
} triage_kind_t;

typedef enum {
    TRIAGE_PUBLIC = 0,
    TRIAGE_LIMITED, /* a closed group, a team, a server */
    TRIAGE_PRIVATE,
    TRIAGE_AUDIENCE_COUNT
} triage_audience_t;

#define TRIAGE_UNKNOWN INT64_C(-1) /* for every count below */

typedef struct triage_message_s triage_message_t;
struct triage_message_s {
    triage_text_t account;    /* the page, number or handle addressed */
    triage_text_t message_id; /* the message spoken of; never no text */
    triage_text_t event_id;   /* deduplicated on when present; PLATFORMS.md,
                                 section 7 */
    triage_text_t thread_id;
    triage_text_t parent_id; /* the message replied to */
    triage_text_t author_id;
    triage_text_t author_name;
    triage_text_t author_handle;
    int64_t author_followers;
    int64_t author_posts;    /* posts the author ever made: see scoring.md */
    int64_t author_verified; /* 0, 1 or TRIAGE_UNKNOWN */
    triage_kind_t kind;
    triage_audience_t audience;
    triage_text_t text;
    int64_t likes, replies, shares, stars; /* engagement so far */
    bool has_media;
    bool needs_fetch;       /* the platform sent a pointer, not the words */
    triage_text_t language; /* ISO 639-1 */
    int64_t sent_at;        /* µs, the platform's clock; or NO_TIME */
    triage_message_t *next;
};

/* The messages of one delivery, in its order. */
typedef struct {
    triage_message_t *first;
    triage_message_t **last;
    size_t count;
} triage_messages_t;

/* All absent or unknown, kind OTHER, private. */
void triage_message_init(triage_message_t *message);

void triage_messages_init(triage_messages_t *messages);
/* A message at the end of the list, as triage_message_init leaves it; NULL
 * when the arena failed. */
triage_message_t *triage_messages_add(triage_messages_t *messages,
                                      triage_arena_t *arena);

const char *triage_kind_name(triage_kind_t kind);
const char *triage_audience_name(triage_audience_t audience);
/* False for a word that is none. */
bool triage_kind_from(triage_text_t name, triage_kind_t *kind);
bool triage_audience_from(triage_text_t name, triage_audience_t *audience);

/* Does a person wait for an answer to a message of this kind? */
bool triage_kind_is_scored(triage_kind_t kind);

/* Ids of any length come in; what is indexed must not be longer than
 * TRIAGE_ID_MAX.  A longer id keeps its beginning and ends in a digest of the
 * whole, so that equal ids stay equal and others different. */
#define TRIAGE_ID_MAX 512
void triage_message_bound(triage_message_t *message, triage_arena_t *arena);

/* The known counts as an object, null without any. */
void triage_engagement_write(const triage_message_t *message,
                             triage_writer_t *writer);

/* As one JSON object with the field names of DESIGN section 6: what
 * `triage parse` prints.  Absent fields are null; engagement is an object of
 * the known counts, null without any. */
void triage_message_write(const triage_message_t *message,
                          triage_text_t platform, triage_text_t brand,
                          triage_writer_t *writer);

#endif
