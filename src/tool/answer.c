#include "answer.h"

#include <string.h>

void
triage_answer_init(triage_answer_t *answer)
{
    answer->state = TRIAGE_ANSWER_STATUS;
    answer->status = 0;
    answer->closes = false;
    answer->is_chunked = false;
    answer->has_length = false;
    answer->left = 0;
    answer->line_len = 0;
}

/* "HTTP/1.1 200 OK" */
static triage_answer_state_t
read_status(triage_answer_t *answer, triage_text_t line)
{
    triage_text_t rest = line;
    triage_text_t version = triage_text_until(&rest, ' ');
    triage_text_t code = triage_text_until(&rest, ' ');
    int64_t status;

    if (!triage_text_starts(version, triage_text("HTTP/1."))
        || !triage_text_to_int64(code, &status) || status < 100
        || status > 599)
    {
        return TRIAGE_ANSWER_BROKEN;
    }

    answer->status = (unsigned) status;
    answer->closes = triage_text_is(version, "HTTP/1.0");

    return TRIAGE_ANSWER_HEADERS;
}

static triage_answer_state_t
read_header(triage_answer_t *answer, triage_text_t line)
{
    triage_text_t value = line;
    triage_text_t name = triage_text_until(&value, ':');

    value = triage_text_trim(value);

    if (triage_text_is_nocase(name, "content-length")) {
        answer->has_length = true;

        if (!triage_text_to_int64(value, &answer->left) || answer->left < 0) {
            return TRIAGE_ANSWER_BROKEN;
        }

    } else if (triage_text_is_nocase(name, "transfer-encoding")) {
        answer->is_chunked = triage_text_is_nocase(value, "chunked");

    } else if (triage_text_is_nocase(name, "connection")) {
        answer->closes = triage_text_is_nocase(value, "close");
    }

    return TRIAGE_ANSWER_HEADERS;
}

static triage_answer_state_t
end_headers(triage_answer_t *answer)
{
    if (answer->status < 200) { /* "100 Continue": another one follows */
        triage_answer_init(answer);
        return TRIAGE_ANSWER_STATUS;
    }

    if (answer->status == 204 || answer->status == 304) {
        return TRIAGE_ANSWER_DONE;
    }

    if (answer->is_chunked) {
        return TRIAGE_ANSWER_CHUNK_SIZE;
    }

    if (!answer->has_length) {
        answer->closes = true;
        return TRIAGE_ANSWER_REST;
    }

    return answer->left > 0 ? TRIAGE_ANSWER_BODY : TRIAGE_ANSWER_DONE;
}

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    c = (char) (c | 0x20);

    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static triage_answer_state_t
read_chunk_size(triage_answer_t *answer, triage_text_t line)
{
    int64_t size = 0;
    size_t i;

    for (i = 0; i < line.len && hex_digit(line.data[i]) >= 0; i++) {
        if (size > INT64_C(1) << 40) {
            return TRIAGE_ANSWER_BROKEN;
        }

        size = size * 16 + hex_digit(line.data[i]);
    }

    if (i == 0) {
        return TRIAGE_ANSWER_BROKEN;
    }

    answer->left = size + 2; /* the line end behind a chunk */

    return size > 0 ? TRIAGE_ANSWER_CHUNK : TRIAGE_ANSWER_TRAILERS;
}

static triage_answer_state_t
read_line(triage_answer_t *answer, triage_text_t line)
{
    switch (answer->state) {
    case TRIAGE_ANSWER_STATUS:
        return read_status(answer, line);
    case TRIAGE_ANSWER_HEADERS:
        return line.len > 0 ? read_header(answer, line) : end_headers(answer);
    case TRIAGE_ANSWER_CHUNK_SIZE:
        return read_chunk_size(answer, line);
    case TRIAGE_ANSWER_TRAILERS:
        return line.len > 0 ? TRIAGE_ANSWER_TRAILERS : TRIAGE_ANSWER_DONE;
    default:
        return TRIAGE_ANSWER_BROKEN;
    }
}

/* Returns how much it took: all up to a line end, or everything. */
static size_t
take_line(triage_answer_t *answer, const char *data, size_t len)
{
    const char *end = memchr(data, '\n', len);
    size_t taken = end != NULL ? (size_t) (end - data) : len;

    if (answer->line_len + taken > sizeof(answer->line)) {
        answer->state = TRIAGE_ANSWER_BROKEN;
        return len;
    }

    memcpy(answer->line + answer->line_len, data, taken);
    answer->line_len += taken;

    if (end == NULL) {
        return len;
    }

    if (answer->line_len > 0 && answer->line[answer->line_len - 1] == '\r') {
        answer->line_len--;
    }

    answer->state =
        read_line(answer, (triage_text_t){ answer->line, answer->line_len });
    answer->line_len = 0;

    return taken + 1;
}

static size_t
take_body(triage_answer_t *answer, size_t len)
{
    size_t taken = (size_t) answer->left < len ? (size_t) answer->left : len;

    answer->left -= (int64_t) taken;

    if (answer->left == 0) {
        answer->state = answer->state == TRIAGE_ANSWER_CHUNK
                            ? TRIAGE_ANSWER_CHUNK_SIZE
                            : TRIAGE_ANSWER_DONE;
    }

    return taken;
}

void
triage_answer_feed(triage_answer_t *answer, const char *data, size_t len)
{
    while (len > 0) {
        size_t taken;

        switch (answer->state) {
        case TRIAGE_ANSWER_REST:
        case TRIAGE_ANSWER_DONE:
        case TRIAGE_ANSWER_BROKEN:
            return;
        case TRIAGE_ANSWER_BODY:
        case TRIAGE_ANSWER_CHUNK:
            taken = take_body(answer, len);
            break;
        default:
            taken = take_line(answer, data, len);
        }

        data += taken;
        len -= taken;
    }
}

bool
triage_answer_end(triage_answer_t *answer)
{
    if (answer->state == TRIAGE_ANSWER_REST) {
        answer->state = TRIAGE_ANSWER_DONE;
    }

    answer->closes = true;

    return answer->state == TRIAGE_ANSWER_DONE;
}
