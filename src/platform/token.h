/*
 * The options of platforms that send a JWT: jwks, issuer, audience, email
 * and, for `triage deliver` alone, signer.
 */
#ifndef TRIAGE_TOKEN_H
#define TRIAGE_TOKEN_H

#include "../base/jwt.h"
#include "platform.h"

extern const triage_platform_options_t triage_token_options;

#endif
