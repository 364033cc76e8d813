/*
 * The encrypted mode of WeChat: what is inside <Encrypt>.
 */
#ifndef TRIAGE_WECHAT_ENVELOPE_H
#define TRIAGE_WECHAT_ENVELOPE_H

#include "platform.h"

/* A token has 3 to 32 characters, an EncodingAESKey 43: both stand in the
 * secret file, and the length tells which is which. */
bool triage_wechat_is_aes_key(triage_text_t key);

/* Is an EncodingAESKey among the secrets? */
bool triage_wechat_is_sealed(const triage_source_t *source);

/* The XML inside, with whichever key opens it; no text when none does. */
triage_text_t triage_wechat_unseal(const triage_source_t *source,
                                   triage_text_t encrypted,
                                   triage_arena_t *arena);

#endif
