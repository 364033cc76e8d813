/*
 * Reads XML into a small tree; the only owner of expat.
 *
 * The tree lives in the arena and needs no closing.  Elements and attributes
 * are found by their local names: `yt:videoId` is "videoId", whatever prefix
 * the sender chose.  Every getter takes NULL and returns "absent" for it, so
 * that a path can be walked without a check at each step.
 *
 * Refused: a document type (and with it every entity attack), encodings
 * other than UTF-8, more than 32 levels, more than 10,000 elements, more
 * than 64 attributes at one element.
 */
#ifndef TRIAGE_XML_H
#define TRIAGE_XML_H

#include "arena.h"

typedef struct triage_xml_s triage_xml_t; /* an element */

/* The root element, or NULL with a literal in *why. */
const triage_xml_t *triage_xml_open(triage_text_t text, triage_arena_t *arena,
                                    const char **why);

/* The local name; no text for NULL. */
triage_text_t triage_xml_name(const triage_xml_t *element);
bool triage_xml_is(const triage_xml_t *element, const char *name);

/* What is written in the element, entities resolved, ends trimmed.  Empty
 * for an empty element; no text for NULL and for one that has children. */
triage_text_t triage_xml_text(const triage_xml_t *element);

/* Children in their order. */
const triage_xml_t *triage_xml_first(const triage_xml_t *element);
const triage_xml_t *triage_xml_next(const triage_xml_t *element);

/* The first child of that name; the next sibling of the same name. */
const triage_xml_t *triage_xml_at(const triage_xml_t *element,
                                  const char *name);
const triage_xml_t *triage_xml_again(const triage_xml_t *element);

/* Walks names separated by slashes, from the children of `element` on:
 * "entry/author/name". */
const triage_xml_t *triage_xml_path(const triage_xml_t *element,
                                    const char *path);

/* The value of an attribute, not trimmed; no text when absent. */
triage_text_t triage_xml_attribute(const triage_xml_t *element,
                                   const char *name);

#endif
