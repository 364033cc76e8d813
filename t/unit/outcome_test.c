#include "../../src/base/outcome.h"
#include "tap.h"

#include <string.h>

int
main(void)
{
    bool all = true, different = true;

    for (unsigned i = 0; i < TRIAGE_CODE_COUNT; i++) {
        const char *name = triage_code_name((triage_code_t) i);

        all = all && name != NULL && name[0] != '\0';
        for (unsigned j = 0; j < i; j++) {
            different =
                different && name != NULL
                && strcmp(name, triage_code_name((triage_code_t) j)) != 0;
        }
    }

    ok(all, "each code has a name, without a hole in the table");
    ok(different, "and no two have the same");
    ok(strcmp(triage_code_name(TRIAGE_TOO_LARGE), "too_large") == 0,
       "in lower case, as in the status");
    ok(triage_ok().code == TRIAGE_OK && triage_ok().why == NULL,
       "what went well has no why");
    ok(triage_fail(TRIAGE_FORGED, "no key").code == TRIAGE_FORGED
           && strcmp(triage_fail(TRIAGE_FORGED, "no key").why, "no key") == 0,
       "what did not has a code and a why");

    return done_testing();
}
