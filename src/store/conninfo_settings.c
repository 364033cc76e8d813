#include "conninfo_settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
triage_conninfo_complain(const triage_complaint_t *complaint, const char *what,
                         const char *word)
{
    snprintf(complaint->text, complaint->size, "%s%s%s%s", what,
             word == NULL ? "" : " \"", word == NULL ? "" : word,
             word == NULL ? "" : "\"");

    return false;
}

static const char *
look_up(const PQconninfoOption *options, const char *keyword)
{
    for (; options != NULL && options->keyword != NULL; options++) {
        if (strcmp(options->keyword, keyword) == 0) {
            return options->val != NULL && options->val[0] != '\0'
                       ? options->val
                       : NULL;
        }
    }

    return NULL;
}

const char *
triage_conninfo_setting(const triage_conninfo_settings_t *settings,
                        const char *keyword)
{
    const char *value = look_up(settings->written, keyword);

    return value != NULL ? value : look_up(settings->defaults, keyword);
}

/* libpq's complaint quotes what it did not understand, which may be a piece
 * of a password: only a plain word behind "invalid connection option" can
 * be shown. */
static bool
complain_of_option(const triage_complaint_t *complaint, const char *error)
{
    static const char known[] = "invalid connection option \"";
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz_";
    char word[32];
    size_t len;

    if (error == NULL || strncmp(error, known, sizeof(known) - 1) != 0) {
        return triage_conninfo_complain(complaint, "not a connection string",
                                        NULL);
    }

    error += sizeof(known) - 1;
    len = strspn(error, letters);
    if (len == 0 || len >= sizeof(word) || error[len] != '"') {
        return triage_conninfo_complain(complaint, "unknown connection option",
                                        NULL);
    }

    memcpy(word, error, len);
    word[len] = '\0';

    return triage_conninfo_complain(complaint, "unknown connection option",
                                    word);
}

static bool
read_written(triage_conninfo_settings_t *settings, const char *text,
             const triage_complaint_t *complaint)
{
    char *error = NULL;

    settings->written = PQconninfoParse(text, &error);
    if (settings->written == NULL) {
        complain_of_option(complaint, error);
    }
    PQfreemem(error);

    return settings->written != NULL;
}

/* PQconndefaults says nothing of a service that it does not find.  Whoever
 * connects does: then there is no host, where there would be the one given
 * here, on which nobody listens. */
static bool
has_service(const char *service)
{
    static const char nowhere[] = "/nonexistent";
    const char *const keywords[] = { "service", "host", NULL };
    const char *const values[] = { service, nowhere, NULL };
    PGconn *conn = PQconnectStartParams(keywords, values, 0);
    const char *host = conn == NULL ? NULL : PQhost(conn);
    bool is_there = host != NULL && strcmp(host, nowhere) == 0;

    PQfinish(conn);

    return is_there;
}

/* libpq reads a service only by the environment where it gives us the
 * result.  We are in a process that has one thread and reads its
 * configuration. */
static bool
read_defaults(triage_conninfo_settings_t *settings,
              const triage_complaint_t *complaint)
{
    static const char variable[] = "PGSERVICE";
    const char *service = look_up(settings->written, "service");
    const char *set = getenv(variable);
    char *before = set == NULL ? NULL : strdup(set);

    if (service != NULL && !has_service(service)) {
        free(before);
        return triage_conninfo_complain(complaint, "cannot read the service",
                                        service);
    }

    if (service != NULL && setenv(variable, service, 1) != 0) {
        free(before);
        return triage_conninfo_complain(complaint, "no memory", NULL);
    }

    settings->defaults = PQconndefaults();

    if (service != NULL && before != NULL) {
        setenv(variable, before, 1);
    } else if (service != NULL) {
        unsetenv(variable);
    }
    free(before);

    return settings->defaults != NULL
           || triage_conninfo_complain(complaint, "no memory", NULL);
}

bool
triage_conninfo_settings_read(triage_conninfo_settings_t *settings,
                              const char *text,
                              const triage_complaint_t *complaint)
{
    return read_written(settings, text, complaint)
           && read_defaults(settings, complaint);
}

void
triage_conninfo_settings_free(triage_conninfo_settings_t *settings)
{
    PQconninfoFree(settings->written);
    PQconninfoFree(settings->defaults);
    *settings = (triage_conninfo_settings_t){ 0 };
}
