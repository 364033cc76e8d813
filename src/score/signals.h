/*
 * The named signals of urgency: what each adds, and what a negation does.
 *
 * To add one: a row here and in signals.c, phrases in phrases/, a test in
 * t/unit/score_signals_test.c, a row in docs/scoring.md.
 */
#ifndef TRIAGE_SIGNALS_H
#define TRIAGE_SIGNALS_H

#include "../base/text.h"

typedef enum {
    /* Phrase categories: their phrases are in phrases/. */
    TRIAGE_SAFETY = 0,
    TRIAGE_AID,
    TRIAGE_STRANDED,
    TRIAGE_FRAUD,
    TRIAGE_STOLEN,
    TRIAGE_BREACH,
    TRIAGE_MONEY_GONE,
    TRIAGE_CARD_KEPT,
    TRIAGE_BLOCKED,
    TRIAGE_OUTAGE,
    TRIAGE_CANCELLED,
    TRIAGE_DELAYED,
    TRIAGE_MISSED,
    TRIAGE_LOST,
    TRIAGE_DAMAGED,
    TRIAGE_NOT_RECEIVED,
    TRIAGE_WRONG_CHARGE,
    TRIAGE_REPEATED,
    TRIAGE_UNANSWERED,
    TRIAGE_DURATION,
    TRIAGE_IMMEDIACY,
    TRIAGE_SOON,
    TRIAGE_VULNERABLE,
    TRIAGE_LEGAL_THREAT,
    TRIAGE_PRESS_THREAT,
    TRIAGE_LEAVING,
    TRIAGE_PLEA,
    TRIAGE_SEVERITY,
    TRIAGE_IMPACT,
    TRIAGE_PROBLEM,
    TRIAGE_COMPLAINT,
    TRIAGE_RUDENESS,
    TRIAGE_UPSET,
    TRIAGE_SWEARING,
    TRIAGE_REFUND,
    TRIAGE_TRAVEL,
    TRIAGE_QUESTION,
    TRIAGE_INQUIRY,
    TRIAGE_SUGGESTION,
    TRIAGE_THANKS,
    TRIAGE_PRAISE,
    TRIAGE_RESOLVED,
    TRIAGE_NO_HURRY,
    TRIAGE_LAUGHTER,
    TRIAGE_GREETING,
    TRIAGE_SMALL_TALK,
    TRIAGE_PROMOTION,
    TRIAGE_FIRST_PERSON,
    TRIAGE_SECOND_PERSON,
    TRIAGE_NEGATION,
    TRIAGE_PHRASE_SIGNALS, /* the number of those above */

    /* Counters and shapes. */
    TRIAGE_LENGTH = TRIAGE_PHRASE_SIGNALS,
    TRIAGE_CAPITALS,
    TRIAGE_EXCLAMATION,
    TRIAGE_QUESTION_MARK,
    TRIAGE_CLOCK_TIME,
    TRIAGE_DATE,
    TRIAGE_AMOUNT,
    TRIAGE_REFERENCE,
    TRIAGE_STRETCHED,
    TRIAGE_HAPPY_FACE,
    TRIAGE_ANGRY_FACE,
    TRIAGE_ALARM_SIGN,
    TRIAGE_LINK,
    TRIAGE_HANDLES,
    TRIAGE_LOW_RATING,  /* one or two stars */
    TRIAGE_HIGH_RATING, /* four or five */
    TRIAGE_SIGNAL_COUNT
} triage_signal_id_t;

#define TRIAGE_NO_SIGNAL (-1)

typedef struct {
    const char *name; /* as in phrases/, reasons and explanations */
    int32_t first;    /* hundredths for the first hit */
    int32_t more;     /* for each further one */
    unsigned max;     /* hits that count */
    /* The signal that a hit counts for when it is negated ("not happy"):
     * itself where that makes no difference, or TRIAGE_NO_SIGNAL. */
    int negated;
} triage_signal_t;

extern const triage_signal_t triage_signals[TRIAGE_SIGNAL_COUNT];

/* TRIAGE_NO_SIGNAL for a name that is none. */
int triage_signal_find(triage_text_t name);
/* What `hits` of a signal add, in hundredths. */
int32_t triage_signal_points(const triage_signal_t *signal, unsigned hits);

#endif
