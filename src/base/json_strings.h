/*
 * Takes long strings out of a JSON text before it is parsed, and leaves a
 * stand-in of six bytes for each: a parser that goes byte by byte is spared
 * most of a delivery.  Everything else is left as it is, right or wrong, for
 * the parser to judge; what it would refuse inside a string is refused here.
 *
 * No string of the text can pass for a stand-in: those that look like one
 * are taken out, too.  Names of members stay where they are.
 */
#ifndef TRIAGE_JSON_STRINGS_H
#define TRIAGE_JSON_STRINGS_H

#include "text.h"

#define TRIAGE_JSON_STRINGS_SETS 16      /* that are told apart */
#define TRIAGE_JSON_STRINGS_MAX 67000000 /* bytes of a text */

/* Bytes of `room` that a text needs. */
#define TRIAGE_JSON_STRINGS_ROOM(len) (2 * (len) + 16)

typedef struct {
    unsigned number;    /* below SETS, by which a stand-in is known */
    char *strings;      /* in the room, each with a NUL behind it */
    triage_text_t left; /* in the room, for the parser */
} triage_json_strings_t;

/* False when a string is not one: it has no end, an escape that is none, a
 * control character, NUL, a lone surrogate, no UTF-8; or the text is longer
 * than MAX.  `room` must outlive the strings. */
bool triage_json_strings_take(triage_json_strings_t *strings,
                              triage_text_t text, char *room);

/* The number of the set that a stand-in belongs to, or -1 when it is none. */
int triage_json_strings_set(triage_text_t string);
/* What a stand-in of this set stands for. */
triage_text_t triage_json_strings_get(const triage_json_strings_t *strings,
                                      triage_text_t stand_in);

/* The code of \uXXXX at `data`, or -1. */
int triage_json_unit(const char *data, const char *end);

#endif
