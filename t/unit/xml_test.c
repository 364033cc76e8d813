#include "../../src/base/xml.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

static triage_heap_t heap;
static triage_arena_t arena;
static const char *why;

static const triage_xml_t *
open_xml(const char *text)
{
    why = NULL;
    return triage_xml_open(triage_text_of(text), &arena, &why);
}

static bool
says(const triage_xml_t *xml, const char *path, const char *text)
{
    return triage_text_is(triage_xml_text(triage_xml_path(xml, path)), text);
}

static bool
refuses(const char *text, const char *reason)
{
    return open_xml(text) == NULL && why != NULL && strcmp(why, reason) == 0;
}

static void
reads_elements(void)
{
    const triage_xml_t *xml = open_xml(
        "\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8'?>\n"
        "<feed xmlns:yt='http://a/' xmlns='http://b/'>\n"
        " <title> A &lt;b&gt; &amp; &#x1F600;\n</title>\n"
        " <entry id='1'><yt:videoId>v1</yt:videoId></entry>\n"
        " <link rel='self'/><entry id='2'><author><name><![CDATA[<&>]]>"
        "</name></author></entry>\n</feed>");
    const triage_xml_t *entry = triage_xml_at(xml, "entry");

    ok(triage_xml_is(xml, "feed"), "the root has its name");
    ok(says(xml, "title", "A <b> & \xf0\x9f\x98\x80"),
       "text is trimmed and its references are resolved");
    ok(says(entry, "videoId", "v1"), "prefixes do not matter");
    ok(triage_text_is(triage_xml_attribute(entry, "id"), "1"),
       "attributes are there");
    ok(triage_xml_attribute(entry, "no").data == NULL, "or absent");

    entry = triage_xml_again(entry);
    ok(says(entry, "author/name", "<&>"), "the next of that name, CDATA");
    ok(triage_xml_again(entry) == NULL, "and then none");
    ok(triage_xml_text(entry).data == NULL,
       "an element with children has no text");
    ok(triage_xml_text(triage_xml_at(xml, "link")).data != NULL,
       "an empty element has an empty one");
    ok(triage_xml_path(xml, "entry/no/name") == NULL, "no way, no element");
    ok(triage_xml_is(triage_xml_next(triage_xml_first(xml)), "entry"),
       "children in their order");
}

static void
takes_nothing(void)
{
    ok(triage_xml_name(NULL).data == NULL && triage_xml_text(NULL).data == NULL
           && triage_xml_attribute(NULL, "a").data == NULL
           && triage_xml_first(NULL) == NULL && triage_xml_next(NULL) == NULL
           && triage_xml_at(NULL, "a") == NULL
           && triage_xml_again(NULL) == NULL
           && triage_xml_path(NULL, "a") == NULL && !triage_xml_is(NULL, "a"),
       "no element is absent everywhere");
}

static void
refuses_attacks(void)
{
    ok(refuses("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
               "XML with a document type"),
       "entities of one's own");
    ok(refuses("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
               "XML with a document type"),
       "files");
    ok(refuses("<a>&b;</a>", "not XML"), "entities of nobody");
    ok(refuses("<a>", "not XML") && refuses("", "not XML")
           && refuses("{}", "not XML") && refuses("<a></b>", "not XML")
           && refuses("<a/><b/>", "not XML"),
       "what is not whole");
    ok(refuses("<a>\xff</a>", "not XML"), "what is not UTF-8");
    ok(open_xml("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xc3\xa9</a>")
           != NULL,
       "UTF-8 it is, whatever it claims to be");
}

static char *
repeat(const char *part, size_t count)
{
    size_t len = strlen(part);
    char *text = calloc(count * len + 64, 1);

    for (size_t i = 0; i < count; i++) {
        memcpy(text + i * len, part, len);
    }

    return text;
}

static void
knows_limits(void)
{
    char *deep = repeat("<a>", 33);
    char *many = repeat("<a/>", 10001);
    char *wide = malloc(strlen(many) + 64);
    char attributes[1024] = "<a";

    ok(refuses(deep, "XML nested too deeply"), "33 levels");

    sprintf(wide, "<r>%s</r>", many);
    ok(refuses(wide, "XML with too many elements"), "10,002 elements");

    for (unsigned i = 0; i < 65; i++) {
        sprintf(attributes + strlen(attributes), " a%u='1'", i);
    }
    strcat(attributes, "/>");
    ok(refuses(attributes, "XML with too many attributes"), "65 attributes");

    free(deep);
    free(many);
    free(wide);
}

static void
fails_each_allocation(void)
{
    const char text[] = "<a x='1'><b>text</b><c y='2' z='3'>more</c></a>";
    bool is_null = true;
    unsigned at = 0;
    const triage_xml_t *xml = NULL;

    while (xml == NULL && ++at < 100) {
        triage_heap_t small = { .fail_at = at };
        triage_arena_t tight;

        triage_arena_on_heap(&tight, &small);
        xml = triage_xml_open(triage_text_of(text), &tight, &why);
        is_null = is_null && (xml != NULL || strcmp(why, "no memory") == 0);
        triage_heap_free(&small);
    }

    ok(is_null && at > 1 && at < 100, "without memory there is no tree");
}

int
main(void)
{
    triage_arena_on_heap(&arena, &heap);
    reads_elements();
    takes_nothing();
    refuses_attacks();
    knows_limits();
    fails_each_allocation();
    triage_heap_free(&heap);

    return done_testing();
}
