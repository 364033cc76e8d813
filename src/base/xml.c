#include "xml.h"

#include <string.h>

#include <expat.h>

#define LEVELS_MAX 32
#define ELEMENTS_MAX 10000
#define ATTRIBUTES_MAX 64

typedef struct {
    triage_text_t name;
    triage_text_t value;
} attribute_t;

struct triage_xml_s {
    triage_text_t name;
    triage_text_t text;
    attribute_t *attributes;
    size_t attribute_count;
    triage_xml_t *first;
    triage_xml_t *last;
    triage_xml_t *next;
    triage_xml_t *parent;
};

typedef struct {
    XML_Parser parser;
    triage_arena_t *arena;
    triage_xml_t *root;
    triage_xml_t *open; /* the element that the parser is in */
    char *text;         /* of the open element */
    char *text_end;     /* room for as many bytes as the document has */
    size_t levels;
    size_t elements;
    const char *why;
} reader_t;

static void
stop(reader_t *reader, const char *why)
{
    if (reader->why == NULL) {
        reader->why = why;
        XML_StopParser(reader->parser, XML_FALSE);
    }
}

static triage_text_t
local_name(const char *name)
{
    const char *colon = strrchr(name, ':');

    return triage_text_of(colon == NULL ? name : colon + 1);
}

static bool
keep_attributes(reader_t *reader, triage_xml_t *element,
                const XML_Char **pairs)
{
    size_t count = 0;

    while (pairs[2 * count] != NULL) {
        count++;
    }

    if (count == 0) {
        return true;
    }

    if (count > ATTRIBUTES_MAX) {
        stop(reader, "XML with too many attributes");
        return false;
    }

    element->attributes =
        triage_arena_take(reader->arena, count * sizeof(attribute_t));
    if (element->attributes == NULL) {
        return false;
    }

    for (size_t i = 0; i < count; i++) {
        attribute_t *attribute = &element->attributes[i];

        attribute->name =
            triage_arena_copy(reader->arena, local_name(pairs[2 * i]));
        attribute->value =
            triage_arena_copy(reader->arena, triage_text_of(pairs[2 * i + 1]));
    }

    element->attribute_count = count;
    return !reader->arena->has_failed;
}

static void
link_child(triage_xml_t *parent, triage_xml_t *child)
{
    child->parent = parent;

    if (parent->last == NULL) {
        parent->first = child;
    } else {
        parent->last->next = child;
    }

    parent->last = child;
}

static void XMLCALL
start_element(void *data, const XML_Char *name, const XML_Char **attributes)
{
    reader_t *reader = data;
    triage_xml_t *element;

    if (++reader->levels > LEVELS_MAX) {
        stop(reader, "XML nested too deeply");
        return;
    }

    if (++reader->elements > ELEMENTS_MAX) {
        stop(reader, "XML with too many elements");
        return;
    }

    element = triage_arena_zero(reader->arena, sizeof(*element));
    if (element == NULL) {
        stop(reader, "no memory");
        return;
    }

    element->name = triage_arena_copy(reader->arena, local_name(name));

    if (!keep_attributes(reader, element, attributes)
        || element->name.data == NULL)
    {
        stop(reader, "no memory");
        return;
    }

    if (reader->open == NULL) {
        reader->root = element;
    } else {
        link_child(reader->open, element);
    }

    reader->open = element;
    reader->text = reader->text_end;
}

static void XMLCALL
end_element(void *data, const XML_Char *name)
{
    reader_t *reader = data;
    triage_xml_t *element = reader->open;

    (void) name;

    /* an empty element ends even when its start stopped the parser */
    if (reader->why != NULL) {
        return;
    }

    reader->levels--;

    if (element->first == NULL) {
        element->text = triage_text_trim((triage_text_t){
            reader->text, (size_t) (reader->text_end - reader->text) });
    }

    reader->open = element->parent;
}

/* The parser hands on each line by itself.  UTF-8 in is UTF-8 out, and a
 * reference is never shorter than its character: the room is enough. */
static void XMLCALL
add_text(void *data, const XML_Char *part, int len)
{
    reader_t *reader = data;

    if (reader->why != NULL || reader->open->first != NULL) {
        return;
    }

    memcpy(reader->text_end, part, (size_t) len);
    reader->text_end += len;
}

static void XMLCALL
refuse_doctype(void *data, const XML_Char *name, const XML_Char *system,
               const XML_Char *public, int has_internal_subset)
{
    (void) name;
    (void) system;
    (void) public;
    (void) has_internal_subset;
    stop(data, "XML with a document type");
}

static void
run(reader_t *reader, triage_text_t text)
{
    XML_SetUserData(reader->parser, reader);
    XML_SetElementHandler(reader->parser, start_element, end_element);
    XML_SetCharacterDataHandler(reader->parser, add_text);
    XML_SetStartDoctypeDeclHandler(reader->parser, refuse_doctype);

    if (XML_Parse(reader->parser, text.data, (int) text.len, XML_TRUE)
            != XML_STATUS_OK
        && reader->why == NULL)
    {
        reader->why = XML_GetErrorCode(reader->parser) == XML_ERROR_NO_MEMORY
                          ? "no memory"
                          : "not XML";
    }
}

const triage_xml_t *
triage_xml_open(triage_text_t text, triage_arena_t *arena, const char **why)
{
    reader_t reader = { .arena = arena };

    if (text.len == 0 || text.len > INT32_MAX) {
        *why = "not XML";
        return NULL;
    }

    *why = "no memory";
    reader.text = reader.text_end = triage_arena_bytes(arena, text.len);
    if (reader.text == NULL) {
        return NULL;
    }

    /* The encoding given here overrides the one that the document claims. */
    reader.parser = XML_ParserCreate("UTF-8");
    if (reader.parser == NULL) {
        return NULL;
    }

    run(&reader, text);
    XML_ParserFree(reader.parser);

    *why = reader.why;
    return reader.why == NULL ? reader.root : NULL;
}

triage_text_t
triage_xml_name(const triage_xml_t *element)
{
    return element == NULL ? triage_no_text : element->name;
}

bool
triage_xml_is(const triage_xml_t *element, const char *name)
{
    return element != NULL && triage_text_is(element->name, name);
}

triage_text_t
triage_xml_text(const triage_xml_t *element)
{
    return element == NULL ? triage_no_text : element->text;
}

const triage_xml_t *
triage_xml_first(const triage_xml_t *element)
{
    return element == NULL ? NULL : element->first;
}

const triage_xml_t *
triage_xml_next(const triage_xml_t *element)
{
    return element == NULL ? NULL : element->next;
}

static const triage_xml_t *
find_named(const triage_xml_t *element, triage_text_t name)
{
    while (element != NULL && !triage_text_equal(element->name, name)) {
        element = element->next;
    }

    return element;
}

const triage_xml_t *
triage_xml_at(const triage_xml_t *element, const char *name)
{
    return find_named(triage_xml_first(element), triage_text_of(name));
}

const triage_xml_t *
triage_xml_again(const triage_xml_t *element)
{
    return element == NULL ? NULL : find_named(element->next, element->name);
}

const triage_xml_t *
triage_xml_path(const triage_xml_t *element, const char *path)
{
    triage_text_t rest = triage_text_of(path);

    while (element != NULL && rest.data != NULL) {
        triage_text_t name = triage_text_until(&rest, '/');

        element = find_named(element->first, name);
    }

    return element;
}

triage_text_t
triage_xml_attribute(const triage_xml_t *element, const char *name)
{
    if (element == NULL) {
        return triage_no_text;
    }

    for (size_t i = 0; i < element->attribute_count; i++) {
        if (triage_text_is(element->attributes[i].name, name)) {
            return element->attributes[i].value;
        }
    }

    return triage_no_text;
}
