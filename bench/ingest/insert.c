/*
 * What PostgreSQL needs at least for the same rows: one client, one
 * `insert ... select unnest(binary arrays)` of BATCH rows a transaction.
 *
 *   insert CONNINFO ROWS FIRST TEXT-BYTES RAW-FILE BATCH [PAUSE-MS]
 *
 * Prints the rows (whole batches only), the seconds that they took, and p50
 * and p99 of a transaction in milliseconds.
 */
#include <arpa/inet.h>
#include <libpq-fe.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCH_MAX = 256, COLUMNS = 9, COLUMN_SIZE = 1024 * 1024 };

typedef struct {
    char *data;
    size_t len;
} column_t;

static void
put(column_t *column, const void *bytes, size_t len)
{
    memcpy(column->data + column->len, bytes, len);
    column->len += len;
}

static void
put_number(column_t *column, uint32_t number)
{
    number = htonl(number);
    put(column, &number, 4);
}

/* ndim, has nulls, element type, length, lower bound */
static void
start(column_t *column, uint32_t type, uint32_t count)
{
    column->len = 0;
    put_number(column, 1);
    put_number(column, 0);
    put_number(column, type);
    put_number(column, count);
    put_number(column, 1);
}

static void
put_element(column_t *column, const void *bytes, size_t len)
{
    put_number(column, (uint32_t) len);
    put(column, bytes, len);
}

static void
put_string(column_t *column, const char *string)
{
    put_element(column, string, strlen(string));
}

static void
put_small(column_t *column, uint16_t number)
{
    number = htons(number);
    put_element(column, &number, 2);
}

static void
fill(column_t *columns, unsigned long first, uint32_t count, const char *text,
     const char *raw, size_t raw_len)
{
    static const uint32_t types[COLUMNS] = { 25, 25, 25,   25,  21,
                                             21, 25, 1184, 3802 };
    const char due_at[8] = { 0, 3, 0, 0, 0, 0, 0, 0 };
    char id[32];

    for (int i = 0; i < COLUMNS; i++) {
        start(&columns[i], types[i], count);
    }

    for (uint32_t row = 0; row < count; row++) {
        snprintf(id, sizeof(id), "1001_%lu", first + row);
        put_string(&columns[0], "facebook");
        put_string(&columns[1], id);
        put_string(&columns[2], "Ann Example");
        put_string(&columns[3], text);
        put_small(&columns[4], 42);
        put_small(&columns[5], 42);
        put_string(&columns[6], "standard");
        put_element(&columns[7], due_at, sizeof(due_at));
        put_number(&columns[8], (uint32_t) raw_len + 1);
        put(&columns[8], "\1", 1);
        put(&columns[8], raw, raw_len);
    }
}

static void
check(PGconn *conn, PGresult *result, ExecStatusType wanted)
{
    if (PQresultStatus(result) != wanted) {
        fprintf(stderr, "insert: %s", PQerrorMessage(conn));
        exit(1);
    }

    PQclear(result);
}

static void
insert(PGconn *conn, column_t *columns)
{
    const char *values[COLUMNS];
    int lengths[COLUMNS], formats[COLUMNS];

    for (int i = 0; i < COLUMNS; i++) {
        values[i] = columns[i].data;
        lengths[i] = (int) columns[i].len;
        formats[i] = 1;
    }

    check(conn,
          PQexecPrepared(conn, "plain", COLUMNS, values, lengths, formats, 1),
          PGRES_COMMAND_OK);
}

static double
seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);

    return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

static int
compare(const void *a, const void *b)
{
    double left = *(const double *) a, right = *(const double *) b;

    return (left > right) - (left < right);
}

int
main(int argc, char **argv)
{
    column_t columns[COLUMNS];
    static char raw[65536];
    unsigned long batch, count, first, i;
    double *took, all = 0;
    char *text;
    size_t raw_len;
    PGconn *conn;
    FILE *file;
    double start_at;
    struct timespec pause = { 0, argc == 8 ? atol(argv[7]) * 1000000 : 0 };

    batch = argc >= 7 ? strtoul(argv[6], NULL, 10) : 0;
    if (batch < 1 || batch > BATCH_MAX) {
        fprintf(stderr, "usage: insert CONNINFO ROWS FIRST TEXT-BYTES "
                        "RAW-FILE BATCH [PAUSE-MS]\n");
        return 64;
    }

    count = strtoul(argv[2], NULL, 10) / batch;
    took = calloc(count + 1, sizeof(*took));
    first = strtoul(argv[3], NULL, 10);
    text = calloc(1, strtoul(argv[4], NULL, 10) + 1);
    memset(text, 'w', strtoul(argv[4], NULL, 10));
    file = fopen(argv[5], "rb");
    if (file == NULL) {
        perror(argv[5]);
        return 1;
    }
    raw_len = fread(raw, 1, sizeof(raw), file);
    fclose(file);

    for (int i = 0; i < COLUMNS; i++) {
        columns[i].data = malloc(COLUMN_SIZE);
    }

    conn = PQconnectdb(argv[1]);
    check(conn,
          PQprepare(conn, "plain",
                    "insert into plain (platform, external_id, author, text,"
                    " urgency, visibility, queue, due_at, raw)"
                    " select * from unnest($1::text[], $2::text[],"
                    " $3::text[], $4::text[], $5::smallint[],"
                    " $6::smallint[], $7::text[], $8::timestamptz[],"
                    " $9::jsonb[]) on conflict (external_id) do nothing",
                    0, NULL),
          PGRES_COMMAND_OK);

    for (i = 0; i < count; i++) {
        nanosleep(&pause, NULL);
        start_at = seconds();
        fill(columns, first + i * batch, (uint32_t) batch, text, raw, raw_len);
        insert(conn, columns);
        took[i] = seconds() - start_at;
        all += took[i];
    }
    qsort(took, count, sizeof(*took), compare);
    printf("%lu %.6f %.3f %.3f\n", count * batch, all, took[count / 2] * 1e3,
           took[count * 99 / 100] * 1e3);
    PQfinish(conn);

    return 0;
}
