/*
 * One setting of the platform `custom` each: reads its value into a field.
 *
 * NULL, or what was expected, a literal.  Texts are copied to the arena; when
 * that is short, the arena says so.
 */
#ifndef TRIAGE_CUSTOM_SETTERS_H
#define TRIAGE_CUSTOM_SETTERS_H

#include "custom.h"

typedef const char *(*triage_custom_set_pt)(void *field, triage_text_t value,
                                            triage_arena_t *arena);

#define TRIAGE_CUSTOM_SETTER(what)                                            \
    const char *triage_custom_set_##what(void *field, triage_text_t value,    \
                                         triage_arena_t *arena)

/* a triage_custom_value_t: "/a + /b | /c" */
TRIAGE_CUSTOM_SETTER(value);
/* a triage_text_t */
TRIAGE_CUSTOM_SETTER(text);
/* a triage_text_t: a JSON pointer */
TRIAGE_CUSTOM_SETTER(pointer);
/* a triage_custom_mark_t, and one that is an argument of the URL */
TRIAGE_CUSTOM_SETTER(mark);
TRIAGE_CUSTOM_SETTER(argument);
/* a triage_custom_signature_t: its scheme, and what is signed */
TRIAGE_CUSTOM_SETTER(scheme);
TRIAGE_CUSTOM_SETTER(signed);
/* a triage_encoding_t, a triage_custom_clock_t, a
 * triage_custom_markup_t, a bool, an unsigned from 200 to 299 */
TRIAGE_CUSTOM_SETTER(encoding);
TRIAGE_CUSTOM_SETTER(clock);
TRIAGE_CUSTOM_SETTER(markup);
TRIAGE_CUSTOM_SETTER(flag);
TRIAGE_CUSTOM_SETTER(status);
/* a triage_custom_t: its body, and its audience */
TRIAGE_CUSTOM_SETTER(body);
TRIAGE_CUSTOM_SETTER(audience);
/* a triage_custom_choice_t: its value, and its words (custom_choice.c) */
TRIAGE_CUSTOM_SETTER(kind);
TRIAGE_CUSTOM_SETTER(kind_map);
TRIAGE_CUSTOM_SETTER(audience_map);

/* What is expected where a place is. */
#define TRIAGE_CUSTOM_PLACE                                                   \
    "/pointer, root:/pointer, field:name, header:Name, query:name or "        \
    "text:word"

/* The next word of a value that is separated by blanks; no text at its end.
 */
triage_text_t triage_custom_next_word(triage_text_t *rest);

#endif
