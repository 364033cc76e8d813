/*
 * What the desk's page may ask of the database: a fixed list of calls, each
 * one statement with typed parameters.  Nothing of a request ever becomes
 * SQL.  Pure: no network, no memory but the arena.
 */
#ifndef TRIAGE_CALL_H
#define TRIAGE_CALL_H

#include "../base/arena.h"

#define TRIAGE_CALL_PARAMETERS_MAX 7

typedef enum {
    TRIAGE_CALL_TEXT = 0, /* at most 4,000 bytes */
    TRIAGE_CALL_UUID,
    TRIAGE_CALL_NUMBER, /* a whole one, 64 bits */
    TRIAGE_CALL_REAL,   /* a decimal one, without an exponent */
    TRIAGE_CALL_TIME,   /* ISO 8601 with its zone */
    TRIAGE_CALL_TEXTS,  /* at most 64 texts; a JSON array in SQL */
    TRIAGE_CALL_TYPE_COUNT
} triage_call_type_t;

typedef struct {
    const char *name; /* NULL ends the list */
    triage_call_type_t type;
    bool is_required;
} triage_call_parameter_t;

typedef enum {
    TRIAGE_CALL_LOOKS = 0, /* GET with a query */
    TRIAGE_CALL_ASKS,      /* POST with a JSON object, and nothing changes:
                              words must be in no URL, and so in no log */
    TRIAGE_CALL_CHANGES    /* POST with a JSON object */
} triage_call_way_t;

typedef struct {
    const char *name; /* "claim"; NULL ends the table */
    triage_call_way_t way;
    const char *sql; /* $1 is the agent, $2 the first parameter, and so on:
                        one row with one value of type json; NULL: nginx
                        knows by itself */
    triage_call_parameter_t parameters[TRIAGE_CALL_PARAMETERS_MAX];
} triage_call_t;

extern const triage_call_t triage_calls[];

/* NULL: there is no such call. */
const triage_call_t *triage_call_find(triage_text_t name);

/* With the agent. */
int triage_call_value_count(const triage_call_t *call);

/* Reads the JSON object or the query into the values of $2,
 * $3, ...: copied to the arena, no text is null.  NULL, or what is wrong: a
 * literal; then *which is the parameter it is about, or NULL. */
const char *triage_call_read(const triage_call_t *call, triage_text_t request,
                             triage_arena_t *arena, triage_text_t *values,
                             const char **which);

#endif
