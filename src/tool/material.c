#include "material.h"

#include <libpq-fe.h>
#include <stdlib.h>

#include "input.h"
#include "options.h"
#include "table.h"

/* The same for the same text: what was trained on is not judged by. */
static uint32_t
group_of(triage_text_t text)
{
    uint32_t hash = UINT32_C(0x811C9DC5);
    size_t i;

    for (i = 0; i < text.len; i++) {
        hash = (hash ^ (uint8_t) text.data[i]) * UINT32_C(0x01000193);
    }
    hash ^= hash >> 15;
    return hash * UINT32_C(0x2C1B3C6D) >> 8;
}

static triage_example_t *
add_text(triage_material_t *material, triage_text_t text, double degree)
{
    size_t size = material->size == 0 ? 1024 : 2 * material->size;
    double *larger;

    if (material->examples.count == material->size) {
        larger = realloc(material->degrees, size * sizeof(*larger));
        if (larger == NULL) {
            return NULL;
        }
        material->degrees = larger;
        material->size = size;
    }
    material->degrees[material->examples.count] = degree;
    return triage_examples_add(&material->examples, material->scorer, text);
}

bool
triage_material_add_file(triage_material_t *material, const char *command,
                         const char *path, const char *value, unsigned set)
{
    triage_buffer_t content = { 0 };
    triage_text_t text;
    triage_example_t *example;
    triage_table_t table;
    double number = 0;
    bool is_read = triage_input_read(command, path, &content)
                   && triage_table_open(&table, command, path,
                                        triage_input_text(&content), value);

    while (is_read && triage_table_next(&table, &number, &text)) {
        example = add_text(material, text, number);
        if (example == NULL) {
            triage_complain(command, "out of memory");
            is_read = false;
            break;
        }
        example->set = (uint16_t) set;
        example->label = number == 1 ? 1 : number == 0 ? 0 : -1;
        example->group = group_of(text);
    }
    triage_buffer_free(&content);
    return is_read;
}

static bool
add_rows(triage_material_t *material, const char *command,
         const PGresult *result)
{
    triage_example_t *example;
    triage_text_t text;
    int i;

    for (i = 0; i < PQntuples(result); i++) {
        text.data = PQgetvalue(result, i, 0);
        text.len = (size_t) PQgetlength(result, i, 0);
        example =
            add_text(material, text, strtod(PQgetvalue(result, i, 1), NULL));
        if (example == NULL) {
            triage_complain(command, "out of memory");
            return false;
        }
        example->group = group_of(text);
    }
    return true;
}

bool
triage_material_add_database(triage_material_t *material, const char *command,
                             const char *conninfo)
{
    PGconn *link = PQconnectdb(conninfo);
    PGresult *result = NULL;
    bool is_read = false;

    if (PQstatus(link) == CONNECTION_OK) {
        (void) PQsetClientEncoding(link, "UTF8");
        result = PQexec(link, "select text, urgency from triage.correction"
                              " where text is not null"
                              " order by message_no");
    }
    if (PQresultStatus(result) == PGRES_TUPLES_OK) {
        is_read = add_rows(material, command, result);
    } else {
        triage_complain(command, "database: %s", PQerrorMessage(link));
    }
    PQclear(result);
    PQfinish(link);
    return is_read;
}

void
triage_material_free(triage_material_t *material)
{
    triage_examples_free(&material->examples);
    free(material->degrees);
}
