#include "../../src/base/markup.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"

typedef triage_text_t (*markup_pt)(triage_text_t text, triage_arena_t *arena);

typedef struct {
    const char *markup;
    const char *text;
    const char *what;
} row_t;

static const row_t html[] = {
    { "<p>Hello <b>you</b></p>", "Hello you", "tags are dropped" },
    { "<p>one</p><p>two<br>three</p>", "one\ntwo\nthree",
      "blocks and <br> end lines" },
    { "a<br><br/><br />b", "a\n\nb", "at most one line stays empty" },
    { "  a \n\t b&nbsp;&nbsp;c ", "a b c", "blanks run together" },
    { "<ul><li>a</li><li>b</li></ul>", "a\nb", "items are lines" },
    { "<td>a</td><td>b</td>", "a b", "cells are apart" },
    { "&lt;b&gt; &amp;amp; &quot;x&quot; &#39;y&apos;", "<b> &amp; \"x\" 'y'",
      "entities are decoded once" },
    { "&eacute;&Eacute;&hellip;&zwj;", "\u00e9\u00c9\u2026&zwj;",
      "names have case; unknown ones stay" },
    { "&#8217;&#x2019;&#X1F600;", "\u2019\u2019\U0001F600",
      "numbers, decimal and hexadecimal" },
    { "&#146;&#x80;", "\u2019\u20ac", "windows-1252 as browsers read it" },
    { "&#0;&#xD800;&#1114112;&#99999999999999999999;",
      "\uFFFD\uFFFD\uFFFD\uFFFD", "numbers that are no character" },
    { "R&D, AT&T &copy=2 &", "R&D, AT&T &copy=2 &", "a lone & stays" },
    { "I <3 it, 2 < 3 > 1 <", "I <3 it, 2 < 3 > 1 <", "a lone < stays" },
    { "x <love you", "x <love you", "a tag without an end stays" },
    { "<a title=\"a>b\" href='>'>t</a>", "t", "a > in quotes ends no tag" },
    { "<p don't>a</p>", "a", "a quote that quotes no value" },
    { "a<!-- <p>b</p> -->c", "ac", "comments are dropped" },
    { "a<!-- b", "a<!-- b", "a comment without an end stays" },
    { "<!DOCTYPE html><?xml x?>a", "a", "declarations are dropped" },
    { "a<script>if (a<b) x('</p>')</script>b", "ab", "scripts are dropped" },
    { "a<style>p > b {}</STYLE >b", "ab", "styles are dropped" },
    { "a<script>b", "a", "a script without an end is dropped" },
    { "<p><span>@<span>ann</span></span> h\u00e9</p>", "@ann h\u00e9",
      "spans are no gap" },
    { "<at>Bot</at> hi", "Bot hi", "tags of others" },
    { "", "", "nothing" },
    { "<p></p>", "", "nothing in a tag" },
};

static const row_t escaped[] = {
    { "a &lt;b&gt;  c\n&amp;", "a <b>  c\n&", "blanks and tags stay" },
    { "<p>&euro;</p>", "<p>\u20ac</p>", "markup stays" },
    { "&", "&", "a lone &" },
    { "", "", "nothing" },
};

static const row_t mrkdwn[] = {
    { "<@U1> and <@U2|ann>", "@U1 and @ann", "people" },
    { "<#C1|help> <#C2>", "#help #C2", "channels" },
    { "<!here> <!subteam^S1|@crew>", "@here @crew", "groups" },
    { "<https://a.example|here> <https://b.example>", "here https://b.example",
      "links" },
    { "<mailto:a@b.example|a@b.example>", "a@b.example", "addresses" },
    { "1 &lt; 2 &amp;&amp; *bold*", "1 < 2 && *bold*", "entities" },
    { "&lt;@U1&gt;", "<@U1>", "an escaped < is no reference" },
    { "a < b", "a < b", "a < without a >" },
    { "<>", "", "an empty reference" },
    { "", "", "nothing" },
};

static const row_t broken[] = {
    { "h\u00e9llo", "h\u00e9llo", "good text stays" },
    { "a\xff\xc3(", "a\uFFFD\uFFFD(", "bytes that are no UTF-8" },
    { "\xed\xa0\x80", "\uFFFD\uFFFD\uFFFD", "a surrogate" },
};

static void
check(markup_pt markup, const row_t *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        triage_heap_t heap = { 0 };
        triage_arena_t arena;
        triage_text_t text;

        triage_arena_on_heap(&arena, &heap);
        text = markup(triage_text_of(rows[i].markup), &arena);

        if (!ok(triage_text_is(text, rows[i].text), rows[i].what)) {
            printf("# got: %.*s\n", (int) text.len, text.data);
        }

        triage_heap_free(&heap);
    }
}

#define CHECK(markup, rows) check(markup, rows, sizeof(rows) / sizeof(*(rows)))

/* A piece repeated to a megabyte: a quadratic reader would take minutes. */
static void
check_long(const char *piece, const char *what)
{
    const size_t size = 1 << 20;
    const size_t len = strlen(piece);
    triage_heap_t heap = { 0 };
    triage_arena_t arena;
    char *data = malloc(size);
    triage_text_t text = { data, size };

    for (size_t i = 0; data != NULL && i < size; i++) {
        data[i] = piece[i % len];
    }

    triage_arena_on_heap(&arena, &heap);
    ok(triage_markup_strip(text, &arena).len <= size
           && triage_markup_mrkdwn(text, &arena).len <= size
           && triage_markup_unescape(text, &arena).len <= size,
       what);
    triage_heap_free(&heap);
    free(data);
}

static void
check_no_memory(markup_pt markup, const char *what)
{
    triage_heap_t heap = { .fail_at = 1 };
    triage_arena_t arena;

    triage_arena_on_heap(&arena, &heap);
    ok(markup(triage_text("<p>a</p>"), &arena).data == NULL
           && arena.has_failed,
       what);
    triage_heap_free(&heap);
}

int
main(void)
{
    CHECK(triage_markup_strip, html);
    CHECK(triage_markup_unescape, escaped);
    CHECK(triage_markup_mrkdwn, mrkdwn);
    CHECK(triage_markup_repair, broken);

    check_long("<a \"", "tags that never end");
    check_long("<a ='", "quotes that never end");
    check_long("<!--", "comments that never end");
    check_long("<script>", "scripts that never end");
    check_long("<script></scrip", "scripts that nearly end");
    check_long("&#1", "numbers that run on");
    check_long("<@", "references that never end");
    check_long("<br>", "nothing but line ends");

    check_no_memory(triage_markup_strip, "strip without memory");
    check_no_memory(triage_markup_unescape, "unescape without memory");
    check_no_memory(triage_markup_mrkdwn, "mrkdwn without memory");
    check_no_memory(triage_markup_repair, "repair without memory");

    ok(triage_markup_strip(triage_no_text, NULL).data == NULL,
       "no text stays no text");

    return done_testing();
}
