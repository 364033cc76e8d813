#include "errands.h"

void
triage_errands_use(const triage_errands_t *errands, triage_link_t *link)
{
    if (errands->replayer != NULL
        && triage_replayer_use(errands->replayer, link)) {
        return;
    }

    if (errands->ticker != NULL && triage_ticker_use(errands->ticker, link)) {
        return;
    }

    if (errands->waits != NULL) {
        (void) triage_waits_use(errands->waits, link);
    }
}

bool
triage_errands_use_overdue(const triage_errands_t *errands,
                           triage_link_t *link)
{
    return errands->ticker != NULL && triage_ticker_is_overdue(errands->ticker)
           && triage_ticker_use(errands->ticker, link);
}

void
triage_errands_stop(const triage_errands_t *errands)
{
    if (errands->replayer != NULL) {
        triage_replayer_stop(errands->replayer);
    }
    if (errands->ticker != NULL) {
        triage_ticker_stop(errands->ticker);
    }
    if (errands->waits != NULL) {
        triage_waits_stop(errands->waits);
    }
}

void
triage_errands_close(triage_errands_t *errands)
{
    triage_replayer_close(errands->replayer);
    triage_ticker_close(errands->ticker);
    triage_waits_close(errands->waits);
    *errands = (triage_errands_t){ 0 };
}
