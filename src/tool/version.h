/*
 * The version of everything here: the tool, the module and the schema.
 */
#ifndef TRIAGE_VERSION_H
#define TRIAGE_VERSION_H

#define TRIAGE_VERSION "0.1.0"

#endif
