/*
 * The SQL of src/sql, as src/tool/embed put it into this binary.
 */
#ifndef TRIAGE_SCHEMA_H
#define TRIAGE_SCHEMA_H

typedef struct {
    const char *name; /* "0001_tables": what is recorded; NULL ends a list */
    const char *path; /* "migrations/0001_tables.sql" */
    const char *text;
} triage_sql_file_t;

/* Makes the schema triage_data and its table `migration`; safe twice. */
extern const triage_sql_file_t triage_sql_bootstrap;
/* Forward only, in their order, each applied once. */
extern const triage_sql_file_t triage_sql_migrations[];
/* Functions, views and grants, made anew each time. */
extern const triage_sql_file_t triage_sql_parts[];

#endif
