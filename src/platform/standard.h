/*
 * One item of our own normalised JSON: the contract with feeders (see
 * docs/platforms/standard.md and docs/standard.schema.json).
 */
#ifndef TRIAGE_STANDARD_H
#define TRIAGE_STANDARD_H

#include "reader.h"

typedef struct {
    const char *why;   /* NULL: nothing is wrong */
    const char *where; /* the member, dots between: "engagement.likes"; ""
                          for the item itself */
} triage_fault_t;

/* Fills `message` from an item.  What is wrong first is the fault; the
 * message is then of no use. */
triage_fault_t triage_standard_read(const triage_reader_t *reader,
                                    const triage_json_t *item,
                                    triage_message_t *message);

#endif
