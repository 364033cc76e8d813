/*
 * What a queue is told in the configuration: its targets, its weight, and
 * where its messages go when those are missed.
 */
#ifndef TRIAGE_QUEUE_H
#define TRIAGE_QUEUE_H

#include "../base/text.h"

typedef struct {
    triage_text_t name;
    int64_t respond;        /* seconds */
    unsigned weight;        /* 1 to 100 */
    triage_text_t overflow; /* a queue's name, or no text */
    triage_text_t hours;    /* when targets count; no text: always */
    int64_t next;           /* seconds; 0: as respond */
    int64_t resolve;        /* seconds; 0: no target */
    unsigned warn;          /* percent of a target; 0: no warnings */
    triage_text_t escalate; /* a queue's name, or no text */
} triage_queue_t;

/* Reads one word of a triage_queue ("respond=15m", "weight=8") into a queue
 * that triage_queue_init made.  NULL, or what was expected. */
void triage_queue_init(triage_queue_t *queue, triage_text_t name);
const char *triage_queue_read(triage_queue_t *queue, triage_text_t word);

#endif
