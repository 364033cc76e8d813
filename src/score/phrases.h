/*
 * Finds phrases in a folded text.
 *
 * A phrase list is a text file: `# comment`, `[signal]` headings, a phrase a
 * line.  Under `[language en]` stand common words by which a text is taken
 * for that language; a list without it is for texts of every language.  (a|b)
 * stands for either, (a|) for one that may be missing; a * at an end of the
 * phrase lets a word go on there (strand*, *ausfall), and is an error anywhere
 * else.  Phrases are folded as
 * messages are (words.h), so capitals, accents and digits of either may
 * differ.
 */
#ifndef TRIAGE_PHRASES_H
#define TRIAGE_PHRASES_H

#include "signals.h"
#include "words.h"

typedef struct triage_phrases_s triage_phrases_t;

/* An empty set; NULL without memory. */
triage_phrases_t *triage_phrases_create(void);
void triage_phrases_free(triage_phrases_t *phrases);

/* Adds a list.  False with a literal in *why and the line in *line. */
bool triage_phrases_add(triage_phrases_t *phrases, triage_text_t list,
                        const char **why, unsigned *line);
/* Must be called once, after the last list and before the first search. */
bool triage_phrases_finish(triage_phrases_t *phrases);

/* Counts the hits of each signal; those of one signal that overlap are one.
 * A negated hit counts for what the table of signals says.  `language` is
 * what the platform says, or no text; the words themselves weigh more. */
void triage_phrases_find(const triage_phrases_t *phrases,
                         const triage_words_t *words, triage_text_t language,
                         uint8_t hits[TRIAGE_PHRASE_SIGNALS]);

#define TRIAGE_PLACES_MAX 128

/* Where a hit stands in the folded text, with the blanks around it. */
typedef struct {
    uint16_t start, end;
    uint8_t signal; /* what it counts for */
} triage_place_t;

typedef struct {
    triage_place_t rows[TRIAGE_PLACES_MAX]; /* the first of them */
    size_t count;
} triage_places_t;

/* The same hits, by where they are. */
void triage_phrases_place(const triage_phrases_t *phrases,
                          const triage_words_t *words, triage_text_t language,
                          triage_places_t *places);

#endif
