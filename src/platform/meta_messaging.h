/*
 * Conversations with a Page or an Instagram account: the items of the lists
 * "messaging" and "standby" are the same for both.
 */
#ifndef TRIAGE_META_MESSAGING_H
#define TRIAGE_META_MESSAGING_H

#include "meta.h"

void triage_meta_read_messaging(triage_meta_t *meta,
                                const triage_json_t *item);

#endif
