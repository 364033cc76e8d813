#include "json.h"
#include "buffer.h"
#include "json_strings.h"

#include <jansson.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

/* ours is jansson's by another name: nobody else sees the type */
static json_t *
node(const triage_json_t *value)
{
    return (json_t *) value;
}

static const triage_json_t *
ours(const json_t *value)
{
    return (const triage_json_t *) value;
}

/*
 * jansson takes memory for each value, and freeing them one by one is a fifth
 * of what reading costs.  While a document of ours is read, and only then,
 * its memory comes from the document itself, which is freed as a whole, or
 * kept for the next one: memory that was just used is in the cache.
 * jansson's functions for memory are those of the whole process: a thread of
 * somebody else that uses jansson meanwhile gets what it would have got.
 */
#define ROOM ((size_t) 32 * 1024)  /* of a document: one of a few KB */
#define PIECE ((size_t) 64 * 1024) /* more of it, at a time */
#define ALIGNMENT alignof(max_align_t)

typedef struct piece_s piece_t;
struct piece_s {
    piece_t *next;
    alignas(max_align_t) char memory[];
};

typedef struct document_s document_t;
struct document_s {
    char *free; /* of the room, or of the last piece */
    char *end;
    piece_t *pieces;
    triage_json_strings_t strings;
    json_t *root;
    document_t *outer; /* that was open already */
    alignas(max_align_t) char room[ROOM];
};

static document_t *opened; /* the innermost */
static document_t *spare;  /* closed, for the next one; NULL: none */

/* NULL: none.  Where it lies is known when we are loaded: jansson asks some
 * hundred times a document, and to ask a function each time would show. */
static _Thread_local document_t *reading
    __attribute__((tls_model("initial-exec")));

static json_malloc_t usual_take;
static json_free_t usual_free;

/* A large request gets a piece of its own, so that what is left of the last
 * one is not wasted. */
static void *
take_more(document_t *document, size_t size)
{
    bool is_large = size > PIECE / 4;
    size_t len = is_large ? size : PIECE;
    piece_t *piece = size > PTRDIFF_MAX ? NULL : malloc(sizeof(*piece) + len);

    if (piece == NULL) {
        return NULL;
    }

    piece->next = document->pieces;
    document->pieces = piece;
    if (!is_large) {
        document->free = piece->memory + size;
        document->end = piece->memory + len;
    }

    return piece->memory;
}

static void *
take_from(document_t *document, size_t size)
{
    size_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    char *taken;

    if (rounded < size || rounded > (size_t) (document->end - document->free))
    {
        return take_more(document, rounded < size ? SIZE_MAX : rounded);
    }

    taken = document->free;
    document->free += rounded;

    return taken;
}

static void *
take(size_t size)
{
    return reading == NULL ? usual_take(size) : take_from(reading, size);
}

static void
leave(void *memory)
{
    if (reading == NULL) {
        usual_free(memory);
    }
}

/* A tree in which a stranger's string could pass for a stand-in is never
 * made: what holds a string that is none is parsed for its error alone. */
static json_t *
load(document_t *document, triage_text_t text, json_error_t *error)
{
    char *room = take_from(document, TRIAGE_JSON_STRINGS_ROOM(text.len));
    bool is_taken =
        room != NULL
        && triage_json_strings_take(&document->strings, text, room);
    json_t *root;

    if (is_taken) {
        text = document->strings.left;
    }

    memset(error, 0, sizeof(*error));
    json_get_alloc_funcs(&usual_take, &usual_free);
    reading = document;
    json_set_alloc_funcs(take, leave);

    root = json_loadb(text.data, text.len, 0, error);

    json_set_alloc_funcs(usual_take, usual_free);
    reading = NULL;

    return is_taken ? root : NULL;
}

static document_t *
new_document(void)
{
    document_t *document = spare;

    if (document == NULL) {
        document = malloc(sizeof(*document));
    }
    if (document == NULL) {
        return NULL;
    }

    spare = NULL;
    document->free = document->room;
    document->end = document->room + ROOM;
    document->pieces = NULL;
    document->strings.number = opened == NULL ? 0 : opened->strings.number + 1;
    document->root = NULL;
    document->outer = NULL;

    return document;
}

/* AddressSanitizer is to see who uses a document that is closed. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_KEPT false
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define IS_KEPT false
#elif !defined(IS_KEPT)
#define IS_KEPT true
#endif

static void
free_document(document_t *document)
{
    while (document->pieces != NULL) {
        piece_t *next = document->pieces->next;

        free(document->pieces);
        document->pieces = next;
    }

    if (IS_KEPT && spare == NULL) {
        spare = document;
    } else {
        free(document);
    }
}

static const char replacement[] = "\\ufffd";

/*
 * jansson refuses a whole document for one odd character or number.  The
 * mender rewrites those and nothing else; it runs only after a refusal, so
 * that a proper document costs nothing.
 */
typedef struct {
    const char *next;
    const char *end;
    triage_buffer_t out;
} mender_t;

static void
keep(mender_t *mender, size_t len)
{
    triage_buffer_add(&mender->out, (triage_text_t){ mender->next, len });
    mender->next += len;
}

static void
mend_unit(mender_t *mender, int unit)
{
    bool is_high = unit >= 0xD800 && unit < 0xDC00;
    bool is_low = unit >= 0xDC00 && unit < 0xE000;

    if (is_high) {
        int second = triage_json_unit(mender->next + 6, mender->end);

        if (second >= 0xDC00 && second < 0xE000) {
            keep(mender, 12);
            return;
        }
    }

    if (unit == 0 || is_high || is_low) {
        triage_buffer_add(&mender->out, triage_text_of(replacement));
        mender->next += 6;
        return;
    }

    keep(mender, 6);
}

static void
mend_string_byte(mender_t *mender)
{
    unsigned len = triage_utf8_length(mender->next, mender->end);
    int unit;

    if (len == 0) {
        triage_buffer_add(&mender->out, triage_text_of(replacement));
        mender->next++;
        return;
    }

    /* a raw control character is an error in JSON: people's clients send
     * them all the same */
    if ((unsigned char) *mender->next < 0x20) {
        triage_buffer_print(&mender->out, "\\u%04x",
                            *mender->next ? (unsigned char) *mender->next
                                          : 0xFFFDu);
        mender->next++;
        return;
    }

    if (*mender->next != '\\') {
        keep(mender, len);
        return;
    }

    unit = triage_json_unit(mender->next, mender->end);
    if (unit >= 0) {
        mend_unit(mender, unit);
        return;
    }

    keep(mender, mender->end - mender->next > 1 ? 2 : 1);
}

static void
mend_string(mender_t *mender)
{
    keep(mender, 1);

    while (mender->next < mender->end && *mender->next != '"') {
        mend_string_byte(mender);
    }

    if (mender->next < mender->end) {
        keep(mender, 1);
    }
}

static bool
is_number_byte(char byte)
{
    return (byte >= '0' && byte <= '9') || byte == '-' || byte == '+'
           || byte == '.' || byte == 'e' || byte == 'E';
}

/* Numbers that jansson cannot hold become strings of their digits. */
static void
mend_number(mender_t *mender)
{
    const char *start = mender->next;
    const char *after = start;
    triage_text_t digits;
    int64_t number;
    bool is_integer = true;
    char copy[64];

    while (after < mender->end && is_number_byte(*after)) {
        is_integer = is_integer && *after != '.' && (*after | 0x20) != 'e';
        after++;
    }

    digits = (triage_text_t){ start, (size_t) (after - start) };

    if (is_integer && triage_text_to_int64(digits, &number)) {
        keep(mender, digits.len);
        return;
    }

    if (!is_integer && digits.len < sizeof(copy)) {
        double real;

        memcpy(copy, digits.data, digits.len);
        copy[digits.len] = '\0';
        real = strtod(copy, NULL);

        if (real - real == 0) { /* finite */
            keep(mender, digits.len);
            return;
        }
    }

    triage_buffer_add_byte(&mender->out, '"');
    keep(mender, digits.len);
    triage_buffer_add_byte(&mender->out, '"');
}

static json_t *
mend_and_load(document_t *document, triage_text_t text, json_error_t *error)
{
    mender_t mender = { text.data, text.data + text.len, { 0 } };
    json_t *root = NULL;

    while (mender.next < mender.end) {
        if (*mender.next == '"') {
            mend_string(&mender);

        } else if (is_number_byte(*mender.next) && *mender.next != 'e'
                   && *mender.next != 'E')
        {
            mend_number(&mender);

        } else {
            keep(&mender, 1);
        }
    }

    if (!mender.out.has_failed) {
        text = (triage_text_t){ mender.out.data, mender.out.len };
        root = load(document, text.len > 0 ? text : triage_text(""), error);
    }
    triage_buffer_free(&mender.out);

    return root;
}

static bool
is_worth_mending(const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_invalid_utf8:
    case json_error_invalid_syntax:
    case json_error_null_character:
    case json_error_null_byte_in_key:
    case json_error_numeric_overflow:
        return true;
    default:
        return false;
    }
}

static const char *
reason(const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_stack_overflow:
        return "JSON nested too deeply";
    case json_error_premature_end_of_input:
        return "JSON ends too early";
    case json_error_end_of_input_expected:
        return "text after the JSON document";
    case json_error_out_of_memory:
        return "no memory to read JSON";
    default:
        return "not JSON";
    }
}

static json_t *
read_document(document_t *document, triage_text_t text, const char **why)
{
    json_error_t error;

    document->root = load(document, text, &error);
    if (document->root == NULL && is_worth_mending(&error)) {
        document->root = mend_and_load(document, text, &error);
    }
    if (document->root == NULL) {
        *why = reason(&error);
    }

    return document->root;
}

triage_json_t *
triage_json_open(triage_text_t text, const char **why)
{
    const triage_text_t bom = TRIAGE_TEXT("\xEF\xBB\xBF");
    document_t *document;

    if (triage_text_starts(text, bom)) {
        text.data += bom.len;
        text.len -= bom.len;
    }

    if (triage_text_trim(text).len == 0) {
        *why = "the body is empty";
        return NULL;
    }

    if (text.len > TRIAGE_JSON_STRINGS_MAX) {
        *why = "JSON of more than 64 MB";
        return NULL;
    }

    document = new_document();
    if (document == NULL) {
        *why = "no memory to read JSON";
        return NULL;
    }

    if (document->strings.number == TRIAGE_JSON_STRINGS_SETS) {
        free_document(document);
        *why = "JSON nested too deeply";
        return NULL;
    }

    if (read_document(document, text, why) == NULL) {
        free_document(document);
        return NULL;
    }

    document->outer = opened;
    opened = document;

    return (triage_json_t *) document->root;
}

/* Documents are closed in the reverse order, if only nearly. */
void
triage_json_close(triage_json_t *root)
{
    document_t **link = &opened;
    document_t *document;

    if (root == NULL) {
        return;
    }

    while ((*link)->root != node(root)) {
        link = &(*link)->outer;
    }

    document = *link;
    *link = document->outer;
    free_document(document);
}

const triage_json_t *
triage_json_at(const triage_json_t *object, const char *name)
{
    return ours(json_object_get(node(object), name));
}

const triage_json_t *
triage_json_path(const triage_json_t *object, const char *path)
{
    char name[64];

    while (object != NULL) {
        size_t len = strcspn(path, ".");

        if (len >= sizeof(name)) {
            return NULL;
        }

        memcpy(name, path, len);
        name[len] = '\0';
        object = triage_json_at(object, name);

        if (path[len] == '\0') {
            return object;
        }
        path += len + 1;
    }

    return NULL;
}

/* One step of a pointer, with ~0 and ~1 undone; false when it is too long. */
static bool
unescape_step(triage_text_t step, char *name, size_t size)
{
    size_t len = 0;

    if (step.len >= size) {
        return false;
    }

    for (size_t i = 0; i < step.len; i++) {
        char byte = step.data[i];

        if (byte == '~' && i + 1 < step.len) {
            byte = step.data[++i] == '1' ? '/' : '~';
        }
        name[len++] = byte;
    }
    name[len] = '\0';

    return true;
}

const triage_json_t *
triage_json_pointer(const triage_json_t *value, triage_text_t pointer)
{
    char name[256];

    if (pointer.len == 0) {
        return value;
    }

    if (pointer.data[0] != '/') {
        return NULL;
    }

    pointer.data++;
    pointer.len--;

    do {
        triage_text_t step = triage_text_until(&pointer, '/');
        int64_t index;

        if (json_is_array(node(value))) {
            value = triage_text_to_int64(step, &index) && index >= 0
                        ? ours(json_array_get(node(value), (size_t) index))
                        : NULL;
            continue;
        }

        value = unescape_step(step, name, sizeof(name))
                    ? triage_json_at(value, name)
                    : NULL;
    } while (value != NULL && pointer.data != NULL);

    return value;
}

size_t
triage_json_count(const triage_json_t *array)
{
    if (array == NULL || json_is_null(node(array))) {
        return 0;
    }

    return json_is_array(node(array)) ? json_array_size(node(array)) : 1;
}

const triage_json_t *
triage_json_item(const triage_json_t *array, size_t i)
{
    if (json_is_array(node(array))) {
        return ours(json_array_get(node(array), i));
    }

    return i == 0 ? array : NULL;
}

const triage_json_t *
triage_json_next(const triage_json_t *object, void **iterator,
                 triage_text_t *name)
{
    json_t *parent = node(object);

    *iterator = *iterator == NULL ? json_object_iter(parent)
                                  : json_object_iter_next(parent, *iterator);
    if (*iterator == NULL) {
        return NULL;
    }

    *name = triage_text_of(json_object_iter_key(*iterator));

    return ours(json_object_iter_value(*iterator));
}

bool
triage_json_is_object(const triage_json_t *value)
{
    return json_is_object(node(value));
}

bool
triage_json_is_array(const triage_json_t *value)
{
    return json_is_array(node(value));
}

bool
triage_json_is_string(const triage_json_t *value)
{
    return json_is_string(node(value));
}

bool
triage_json_is_true(const triage_json_t *value)
{
    return json_is_true(node(value));
}

bool
triage_json_is_bool(const triage_json_t *value)
{
    return json_is_boolean(node(value));
}

/* What a string stands for, in whichever open document it is. */
static triage_text_t
behind(triage_text_t string)
{
    int number = triage_json_strings_set(string);
    const document_t *document = opened;

    if (number < 0) {
        return string;
    }

    while (document != NULL && (int) document->strings.number != number) {
        document = document->outer;
    }

    return document != NULL
               ? triage_json_strings_get(&document->strings, string)
               : triage_no_text;
}

triage_text_t
triage_json_peek(const triage_json_t *value)
{
    if (!json_is_string(node(value))) {
        return triage_no_text;
    }

    return behind((triage_text_t){ json_string_value(node(value)),
                                   json_string_length(node(value)) });
}

triage_text_t
triage_json_text(const triage_json_t *value, triage_arena_t *arena)
{
    if (json_is_integer(node(value))) {
        return triage_arena_number(arena, json_integer_value(node(value)));
    }

    return triage_arena_copy(arena, triage_json_peek(value));
}

triage_text_t
triage_json_id(const triage_json_t *value, triage_arena_t *arena)
{
    triage_text_t text = triage_json_text(value, arena);

    return text.len > 0 ? text : triage_no_text;
}

bool
triage_json_equals(const triage_json_t *value, const char *string)
{
    return triage_json_is_string(value)
           && triage_text_is(triage_json_peek(value), string);
}

/* A double of a magnitude below 2^63 converts without loss of meaning. */
static bool
real_to_int64(double real, int64_t *number)
{
    if (!(real > -9.2e18 && real < 9.2e18)) {
        return false;
    }

    *number = (int64_t) real;

    return (double) *number == real;
}

bool
triage_json_to_int64(const triage_json_t *value, int64_t *number)
{
    if (json_is_integer(node(value))) {
        *number = json_integer_value(node(value));
        return true;
    }

    if (json_is_real(node(value))) {
        return real_to_int64(json_real_value(node(value)), number);
    }

    return triage_text_to_int64(triage_json_peek(value), number);
}

int64_t
triage_json_number(const triage_json_t *value, int64_t otherwise)
{
    int64_t number;

    return triage_json_to_int64(value, &number) ? number : otherwise;
}

bool
triage_json_to_double(const triage_json_t *value, double *number)
{
    if (!json_is_number(node(value))) {
        return false;
    }

    *number = json_number_value(node(value));

    return true;
}
