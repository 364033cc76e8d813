/*
 * What an SQLSTATE means for the batch or the question that it answers.
 */
#ifndef TRIAGE_VERDICT_H
#define TRIAGE_VERDICT_H

typedef enum {
    TRIAGE_FILED = 0,  /* committed */
    TRIAGE_AGAIN,      /* send the same again: nobody is to blame */
    TRIAGE_LATER,      /* the database cannot now: wait before the next */
    TRIAGE_UNPREPARED, /* a pooler gave us another server's session */
    TRIAGE_REFUSED,    /* something in the batch is to blame */
    TRIAGE_LOST,       /* the link is gone: it may have been committed */
} triage_verdict_t;

/* Of a batch.  NULL: libpq's own error, without a server's answer. */
triage_verdict_t triage_verdict_of(const char *sqlstate);
/* Of a question (asker.h): what is wrong with it says nothing about the next,
 * but for what is the database's own affair. */
triage_verdict_t triage_verdict_of_question(const char *sqlstate);

#endif
