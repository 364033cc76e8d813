/*
 * Any vendor's webhook, described by options instead of C: how it is signed,
 * where its list of items is, and where each field of a message stands.
 * The words are documented in docs/platforms/custom.md.
 *
 * Built by custom_options.c while the configuration is read, const after
 * that.  Everything in it lives as long as the arena that it was set with.
 */
#ifndef TRIAGE_CUSTOM_H
#define TRIAGE_CUSTOM_H

#include "platform.h"

/* Where a value stands: "/a/b", "root:/a/b", "field:name", "header:Name",
 * "query:name" or "text:word". */
typedef enum {
    TRIAGE_CUSTOM_ITEM = 0, /* JSON pointer into the item */
    TRIAGE_CUSTOM_ROOT,     /* JSON pointer into the whole document */
    TRIAGE_CUSTOM_FIELD,    /* of a form */
    TRIAGE_CUSTOM_HEADER,
    TRIAGE_CUSTOM_QUERY,
    TRIAGE_CUSTOM_TEXT /* the word itself */
} triage_custom_where_t;

typedef struct {
    triage_custom_where_t where;
    triage_text_t what; /* with a NUL behind it */
} triage_custom_place_t;

/* "/a + /b | /c": a and b together, or else c. */
#define TRIAGE_CUSTOM_PLACES_MAX 4
typedef struct {
    triage_custom_place_t places[TRIAGE_CUSTOM_PLACES_MAX];
    size_t count;
} triage_custom_sum_t;
typedef struct {
    triage_custom_sum_t choices[TRIAGE_CUSTOM_PLACES_MAX];
    size_t count; /* 0: not set */
} triage_custom_value_t;

/* "new=review": a vendor's word and the number of ours. */
typedef struct triage_custom_word_s triage_custom_word_t;
struct triage_custom_word_s {
    triage_text_t vendors; /* "*": every other */
    unsigned ours;
    const triage_custom_word_t *next;
};
typedef struct {
    triage_custom_value_t value;       /* not set: always `otherwise` */
    const triage_custom_word_t *words; /* NULL: the vendor uses our words */
    unsigned otherwise;
} triage_custom_choice_t;

typedef enum {
    TRIAGE_CUSTOM_UNSET = 0,
    TRIAGE_CUSTOM_NONE,
    TRIAGE_CUSTOM_HMAC,
    TRIAGE_CUSTOM_ED25519,
    TRIAGE_CUSTOM_TOKEN, /* the secret itself */
    TRIAGE_CUSTOM_BASIC  /* user:password, in base64 */
} triage_custom_scheme_t;

typedef enum {
    TRIAGE_CUSTOM_ISO = 0,
    TRIAGE_CUSTOM_SECONDS,
    TRIAGE_CUSTOM_MILLISECONDS
} triage_custom_clock_t;

/* What is signed, in order: "{timestamp}.{body}" is three of these. */
typedef enum {
    TRIAGE_CUSTOM_LITERAL = 0,
    TRIAGE_CUSTOM_BODY,
    TRIAGE_CUSTOM_TIMESTAMP,
    TRIAGE_CUSTOM_ID,
    TRIAGE_CUSTOM_URL
} triage_custom_piece_kind_t;
typedef struct {
    triage_custom_piece_kind_t kind;
    triage_text_t literal;
} triage_custom_piece_t;
#define TRIAGE_CUSTOM_PIECES_MAX 8

/* A value of a header or argument; with `part`, the value of that name in a
 * list as "t=1,v1=ab". */
typedef struct {
    triage_custom_place_t place;
    triage_text_t part;
    bool is_set;
} triage_custom_mark_t;

typedef struct {
    triage_custom_scheme_t scheme;
    triage_hash_t hash;
    triage_encoding_t encoding;
    triage_custom_mark_t signature;
    triage_text_t prefix;
    triage_custom_mark_t timestamp;
    triage_custom_clock_t timestamp_clock;
    triage_custom_mark_t id;
    triage_custom_piece_t pieces[TRIAGE_CUSTOM_PIECES_MAX];
    size_t piece_count; /* 0: the body */
} triage_custom_signature_t;

typedef enum {
    TRIAGE_CUSTOM_PLAIN = 0,
    TRIAGE_CUSTOM_HTML,
    TRIAGE_CUSTOM_ESCAPED
} triage_custom_markup_t;

typedef struct {
    triage_custom_signature_t signature;
    triage_custom_mark_t challenge; /* a GET's argument to repeat */
    triage_custom_mark_t challenge_token;

    bool is_form;
    triage_text_t json_field; /* of the form: JSON; no text: none */
    triage_text_t items;      /* pointer; no text: the document is the item */

    triage_custom_value_t account, message_id, event_id, thread_id, parent_id,
        author_id, author_name, author_handle, text, language, sent_at,
        author_followers, author_posts, author_verified, likes, replies,
        shares, stars, has_media;
    triage_custom_clock_t sent_at_clock;
    triage_custom_markup_t text_markup;
    triage_custom_choice_t kind;
    triage_custom_choice_t audience;
    bool has_audience;
    bool needs_fetch;

    triage_reply_t success;
} triage_custom_t;

/* Builds it from words: the row of the platform in nginx.conf and on the
 * command line. */
extern const triage_platform_options_t triage_custom_options;

/* What is at a place; everything but a pointer. */
triage_text_t triage_custom_mark_read(const triage_custom_mark_t *mark,
                                      const triage_delivery_t *delivery,
                                      triage_arena_t *arena);

/* Is the delivery signed as the options say?  OK, FORGED or STALE. */
triage_outcome_t triage_custom_verify(const triage_delivery_t *delivery,
                                      const triage_source_t *source,
                                      triage_arena_t *arena);
triage_outcome_t triage_custom_sign(const triage_delivery_t *delivery,
                                    const triage_source_t *source,
                                    triage_arena_t *arena,
                                    triage_signing_t *signing);

#endif
