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

/* What became of an item: a list in the order of the delivery, which parse
 * leaves in the notes of the reading. */
typedef struct triage_standard_item_s triage_standard_item_t;
struct triage_standard_item_s {
    triage_standard_item_t *next;
    triage_text_t message_id; /* of an accepted one */
    const char *list;         /* where the item is: "/messages", "" */
    bool is_alone;            /* it is the whole of `list` */
    triage_fault_t fault;
};

/* How many were accepted, duplicates and wrong, and each with its reason, as
 * JSON.  `duplicates` has a flag for each message that was filed; NULL: none
 * was there before. */
triage_outcome_t triage_standard_answer(const triage_reading_t *reading,
                                        const bool *duplicates,
                                        triage_arena_t *arena,
                                        triage_reply_t *reply);

#endif
