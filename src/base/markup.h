/*
 * Turns what platforms send as markup into the words that a person wrote.
 *
 * Made for reading and scoring, not for showing: what comes out is plain
 * text and must be escaped like any other before it is put into a page.
 * Linear in the length of the text whatever is in it.
 */
#ifndef TRIAGE_MARKUP_H
#define TRIAGE_MARKUP_H

#include "arena.h"

/* HTML to text: tags, comments, scripts and styles are dropped, entities
 * decoded, blanks run together, and a line ends where a block or <br> does.
 * A `<` that starts no tag is the `<` of "I <3 it" and stays, as does all
 * that follows a tag that never ends.  No text stays no text. */
triage_text_t triage_markup_strip(triage_text_t html, triage_arena_t *arena);

/* Entities only: "&lt;", "&#8217;", "&#x2019;".  For plain text that was
 * escaped once. */
triage_text_t triage_markup_unescape(triage_text_t text,
                                     triage_arena_t *arena);

/* Slack's mrkdwn: <@U1|ann> is @ann, <#C1|help> is #help, <!here> is @here,
 * <https://a.example|here> is "here", and &lt; &gt; &amp; are decoded. */
triage_text_t triage_markup_mrkdwn(triage_text_t text, triage_arena_t *arena);

/* Plain text as messages need it: NUL and bytes that are no UTF-8 become
 * U+FFFD.  For headers; JSON, XML and forms come repaired. */
triage_text_t triage_markup_repair(triage_text_t text, triage_arena_t *arena);

#endif
