#include "outcome.h"

static const char *const names[] = {
    [TRIAGE_OK] = "ok",
    [TRIAGE_IGNORED] = "ignored",
    [TRIAGE_ANSWERED] = "answered",
    [TRIAGE_DENIED] = "denied",
    [TRIAGE_FORGED] = "forged",
    [TRIAGE_STALE] = "stale",
    [TRIAGE_UNEXPECTED] = "unexpected",
    [TRIAGE_TOO_LARGE] = "too_large",
    [TRIAGE_MALFORMED] = "malformed",
    [TRIAGE_NO_MEMORY] = "no_memory",
    [TRIAGE_BUSY] = "busy",
    [TRIAGE_UNAVAILABLE] = "unavailable",
};

_Static_assert(sizeof(names) / sizeof(names[0]) == TRIAGE_CODE_COUNT,
               "each code has a name");

const char *
triage_code_name(triage_code_t code)
{
    return names[code];
}
