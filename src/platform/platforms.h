/*
 * The platforms that there are, for the registry: a line each.
 */
#ifndef TRIAGE_PLATFORMS_H
#define TRIAGE_PLATFORMS_H

#include "platform.h"

extern const triage_platform_t triage_platform_facebook;
extern const triage_platform_t triage_platform_instagram;
extern const triage_platform_t triage_platform_whatsapp;
extern const triage_platform_t triage_platform_x;

#endif
