/*
 * What is built into the program: phrase lists and the trained weights.
 */
#ifndef TRIAGE_SHIPPED_H
#define TRIAGE_SHIPPED_H

#include "../base/text.h"

typedef struct {
    const char *name; /* "en.txt" */
    const char *start;
    const char *end;
} triage_shipped_t;

extern const triage_shipped_t triage_shipped_phrases[]; /* ends with NULL */

/* No text in a build without weights. */
triage_text_t triage_shipped_model(void);

#endif
