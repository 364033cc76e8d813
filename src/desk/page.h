/*
 * The desk's page as a browser gets it: built in, as it is written.
 */
#ifndef TRIAGE_PAGE_H
#define TRIAGE_PAGE_H

#include "../base/text.h"

typedef struct {
    const char *path; /* below the location: "", "desk.js" */
    const char *type;
    const char *start;
    const char *end;
} triage_page_t;

extern const triage_page_t triage_pages[]; /* ends with a NULL path */

/* NULL: there is none of that path. */
const triage_page_t *triage_page_find(triage_text_t path);

#endif
