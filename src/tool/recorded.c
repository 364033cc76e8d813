#include "recorded.h"

#include "options.h"

#include <string.h>

#define COMMAND "migrate"

bool
triage_recorded_has(const PGresult *recorded, const char *name)
{
    for (int row = 0; row < PQntuples(recorded); row++) {
        if (strcmp(PQgetvalue(recorded, row, 0), name) == 0) {
            return true;
        }
    }

    return false;
}

bool
triage_recorded_is_ours(const char *name)
{
    const triage_sql_file_t *file = triage_sql_migrations;

    for (; file->name != NULL; file++) {
        if (strcmp(file->name, name) == 0) {
            return true;
        }
    }

    return false;
}

bool
triage_recorded_is_too_new(const PGresult *recorded)
{
    for (int row = 0; row < PQntuples(recorded); row++) {
        const char *name = PQgetvalue(recorded, row, 0);

        if (!triage_recorded_is_ours(name)) {
            triage_complain(COMMAND,
                            "the database is newer than this triage: it has "
                            "%s, which is not known here",
                            name);
            return true;
        }
    }

    return false;
}

PGresult *
triage_recorded_read(PGconn *link)
{
    static const char exists[] =
        "select from pg_catalog.pg_class c"
        "  join pg_catalog.pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname = 'triage_data' and c.relname = 'migration'";
    PGresult *result = PQexec(link, exists);

    if (PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) > 0) {
        PQclear(result);
        result = PQexec(link, "select name from triage_data.migration"
                              " order by name");
    }

    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        triage_complain(COMMAND, "cannot read what is applied: %s",
                        PQresultErrorMessage(result));
        PQclear(result);
        return NULL;
    }

    return result;
}
