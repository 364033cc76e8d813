/*
 * How soon a person must answer, and how many people will see whether the
 * brand does: urgency and visibility, 0 to 100 each.
 *
 * Deterministic and additive: a score is the clamped sum of named signals,
 * in integer hundredths, so that the terms add up to it exactly on every
 * machine.  A clamp is a term too ("limit").
 */
#ifndef TRIAGE_SCORER_H
#define TRIAGE_SCORER_H

#include "../message/message.h"

#define TRIAGE_TERMS_MAX 96

typedef struct {
    triage_text_t signal; /* "stranded", "word:refund", "limit" */
    int32_t urgency;      /* hundredths of a point, may be negative */
    int32_t visibility;
} triage_term_t;

typedef struct {
    int32_t urgency;            /* 0 to 10000: hundredths of a point */
    int32_t visibility;         /* 0 to 10000 */
    int32_t spam;               /* 0 to 10000; never used to drop anything */
    bool is_addressed;          /* said to the brand, not about it */
    const triage_term_t *terms; /* in the arena; none is 0 in both */
    size_t term_count;
} triage_score_t;

/* Immutable after it was opened; shared by everything in a process. */
typedef struct triage_scorer_s triage_scorer_t;

/* The built-in signals, with the learned model of `model` (its bytes, which
 * must outlive the scorer; no text: the shipped one).  NULL with a literal
 * in *why when the model cannot be used. */
triage_scorer_t *triage_scorer_open(triage_text_t model, const char **why);
/* The same with phrase lists (phrases.h) instead of the built-in ones; none
 * are the built-in ones.  They need not outlive the call.  *line is where a
 * list is wrong, 0 when it is not about a list. */
triage_scorer_t *triage_scorer_open_lists(triage_text_t model,
                                          const triage_text_t *lists,
                                          size_t count, const char **why,
                                          unsigned *line);
void triage_scorer_close(triage_scorer_t *scorer);

/* `platform` is its name in nginx.conf (no text: none in particular): how far
 * a post is seen is a matter of the platform.
 *
 * Never fails: when the arena has no memory the score is there and its
 * terms are missing (the arena's sticky failure tells).  Messages of a kind
 * that nobody waits for (echo, other, ...) score 0 and 0 without terms. */
void triage_score(const triage_scorer_t *scorer, triage_text_t platform,
                  const triage_message_t *message, triage_arena_t *arena,
                  triage_score_t *score);

/* The terms as the JSON that is stored with the message, each signal on the
 * side that it adds to: {"urgency":{"base":25,"stranded":32},
 * "visibility":{"audience":33}}.  Half as long as a list of named terms:
 * PostgreSQL reads it anew for each message. */
void triage_score_write(const triage_score_t *score, triage_writer_t *writer);

#endif
