#include "../../src/score/marks.h"
#include "tap.h"

#include <stdio.h>
#include <string.h>

static triage_scorer_t *scorer;
static char written[65536];

static const char lists[] = "[stranded]\n"
                            "strand*\n"
                            "stuck here\n"
                            "*ausfall\n"
                            "[praise]\n"
                            "happy\n"
                            "[negation]\n"
                            "not\n";

static void
mark(const char *text, size_t len)
{
    triage_buffer_t buffer = { 0 };
    triage_writer_t writer;

    triage_writer_init(&writer, &buffer);
    triage_marks_write(scorer, (triage_text_t){ text, len }, &writer);
    snprintf(written, sizeof(written), "%.*s", (int) buffer.len,
             buffer.data != NULL ? buffer.data : "");
    triage_buffer_free(&buffer);
}

/* Whether so many UTF-16 units are marked as that, and nowhere else. */
static bool
marks(const char *text, const char *signal, unsigned start, unsigned length)
{
    char expected[256], name[128];
    const char *found;

    snprintf(expected, sizeof(expected),
             "{\"start\":%u,\"length\":%u,\"signal\":\"%s\"}", start, length,
             signal);
    snprintf(name, sizeof(name), "\"signal\":\"%s\"", signal);
    mark(text, strlen(text));
    found = strstr(written, name);

    return strstr(written, expected) != NULL
           && strstr(found + 1, name) == NULL;
}

static bool
has(const char *text, const char *signal)
{
    char name[128];

    snprintf(name, sizeof(name), "\"signal\":\"%s\"", signal);
    mark(text, strlen(text));

    return strstr(written, name) != NULL;
}

static void
phrases_are_placed(void)
{
    ok(marks("We are stuck here!", "stranded", 7, 10), "a phrase");
    ok(marks("STUCK   (here)", "stranded", 0, 13),
       "as it was written, blanks and all");
    ok(marks("I am stranded, help", "stranded", 5, 8),
       "to the end of its word");
    ok(marks("der Stromausfall.", "stranded", 4, 12), "and from its start");
    ok(marks("caf\u00e9 \U0001F600 Str\u00e4nded", "stranded", 8, 8),
       "in UTF-16 units, marks on letters or not");
    ok(marks("ok.stuck here,now", "stranded", 3, 10), "between full stops");
    ok(marks("https://example.org/stuck-here I strand", "stranded", 33, 6),
       "and not in a link");
    ok(marks("@shop (stuck here) ", "stranded", 7, 10), "behind a handle");
    ok(!has("stuck. here", "stranded"), "not across a sentence");
    ok(has("happy", "praise") && !has("not happy", "praise"),
       "and for what it counts");
}

static void
words_are_placed(void)
{
    ok(marks("Where is my REFUND?", "word:refund", 12, 6), "a word");
    ok(marks("I can\u2019t wait", "word:cant", 2, 5), "with its apostrophe");
    ok(marks("sooooo late", "word:soo", 0, 6), "however long it is drawn");
    ok(marks("Gr\u00fc\u00dfe!!", "word:grusse", 0, 5), "folded or not");
    ok(marks("\u041f\u043e\u043c\u043e\u0433\u0438\u0442\u0435 "
             "\u043c\u043d\u0435",
             "word:\u043c\u043d\u0435", 9, 3),
       "in other scripts");
    ok(marks("hi \U0001F621", "word:\U0001F621", 3, 2), "a face");
}

/* Nothing but that it ends, and is JSON of marks inside the text. */
static void
hostile_texts_are_read(void)
{
    char text[5000];
    size_t i;

    mark("", 0);
    ok(strcmp(written, "[]") == 0, "no text");

    for (i = 0; i < sizeof(text); i++) {
        text[i] = (char) (i * 7919 % 251);
    }
    for (i = 0; i < 64; i++) {
        mark(text + i, sizeof(text) - i);
    }
    ok(written[0] == '[', "any bytes");

    memset(text, '\xE2', sizeof(text));
    mark(text, sizeof(text));
    ok(written[0] == '[', "half characters");

    for (i = 0; i + 7 < sizeof(text); i += 7) {
        memcpy(text + i, "strand ", 7);
    }
    mark(text, i);
    ok(strstr(written, "\"start\":1750,") != NULL, "as many as it can");
    ok(strstr(written, "\"start\":2100,") == NULL, "of what is read");
}

int
main(void)
{
    const triage_text_t list = triage_text_of(lists);
    const char *why;
    unsigned line;

    scorer = triage_scorer_open_lists(triage_no_text, &list, 1, &why, &line);
    ok(scorer != NULL, "a scorer");
    phrases_are_placed();
    words_are_placed();
    hostile_texts_are_read();
    triage_scorer_close(scorer);

    return done_testing();
}
