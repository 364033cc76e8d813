/*
 * The options of platforms that send a JWT: jwks, issuer, audience, email
 * and, for `triage deliver` alone, signer.
 */
#ifndef TRIAGE_TOKEN_H
#define TRIAGE_TOKEN_H

#include "../base/jwt.h"
#include "platform.h"

/* jwks and audience must be there. */
extern const triage_platform_options_t triage_token_options;
/* And email: for an issuer that signs for any account, with whatever
 * audience the account asks for. */
extern const triage_platform_options_t triage_account_token_options;

#endif
