#include "verdict.h"

#include <stddef.h>
#include <string.h>

/* Classes and codes of PostgreSQL, appendix A; the first row that the code
 * starts with decides, and with "" each does. */
typedef struct {
    const char *prefix;
    triage_verdict_t verdict;
} rule_t;

static const rule_t of_batches[] = {
    { "26000", TRIAGE_UNPREPARED }, /* prepared statement is not there */
    { "42P05", TRIAGE_UNPREPARED }, /* ... or is there already */
    { "0A000", TRIAGE_LATER },      /* cached plan must not change type */
    { "40", TRIAGE_AGAIN },         /* serialization, deadlock */
    { "23514", TRIAGE_AGAIN },      /* its month got a partition meanwhile; or
                                       a check that it will never pass */
    { "55P03", TRIAGE_LATER },      /* lock_timeout */
    { "57014", TRIAGE_LATER },      /* statement_timeout, an operator */
    { "53", TRIAGE_LATER },         /* disk full, memory, connections */
    { "25", TRIAGE_LATER },         /* read-only: it became a standby */
    { "28", TRIAGE_LATER },         /* not our role */
    { "3D", TRIAGE_LATER },         /* no such database */
    { "3F", TRIAGE_LATER },         /* no such schema: not migrated yet */
    { "42", TRIAGE_LATER },         /* rights, a function that is missing or
                                       broken: most often for any data */
    { "08", TRIAGE_LOST },
    { "57P", TRIAGE_LOST }, /* shut down, crashed, starting */
    { "58", TRIAGE_LATER }, /* the server's files */
    { "F0", TRIAGE_LATER },
    { "XX001", TRIAGE_LATER }, /* corrupted data or index */
    { "XX002", TRIAGE_LATER },
    { "", TRIAGE_REFUSED },
};

static const rule_t of_questions[] = {
    { "40", TRIAGE_AGAIN }, { "08", TRIAGE_LOST },  { "57P", TRIAGE_LOST },
    { "53", TRIAGE_LATER }, { "25", TRIAGE_LATER }, { "28", TRIAGE_LATER },
    { "3D", TRIAGE_LATER }, { "", TRIAGE_REFUSED },
};

static triage_verdict_t
look_up(const rule_t *rule, const char *sqlstate)
{
    if (sqlstate == NULL) {
        return TRIAGE_LOST;
    }

    while (strncmp(sqlstate, rule->prefix, strlen(rule->prefix)) != 0) {
        rule++;
    }

    return rule->verdict;
}

triage_verdict_t
triage_verdict_of(const char *sqlstate)
{
    return look_up(of_batches, sqlstate);
}

triage_verdict_t
triage_verdict_of_question(const char *sqlstate)
{
    return look_up(of_questions, sqlstate);
}
