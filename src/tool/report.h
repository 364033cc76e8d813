/*
 * What became of the requests that a sender sent.
 */
#ifndef TRIAGE_REPORT_H
#define TRIAGE_REPORT_H

#include "sender.h"

/* A line a figure, for people. */
void triage_report_write(const triage_sender_result_t *result,
                         triage_buffer_t *buffer);
/* One line of JSON, times in microseconds. */
void triage_report_write_json(const triage_sender_result_t *result,
                              triage_buffer_t *buffer);

#endif
