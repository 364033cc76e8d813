/*
 * A parcel as elements of binary arrays: (length, bytes), a length of -1 is
 * null.
 */
#ifndef TRIAGE_PARCEL_H
#define TRIAGE_PARCEL_H

#include "batch.h"

/* Appends the elements of a parcel, which is the `ordinal`th of its batch,
 * to the columns.  Whether that worked is in their `has_failed`. */
void triage_parcel_encode(const triage_parcel_t *parcel,
                          triage_buffer_t *columns, size_t ordinal);

#endif
