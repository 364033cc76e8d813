#include "../../src/platform/custom.h"

#include <string.h>

#include "tap.h"

typedef struct {
    const char *name;
    const char *value;
    const char *expected; /* a part of what is expected; NULL: taken */
} row_t;

static const row_t rows[] = {
    { "text", "/a", NULL },
    { "text", "/a + /b | root:/c | text:d", NULL },
    { "text", "  /a   +   /b  ", NULL },
    { "text", "header:X-A | query:b", NULL },
    { "text", "", "/pointer" },
    { "text", "a", "/pointer" },
    { "text", "/a +", "/pointer" },
    { "text", "| /a", "/pointer" },
    { "text", "/a /b", "+ or |" },
    { "text", "/a+/b", NULL }, /* a name may hold a + */
    { "text", "root:a", "/pointer" },
    { "text", "field:", "/pointer" },
    { "text", "cookie:a", "/pointer" },
    { "text", "/a + /b + /c + /d + /e", "at most 4 places" },
    { "text", "/a | /b | /c | /d | /e", "at most 4 choices" },
    { "signature", "hmac-sha384", NULL },
    { "signature", "ed25519", NULL },
    { "signature", "hmac-md5", "hmac-sha1" },
    { "signature", "", "hmac-sha1" },
    { "signature_from", "header:X-Sig", NULL },
    { "signature_from", "query:sig", NULL },
    { "signature_from", "/sig", "header:Name" },
    { "signature_from", "X-Sig", "header:Name" },
    { "signature_part", "v1", NULL },
    { "signature_prefix", "", "a word" },
    { "signature_encoding", "base64", NULL },
    { "signature_encoding", "base32", "hex or base64" },
    { "signed", "v0:{timestamp}:{body}", NULL },
    { "signed", "{id}.{timestamp}.{url}{body}", NULL },
    { "signed", "{time}", "{body}" },
    { "signed", "{body", "{body}" },
    { "signed", "{a}{b}", "{body}" },
    { "signed", "{id}{id}{id}{id}{id}{id}{id}{id}{body}", "{body}" },
    { "timestamp_time", "seconds", NULL },
    { "sent_at_time", "minutes", "iso" },
    { "body", "form", NULL },
    { "body", "form:payload", NULL },
    { "body", "form:", "json" },
    { "body", "xml", "json" },
    { "items", "/data", NULL },
    { "items", "data", "JSON pointer" },
    { "kind", "review", NULL },
    { "kind", "/event", NULL },
    { "kind", "rant", "kind of message" },
    { "kind_map", "a=review b=edit *=other", NULL },
    { "kind_map", "a=rant", "word=kind" },
    { "kind_map", "a", "word=kind" },
    { "kind_map", "", "word=kind" },
    { "audience", "limited", NULL },
    { "audience", "/where", NULL },
    { "audience", "everybody", "public" },
    { "audience_map", "wall=public", NULL },
    { "audience_map", "wall=wide", "word=audience" },
    { "text_markup", "html", NULL },
    { "text_markup", "markdown", "plain" },
    { "needs_fetch", "yes", NULL },
    { "needs_fetch", "true", "yes or no" },
    { "success", "204", NULL },
    { "success", "302", "200 to 299" },
    { "success", "ok", "200 to 299" },
    { "challenge_from", "query:challenge", NULL },
    { "challenge_from", "header:X", "query:name" },
    { "colour", "red", "docs/platforms/custom.md" },
};

/* "name value" a line. */
static const struct {
    const char *lines;
    const char *missing; /* NULL: usable */
    const char *what;
} wholes[] = {
    { "signature none\ntext /a\naudience public", NULL, "the least" },
    { "text /a\naudience public", "signature", "no signature" },
    { "signature none\naudience public", "text", "no text" },
    { "signature none\nneeds_fetch yes\naudience public", NULL,
      "no text, but to be fetched" },
    { "signature none\ntext /a", "audience", "no audience" },
    { "signature token\ntext /a\naudience public", "signature_from",
      "a token from nowhere" },
    { "signature basic\ntext /a\naudience public", NULL,
      "Basic needs no place" },
    { "signature hmac-sha1\nsignature_from header:S\nsigned {timestamp}{body}"
      "\ntext /a\naudience public",
      "timestamp_from", "a time from nowhere" },
    { "signature hmac-sha1\nsignature_from header:S\nsigned {id}{body}"
      "\ntext /a\naudience public",
      "id_from", "an id from nowhere" },
    { "signature hmac-sha1\nsignature_from header:S\nsigned abc"
      "\ntext /a\naudience public",
      "{body}", "a signature that does not cover the body" },
    { "signature none\nbody form\ntext /a\naudience public", "field:name",
      "pointers into a form" },
    { "signature none\nbody form\ntext field:a\naudience /b", "field:name",
      "an audience out of a form" },
    { "signature none\nbody form\ntext field:a\nkind root:/b\n"
      "audience public",
      "field:name", "a kind out of a form" },
    { "signature none\ntext field:a\naudience public", "body form",
      "a field of JSON" },
    { "signature none\nbody form\nitems /a\ntext field:a\naudience public",
      "no items", "items of a form" },
    { "signature none\nbody form:p\nitems /a\ntext /a | field:b\n"
      "audience public",
      NULL, "JSON in a form" },
};

static bool
has(const char *got, const char *expected)
{
    return expected == NULL ? got == NULL
                            : got != NULL && strstr(got, expected) != NULL;
}

static void
check_rows(triage_arena_t *arena)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        void *options = triage_custom_options.open(arena);
        const char *got =
            triage_custom_options.set(options, triage_text_of(rows[i].name),
                                      triage_text_of(rows[i].value), arena);
        char what[128];

        snprintf(what, sizeof(what), "%s \"%s\" is %s", rows[i].name,
                 rows[i].value, rows[i].expected ? "refused" : "taken");

        if (!ok(has(got, rows[i].expected), what)) {
            printf("# got: %s\n", got ? got : "nothing");
        }
    }
}

/* What is missing in the whole, or wrong in a line. */
static const char *
read_whole(const char *lines, triage_arena_t *arena)
{
    triage_text_t rest = triage_text_of(lines);
    void *options = triage_custom_options.open(arena);

    while (options != NULL && rest.len > 0) {
        triage_text_t value = triage_text_until(&rest, '\n');
        triage_text_t name = triage_text_until(&value, ' ');
        const char *expected =
            triage_custom_options.set(options, name, value, arena);

        if (expected != NULL) {
            return expected;
        }
    }

    return options == NULL ? "more memory"
                           : triage_custom_options.check(options);
}

static void
check_wholes(triage_arena_t *arena)
{
    for (size_t i = 0; i < sizeof(wholes) / sizeof(wholes[0]); i++) {
        const char *got = read_whole(wholes[i].lines, arena);

        if (!ok(has(got, wholes[i].missing), wholes[i].what)) {
            printf("# got: %s\n", got ? got : "nothing");
        }
    }
}

/* Every allocation fails once: it is said, and nothing else happens. */
static void
check_no_memory(void)
{
    const char *lines = "signature hmac-sha256\nsignature_from header:S\n"
                        "signed a{body}\nkind /k\nkind_map a=review b=edit\n"
                        "text /a + /b | /c\naudience public";
    bool is_said = true;
    unsigned fail_at = 0;
    const char *got;

    do {
        triage_heap_t heap = { .fail_at = ++fail_at };
        triage_arena_t arena;

        triage_arena_on_heap(&arena, &heap);
        got = read_whole(lines, &arena);
        is_said = is_said && arena.has_failed == (got != NULL);
        triage_heap_free(&heap);
    } while (got != NULL && fail_at < 1000);

    ok(is_said && fail_at > 1 && fail_at < 1000, "memory that runs short");
}

int
main(void)
{
    triage_heap_t heap = { 0 };
    triage_arena_t arena;

    triage_arena_on_heap(&arena, &heap);
    check_rows(&arena);
    check_wholes(&arena);
    triage_heap_free(&heap);
    check_no_memory();

    return done_testing();
}
