/*
 * What Discord's two endpoints share: the signature and the shape of a user
 * and of a message.
 */
#ifndef TRIAGE_DISCORD_SIGNATURE_H
#define TRIAGE_DISCORD_SIGNATURE_H

#include "reader.h"

/* Ed25519 over the timestamp and the body.  Discord documents no window for
 * the time: with source->tolerance set, what is older is STALE. */
triage_outcome_t triage_discord_verify(const triage_delivery_t *delivery,
                                       const triage_source_t *source,
                                       triage_arena_t *arena);
triage_outcome_t triage_discord_sign(const triage_delivery_t *delivery,
                                     const triage_source_t *source,
                                     triage_arena_t *arena,
                                     triage_signing_t *signing);

/* Takes a user object over as the author. */
void triage_discord_author(const triage_reader_t *reader,
                           triage_message_t *message,
                           const triage_json_t *user);

/* Is the author a bot, or the brand? */
bool triage_discord_is_echo(const triage_reader_t *reader,
                            const triage_message_t *message,
                            const triage_json_t *user);

#endif
