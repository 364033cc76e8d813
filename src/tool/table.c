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
    table->value = table->text = table->group = -1;
    line = triage_text_until(&table->rest, '\n');
    while (line.data != NULL && column < COLUMNS) {
        name = triage_text_trim(triage_text_until(&line, '\t'));
        if (triage_text_is(name, value)) {
            table->value = column;
        } else if (triage_text_is(name, "text")) {
            table->text = column;
        } else if (triage_text_is(name, "group")) {
            table->group = column;
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

bool
triage_table_next(triage_table_t *table, double *value, triage_text_t *text,
                  triage_text_t *group)
{
    triage_text_t line, cell;
    char number[32], *end;
    bool has_value;
    int column;

    while (table->rest.len > 0) {
        line = triage_text_until(&table->rest, '\n');
        *text = *group = triage_no_text;
        has_value = false;
        for (column = 0; line.data != NULL && column < COLUMNS; column++) {
            cell = triage_text_until(&line, '\t');
            if (column == table->text) {
                *text = cell;
            } else if (column == table->group) {
                *group = cell;
            } else if (column == table->value && cell.len > 0
                       && cell.len < sizeof(number)) {
                memcpy(number, cell.data, cell.len);
                number[cell.len] = '\0';
                *value = strtod(number, &end);
                has_value = *end == '\0' || *end == '\r';
            }
        }
        if (has_value && text->data != NULL) {
            return true;
        }
    }
    return false;
}
