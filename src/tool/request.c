#include "request.h"

#include <string.h>

#define NUMBER triage_text("{n}")

/* The headers of one delivery, with its number in them. */
typedef struct {
    const triage_list_t *list;
    triage_text_t *values;
} headers_t;

bool
triage_request_has_number(triage_text_t text)
{
    return triage_text_find(text, NUMBER) != NULL;
}

static void
add_numbered(triage_buffer_t *buffer, triage_text_t text, triage_text_t number)
{
    const char *found;

    while ((found = triage_text_find(text, NUMBER)) != NULL) {
        size_t before = (size_t) (found - text.data);

        triage_buffer_add(buffer, (triage_text_t){ text.data, before });
        triage_buffer_add(buffer, number);
        text.data = found + NUMBER.len;
        text.len -= before + NUMBER.len;
    }

    triage_buffer_add(buffer, text);
}

static triage_text_t
number_text(triage_text_t text, triage_text_t number, triage_arena_t *arena)
{
    triage_buffer_t buffer = { 0 };
    triage_text_t copy;

    if (!triage_request_has_number(text)) {
        return text;
    }

    add_numbered(&buffer, text, number);
    copy = buffer.has_failed
               ? triage_no_text
               : triage_arena_copy(arena,
                                   (triage_text_t){ buffer.data, buffer.len });
    arena->has_failed |= buffer.has_failed;
    triage_buffer_free(&buffer);

    return copy;
}

static triage_text_t
name_of(const char *header)
{
    triage_text_t rest = triage_text_of(header);

    return triage_text_until(&rest, ':');
}

static triage_text_t
find_header(const void *context, triage_text_t name)
{
    const headers_t *headers = context;

    for (size_t i = 0; i < headers->list->count; i++) {
        triage_text_t here = name_of(headers->list->items[i]);

        if (here.len == name.len
            && strncasecmp(here.data, name.data, name.len) == 0) {
            return headers->values[i];
        }
    }

    return triage_no_text;
}

static bool
fill_headers(headers_t *headers, const triage_request_t *request,
             triage_text_t number, triage_arena_t *arena)
{
    headers->list = &request->origin->settings->headers;
    headers->values = triage_arena_take(arena, (headers->list->count + 1)
                                                   * sizeof(triage_text_t));

    for (size_t i = 0; headers->values != NULL && i < headers->list->count;
         i++) {
        triage_text_t value = triage_text_of(headers->list->items[i]);

        triage_text_until(&value, ':');
        value = triage_text_trim(value);
        headers->values[i] =
            request->is_unique ? number_text(value, number, arena) : value;
    }

    return !arena->has_failed;
}

/* Platforms do not agree on one, and most of ours do not look. */
static triage_text_t
guess_content_type(triage_text_t body)
{
    body = triage_text_trim(body);

    if (body.len == 0 || body.data[0] == '{' || body.data[0] == '[') {
        return triage_text("application/json");
    }

    return body.data[0] == '<'
               ? triage_text("application/xml")
               : triage_text("application/x-www-form-urlencoded");
}

static void
add_header(triage_buffer_t *buffer, triage_text_t name, triage_text_t value)
{
    triage_buffer_add(buffer, name);
    triage_buffer_add(buffer, triage_text(": "));
    triage_buffer_add(buffer, value);
    triage_buffer_add(buffer, triage_text("\r\n"));
}

static void
write_start(const triage_request_t *request, const triage_signing_t *signing,
            triage_buffer_t *buffer)
{
    triage_text_t target = request->target;

    triage_buffer_add(buffer, triage_text("POST "));
    triage_buffer_add(buffer, target);

    if (signing->query.len > 0) {
        bool has_query = memchr(target.data, '?', target.len) != NULL;

        triage_buffer_add_byte(buffer, has_query ? '&' : '?');
        triage_buffer_add(buffer, signing->query);
    }

    triage_buffer_add(buffer, triage_text(" HTTP/1.1\r\n"));
    add_header(buffer, triage_text("Host"), request->host);
}

/* A header that the platform signs comes once, as it was signed. */
static bool
is_signed(const triage_signing_t *signing, triage_text_t name)
{
    for (size_t i = 0; i < signing->count; i++) {
        triage_text_t other = signing->headers[i].name;

        if (other.len == name.len
            && strncasecmp(other.data, name.data, name.len) == 0) {
            return true;
        }
    }

    return false;
}

static void
write_headers(const triage_request_t *request, const headers_t *headers,
              const triage_signing_t *signing, triage_text_t body,
              triage_buffer_t *buffer)
{
    for (size_t i = 0; i < headers->list->count; i++) {
        triage_text_t name = name_of(headers->list->items[i]);

        if (!is_signed(signing, name)) {
            add_header(buffer, name, headers->values[i]);
        }
    }

    if (find_header(headers, triage_text("content-type")).data == NULL) {
        add_header(buffer, triage_text("Content-Type"),
                   guess_content_type(body));
    }

    for (size_t i = 0; i < signing->count; i++) {
        add_header(buffer, signing->headers[i].name,
                   signing->headers[i].value);
    }

    if (request->closes) {
        add_header(buffer, triage_text("Connection"), triage_text("close"));
    }

    triage_buffer_print(buffer, "Content-Length: %zu\r\n\r\n", body.len);
}

static bool
sign(triage_request_t *request, const headers_t *headers, triage_text_t body,
     triage_arena_t *arena, triage_signing_t *signing)
{
    const triage_origin_t *origin = request->origin;
    triage_delivery_t delivery = origin->delivery;
    triage_outcome_t outcome;

    if (origin->platform->sign == NULL) {
        return true;
    }

    delivery.url = request->url;
    delivery.body = body;
    delivery.header = find_header;
    delivery.request = headers;
    delivery.received_at = triage_origin_now(origin->settings);
    outcome =
        origin->platform->sign(&delivery, &origin->source, arena, signing);
    request->why = outcome.why;

    return outcome.code == TRIAGE_OK;
}

static bool
write_in_arena(triage_request_t *request, int64_t index, triage_arena_t *arena,
               triage_buffer_t *buffer)
{
    const triage_buffer_t *template;
    triage_text_t number = triage_arena_number(arena, request->first + index);
    triage_signing_t signing = { .count = 0 };
    triage_text_t body;
    headers_t headers;

    template = &request->bodies[(size_t) index % request->body_count];
    body = (triage_text_t){ template->data, template->len };

    if (body.data == NULL) {
        body = triage_text("");
    }

    if (request->is_unique) {
        body = number_text(body, number, arena);
    }

    if (!fill_headers(&headers, request, number, arena)
        || !sign(request, &headers, body, arena, &signing))
    {
        return false;
    }

    write_start(request, &signing, buffer);
    write_headers(request, &headers, &signing, body, buffer);
    triage_buffer_add(buffer, body);

    return !arena->has_failed && !buffer->has_failed;
}

bool
triage_request_write(triage_request_t *request, int64_t index,
                     triage_buffer_t *buffer)
{
    triage_heap_t heap = { 0 };
    triage_arena_t arena;
    bool is_written;

    triage_arena_on_heap(&arena, &heap);
    request->why = NULL;
    is_written = write_in_arena(request, index, &arena, buffer);
    triage_heap_free(&heap);

    if (!is_written && request->why == NULL) {
        request->why = "out of memory";
    }

    return is_written;
}
