/*
 * Where in a text the words stand that a score was found by: for who reads
 * the message.  Only the scorer knows how it reads a text, so a page that
 * shows one asks here instead of guessing.
 */
#ifndef TRIAGE_MARKS_H
#define TRIAGE_MARKS_H

#include "scorer.h"

#include "../base/writer.h"

/* Writes a JSON array, in no order:
 * [{"start":5,"length":8,"signal":"stranded"},
 *  {"start":5,"length":8,"signal":"word:stranded"},...]
 * Phrases by the signal that they count for, and each word as the term of
 * its own that it may be.  In UTF-16 units, as browsers count; the first
 * 2,048 bytes of the text, as everywhere.  The platform's word on the
 * language is not known here: what only it would find is missing. */
void triage_marks_write(const triage_scorer_t *scorer, triage_text_t text,
                        triage_writer_t *writer);

#endif
