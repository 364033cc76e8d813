#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "options.h"

#define COLUMNS 32

bool
triage_table_open(triage_table_t *table, const char *command, const char *path,
                  triage_text_t content, const char *value)
{
    triage_text_t line, name;
    int column = 0;

    table->rest = content;
    table->value = table->text = -1;
    line = triage_text_until(&table->rest, '\n');
    while (line.data != NULL && column < COLUMNS) {
        name = triage_text_trim(triage_text_until(&line, '\t'));
        if (triage_text_is(name, value)) {
            table->value = column;
        } else if (triage_text_is(name, "text")) {
            table->text = column;
        }
        column++;
    }
    if (table->value < 0 || table->text < 0) {
        triage_complain(command, "%s: no columns \"%s\" and \"text\"", path,
                        value);
        return false;
    }
    return true;
}

static bool
read_number(triage_text_t cell, double *number)
{
    char string[32], *end;

    if (cell.len == 0 || cell.len >= sizeof(string)) {
        return false;
    }

    memcpy(string, cell.data, cell.len);
    string[cell.len] = '\0';
    *number = strtod(string, &end);

    return *end == '\0' || *end == '\r';
}

static bool
read_row(const triage_table_t *table, triage_text_t line, double *value,
         triage_text_t *text)
{
    bool has_value = false;
    int column;

    *text = triage_no_text;
    for (column = 0; line.data != NULL && column < COLUMNS; column++) {
        triage_text_t cell = triage_text_until(&line, '\t');

        if (column == table->text) {
            *text = cell;
        } else if (column == table->value) {
            has_value = read_number(cell, value);
        }
    }

    return has_value && text->data != NULL;
}

bool
triage_table_next(triage_table_t *table, double *value, triage_text_t *text)
{
    while (table->rest.len > 0) {
        triage_text_t line = triage_text_until(&table->rest, '\n');

        if (read_row(table, line, value, text)) {
            return true;
        }
    }

    return false;
}
