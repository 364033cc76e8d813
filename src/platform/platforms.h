/*
 * The platforms that there are, for the registry: a line each.
 */
#ifndef TRIAGE_PLATFORMS_H
#define TRIAGE_PLATFORMS_H

#include "platform.h"

#endif
