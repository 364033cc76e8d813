/*
 * The table of signals.  Weights are set by hand: they travel to other
 * trades, where weights that were fitted to one do not (docs/scoring.md).
 */
#include "signals.h"

/* clang-format off */
const triage_signal_t triage_signals[TRIAGE_SIGNAL_COUNT] = {
    /* signal                    name           first  more  max negated */
    [TRIAGE_SAFETY]          = { "safety",        4000,  800, 3, TRIAGE_SAFETY },
    [TRIAGE_AID]             = { "aid",            3800,  800, 3, TRIAGE_AID },
    [TRIAGE_STRANDED]        = { "stranded",      3400,  600, 3, TRIAGE_STRANDED },
    [TRIAGE_FRAUD]           = { "fraud",         3800,  600, 3, TRIAGE_FRAUD },
    [TRIAGE_STOLEN]          = { "stolen",        3600,  600, 3, TRIAGE_STOLEN },
    [TRIAGE_BREACH]          = { "breach",        3600,  600, 3, TRIAGE_BREACH },
    [TRIAGE_MONEY_GONE]      = { "money_gone",     2500,  400, 3, TRIAGE_MONEY_GONE },
    [TRIAGE_CARD_KEPT]       = { "card_kept",     3000,  400, 2, TRIAGE_CARD_KEPT },
    [TRIAGE_BLOCKED]         = { "blocked",       2200,  400, 2, TRIAGE_BLOCKED },
    [TRIAGE_OUTAGE]          = { "outage",        2600,  500, 3, TRIAGE_OUTAGE },
    [TRIAGE_CANCELLED]       = { "cancelled",      2900,  500, 3, TRIAGE_CANCELLED },
    [TRIAGE_DELAYED]         = { "delayed",         3200,  600, 3, TRIAGE_DELAYED },
    [TRIAGE_MISSED]          = { "missed",         2700,  400, 3, TRIAGE_MISSED },
    [TRIAGE_LOST]            = { "lost",          2800,  500, 3, TRIAGE_LOST },
    [TRIAGE_DAMAGED]         = { "damaged",       1400,  300, 2, TRIAGE_DAMAGED },
    [TRIAGE_NOT_RECEIVED]    = { "not_received",  1400,  300, 2, TRIAGE_NOT_RECEIVED },
    [TRIAGE_WRONG_CHARGE]    = { "wrong_charge",   2800,  400, 2, TRIAGE_WRONG_CHARGE },
    [TRIAGE_REPEATED]        = { "repeated",      1200,  400, 3, TRIAGE_REPEATED },
    [TRIAGE_UNANSWERED]      = { "unanswered",        600,  300, 3, TRIAGE_UNANSWERED },
    [TRIAGE_DURATION]        = { "duration",        1000,  300, 2, TRIAGE_DURATION },
    [TRIAGE_IMMEDIACY]       = { "immediacy",     1400,  400, 3, TRIAGE_NO_HURRY },
    [TRIAGE_SOON]            = { "soon",             400,  200, 2, TRIAGE_SOON },
    [TRIAGE_VULNERABLE]      = { "vulnerable",    1200,  300, 2, TRIAGE_VULNERABLE },
    [TRIAGE_LEGAL_THREAT]    = { "legal_threat",  1400,  400, 2, TRIAGE_LEGAL_THREAT },
    [TRIAGE_PRESS_THREAT]    = { "press_threat",  1200,  300, 2, TRIAGE_PRESS_THREAT },
    [TRIAGE_LEAVING]         = { "leaving",          500,  200, 2, TRIAGE_LEAVING },
    [TRIAGE_PLEA]            = { "plea",          1000,  300, 3, TRIAGE_PLEA },
    [TRIAGE_SEVERITY]        = { "severity",      1200,  400, 3, TRIAGE_NO_SIGNAL },
    [TRIAGE_IMPACT]          = { "impact",        1200,  400, 3, TRIAGE_IMPACT },
    [TRIAGE_PROBLEM]         = { "problem",        700,  300, 3, TRIAGE_NO_SIGNAL },
    [TRIAGE_COMPLAINT]       = { "complaint",        600,  200, 3, TRIAGE_NO_SIGNAL },
    [TRIAGE_RUDENESS]        = { "rudeness",         300,  100, 2, TRIAGE_NO_SIGNAL },
    [TRIAGE_UPSET]           = { "upset",            300,  200, 2, TRIAGE_NO_SIGNAL },
    [TRIAGE_SWEARING]        = { "swearing",       300,  100, 2, TRIAGE_SWEARING },
    [TRIAGE_REFUND]          = { "refund",           300,  100, 2, TRIAGE_REFUND },
    [TRIAGE_TRAVEL]          = { "travel",           400,  150, 3, TRIAGE_TRAVEL },
    [TRIAGE_QUESTION]        = { "question",       -600, -200, 2, TRIAGE_QUESTION },
    [TRIAGE_INQUIRY]         = { "inquiry",      -1200, -400, 3, TRIAGE_INQUIRY },
    [TRIAGE_SUGGESTION]      = { "suggestion",   -1000, -300, 2, TRIAGE_SUGGESTION },
    [TRIAGE_THANKS]          = { "thanks",       -1300, -200, 2, TRIAGE_COMPLAINT },
    [TRIAGE_PRAISE]          = { "praise",       -1800, -500, 3, TRIAGE_COMPLAINT },
    [TRIAGE_RESOLVED]        = { "resolved",     -1400, -300, 2, TRIAGE_PROBLEM },
    [TRIAGE_NO_HURRY]        = { "no_hurry",     -1500,    0, 1, TRIAGE_NO_HURRY },
    [TRIAGE_LAUGHTER]        = { "laughter",      -700, -100, 2, TRIAGE_LAUGHTER },
    [TRIAGE_GREETING]        = { "greeting",      -800, -200, 2, TRIAGE_GREETING },
    [TRIAGE_SMALL_TALK]      = { "small_talk",    -1200, -200, 2, TRIAGE_SMALL_TALK },
    [TRIAGE_PROMOTION]       = { "promotion",      -600, -200, 3, TRIAGE_PROMOTION },
    [TRIAGE_FIRST_PERSON]    = { "first_person",     600,  150, 3, TRIAGE_FIRST_PERSON },
    [TRIAGE_SECOND_PERSON]   = { "second_person",    0,    0, 1, TRIAGE_SECOND_PERSON },
    [TRIAGE_NEGATION]        = { "negation",       400,  200, 3, TRIAGE_NEGATION },

    [TRIAGE_LENGTH]          = { "length",           0,   80, 10, TRIAGE_LENGTH },
    [TRIAGE_CAPITALS]        = { "capitals",       200,  100, 3, TRIAGE_CAPITALS },
    [TRIAGE_EXCLAMATION]     = { "exclamation",      0,  150, 3, TRIAGE_EXCLAMATION },
    [TRIAGE_QUESTION_MARK]   = { "question_mark",  -200,  100, 3, TRIAGE_QUESTION_MARK },
    [TRIAGE_CLOCK_TIME]      = { "clock_time",     300,  100, 2, TRIAGE_CLOCK_TIME },
    [TRIAGE_DATE]            = { "date",           200,    0, 1, TRIAGE_DATE },
    [TRIAGE_AMOUNT]          = { "amount",         400,  100, 2, TRIAGE_AMOUNT },
    [TRIAGE_REFERENCE]       = { "reference",      400,  100, 2, TRIAGE_REFERENCE },
    [TRIAGE_STRETCHED]       = { "stretched",      100,    0, 1, TRIAGE_STRETCHED },
    [TRIAGE_HAPPY_FACE]      = { "happy_face",    -900, -200, 2, TRIAGE_HAPPY_FACE },
    [TRIAGE_ANGRY_FACE]      = { "angry_face",     400,  100, 2, TRIAGE_ANGRY_FACE },
    [TRIAGE_ALARM_SIGN]      = { "alarm_sign",     800,  200, 2, TRIAGE_ALARM_SIGN },
    [TRIAGE_LINK]            = { "link",          -700,    0, 1, TRIAGE_LINK },
    [TRIAGE_LOW_RATING]      = { "low_rating",     600,  300, 2, TRIAGE_LOW_RATING },
    [TRIAGE_HIGH_RATING]     = { "high_rating",   -500, -700, 2, TRIAGE_HIGH_RATING },
    [TRIAGE_HANDLES]         = { "handles",       -200, -100, 3, TRIAGE_HANDLES },
};
/* clang-format on */

int
triage_signal_find(triage_text_t name)
{
    int i;

    for (i = 0; i < TRIAGE_SIGNAL_COUNT; i++) {
        if (triage_text_is(name, triage_signals[i].name)) {
            return i;
        }
    }
    return TRIAGE_NO_SIGNAL;
}

int32_t
triage_signal_points(const triage_signal_t *signal, unsigned hits)
{
    unsigned counted = hits < signal->max ? hits : signal->max;

    if (counted == 0) {
        return 0;
    }
    return signal->first + (int32_t) (counted - 1) * signal->more;
}
