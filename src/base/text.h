/*
 * A run of bytes that somebody else owns.
 *
 * Not terminated, may hold any byte.  `data` may be NULL only when `len` is
 * 0: that is "absent", where an empty text is "present and empty".
 */
#ifndef TRIAGE_TEXT_H
#define TRIAGE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRIAGE_MUST_CHECK __attribute__((warn_unused_result))

typedef struct {
    const char *data;
    size_t len;
} triage_text_t;

/* From a literal, at compile time: usable in const tables. */
#define TRIAGE_TEXT(literal)                                                  \
    {                                                                         \
        "" literal, sizeof(literal) - 1                                       \
    }
#define triage_text(literal) ((triage_text_t) TRIAGE_TEXT(literal))
#define triage_no_text ((triage_text_t){ NULL, 0 })

triage_text_t triage_text_of(const char *string); /* NULL gives no text */

bool triage_text_equal(triage_text_t a, triage_text_t b);
bool triage_text_is(triage_text_t text, const char *string);
/* ASCII letters compared without case. */
bool triage_text_is_nocase(triage_text_t text, const char *string);
bool triage_text_starts(triage_text_t text, triage_text_t prefix);
bool triage_text_ends(triage_text_t text, triage_text_t suffix);

/* Removes blanks, tabs and line ends at both sides. */
triage_text_t triage_text_trim(triage_text_t text);

/* The part before the first `mark`, which leaves `rest` behind it.  Without
 * a mark: all of it, and `rest` becomes no text. */
triage_text_t triage_text_until(triage_text_t *rest, char mark);

/* Finds `needle`; NULL when it is not there. */
const char *triage_text_find(triage_text_t text, triage_text_t needle);

/* Decimal digits, with a sign where the range has one.  False when empty,
 * not a number, or out of range. */
bool triage_text_to_int64(triage_text_t text, int64_t *value);

/* Length of the valid UTF-8 character at `data` (1 to 4), 0 when the bytes
 * are no UTF-8 (RFC 3629: no surrogates, no over-long forms). */
unsigned triage_utf8_length(const char *data, const char *end);
/* Decodes the character at *data, which must be valid, and steps over it. */
uint32_t triage_utf8_next(const char **data, const char *end);
/* Encodes; returns the length, 1 to 4. */
unsigned triage_utf8_encode(uint32_t code, char out[4]);

#endif
