#include <string.h>
#include "markup.h"

/* No text has no bytes to be behind of. */
static const char *
end_of(triage_text_t text)
{
    return text.len > 0 ? text.data + text.len : text.data;
}

#define LONGEST_ENTITY 10

typedef struct {
    const char *name;
    uint16_t code;
} entity_t;

/* Sorted by name as strcmp() does: capitals first. */
static const entity_t entities[] = {
    { "AElig", 0xc6 },    { "Aacute", 0xc1 },   { "Acirc", 0xc2 },
    { "Agrave", 0xc0 },   { "Aring", 0xc5 },    { "Atilde", 0xc3 },
    { "Auml", 0xc4 },     { "Ccedil", 0xc7 },   { "Dagger", 0x2021 },
    { "ETH", 0xd0 },      { "Eacute", 0xc9 },   { "Ecirc", 0xca },
    { "Egrave", 0xc8 },   { "Euml", 0xcb },     { "Iacute", 0xcd },
    { "Icirc", 0xce },    { "Igrave", 0xcc },   { "Iuml", 0xcf },
    { "Ntilde", 0xd1 },   { "OElig", 0x152 },   { "Oacute", 0xd3 },
    { "Ocirc", 0xd4 },    { "Ograve", 0xd2 },   { "Oslash", 0xd8 },
    { "Otilde", 0xd5 },   { "Ouml", 0xd6 },     { "Scaron", 0x160 },
    { "THORN", 0xde },    { "Uacute", 0xda },   { "Ucirc", 0xdb },
    { "Ugrave", 0xd9 },   { "Uuml", 0xdc },     { "Yacute", 0xdd },
    { "Yuml", 0x178 },    { "aacute", 0xe1 },   { "acirc", 0xe2 },
    { "acute", 0xb4 },    { "aelig", 0xe6 },    { "agrave", 0xe0 },
    { "amp", 0x26 },      { "apos", 0x27 },     { "aring", 0xe5 },
    { "asymp", 0x2248 },  { "atilde", 0xe3 },   { "auml", 0xe4 },
    { "bdquo", 0x201e },  { "brvbar", 0xa6 },   { "bull", 0x2022 },
    { "ccedil", 0xe7 },   { "cedil", 0xb8 },    { "cent", 0xa2 },
    { "copy", 0xa9 },     { "curren", 0xa4 },   { "dagger", 0x2020 },
    { "darr", 0x2193 },   { "deg", 0xb0 },      { "divide", 0xf7 },
    { "eacute", 0xe9 },   { "ecirc", 0xea },    { "egrave", 0xe8 },
    { "emsp", 0x20 },     { "ensp", 0x20 },     { "eth", 0xf0 },
    { "euml", 0xeb },     { "euro", 0x20ac },   { "frac12", 0xbd },
    { "frac14", 0xbc },   { "frac34", 0xbe },   { "ge", 0x2265 },
    { "gt", 0x3e },       { "harr", 0x2194 },   { "hearts", 0x2665 },
    { "hellip", 0x2026 }, { "iacute", 0xed },   { "icirc", 0xee },
    { "iexcl", 0xa1 },    { "igrave", 0xec },   { "infin", 0x221e },
    { "iquest", 0xbf },   { "iuml", 0xef },     { "laquo", 0xab },
    { "larr", 0x2190 },   { "ldquo", 0x201c },  { "le", 0x2264 },
    { "lsaquo", 0x2039 }, { "lsquo", 0x2018 },  { "lt", 0x3c },
    { "macr", 0xaf },     { "mdash", 0x2014 },  { "micro", 0xb5 },
    { "middot", 0xb7 },   { "minus", 0x2212 },  { "nbsp", 0x20 },
    { "ndash", 0x2013 },  { "ne", 0x2260 },     { "not", 0xac },
    { "ntilde", 0xf1 },   { "oacute", 0xf3 },   { "ocirc", 0xf4 },
    { "oelig", 0x153 },   { "ograve", 0xf2 },   { "ordf", 0xaa },
    { "ordm", 0xba },     { "oslash", 0xf8 },   { "otilde", 0xf5 },
    { "ouml", 0xf6 },     { "para", 0xb6 },     { "permil", 0x2030 },
    { "plusmn", 0xb1 },   { "pound", 0xa3 },    { "quot", 0x22 },
    { "raquo", 0xbb },    { "rarr", 0x2192 },   { "rdquo", 0x201d },
    { "reg", 0xae },      { "rsaquo", 0x203a }, { "rsquo", 0x2019 },
    { "sbquo", 0x201a },  { "scaron", 0x161 },  { "sect", 0xa7 },
    { "sup1", 0xb9 },     { "sup2", 0xb2 },     { "sup3", 0xb3 },
    { "szlig", 0xdf },    { "thinsp", 0x20 },   { "thorn", 0xfe },
    { "times", 0xd7 },    { "trade", 0x2122 },  { "uacute", 0xfa },
    { "uarr", 0x2191 },   { "ucirc", 0xfb },    { "ugrave", 0xf9 },
    { "uml", 0xa8 },      { "uuml", 0xfc },     { "yacute", 0xfd },
    { "yen", 0xa5 },      { "yuml", 0xff },
};

/* What browsers read in &#128; to &#159;: windows-1252, as old forms and
 * blogs write it.  0: nothing there. */
static const uint16_t windows_1252[32] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
    0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017d, 0,
    0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
    0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,
};

/* Elements that end the line before and behind them. */
static const char *const blocks[] = {
    "address", "article", "aside", "blockquote", "br",     "dd",     "details",
    "div",     "dl",      "dt",    "figure",     "footer", "form",   "h1",
    "h2",      "h3",      "h4",    "h5",         "h6",     "header", "hr",
    "li",      "main",    "nav",   "ol",         "p",      "pre",    "section",
    "summary", "table",   "tr",    "ul",         NULL,
};

/* Elements whose content nobody wrote to be read. */
static const char *const silent[] = { "script", "style", "template", "title",
                                      NULL };

typedef struct {
    const char *next;
    const char *end;
    char *out;
    const char *start; /* of what was written */
    unsigned line_ends;
    bool has_blank;
    bool is_plain; /* behind a tag that never ends */
} stripper_t;

static bool
is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool
is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r'
           || byte == '\f' || byte == '\v';
}

static int
digit_of(char byte, unsigned base)
{
    if (byte >= '0' && byte <= '9') {
        return byte - '0';
    }

    if (base == 16 && is_letter(byte) && (byte | 0x20) <= 'f') {
        return (byte | 0x20) - 'a' + 10;
    }

    return -1;
}

static uint32_t
mend_code(uint32_t code)
{
    if (code >= 0x80 && code <= 0x9f && windows_1252[code - 0x80] != 0) {
        return windows_1252[code - 0x80];
    }

    if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
        return 0xfffd;
    }

    return code;
}

/* Behind "&#".  Returns the length read, 0 when there is no number. */
static size_t
read_numeric(const char *data, const char *end, uint32_t *code)
{
    const char *next = data;
    unsigned base = 10;
    uint32_t number = 0;

    if (next < end && (*next | 0x20) == 'x') {
        base = 16;
        next++;
    }

    const char *digits = next;

    for (; next < end && digit_of(*next, base) >= 0; next++) {
        if (number <= 0x10ffff) {
            number = number * base + (uint32_t) digit_of(*next, base);
        }
    }

    if (next == digits) {
        return 0;
    }

    *code = mend_code(number);

    if (next < end && *next == ';') {
        next++;
    }

    return (size_t) (next - data);
}

static const entity_t *
find_entity(const char *name)
{
    size_t low = 0;
    size_t high = sizeof(entities) / sizeof(entities[0]);

    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(name, entities[middle].name);

        if (order == 0) {
            return &entities[middle];
        }

        if (order < 0) {
            high = middle;

        } else {
            low = middle + 1;
        }
    }

    return NULL;
}

/* Behind "&".  The `;` is a must: "R&D" and "?a=1&copy=2" stay. */
static size_t
read_named(const char *data, const char *end, uint32_t *code)
{
    char name[LONGEST_ENTITY];
    size_t len = 0;

    while (len < sizeof(name) - 1 && data + len < end
           && (is_letter(data[len]) || digit_of(data[len], 10) >= 0))
    {
        name[len] = data[len];
        len++;
    }

    if (data + len == end || data[len] != ';') {
        return 0;
    }

    name[len] = '\0';

    const entity_t *entity = find_entity(name);

    if (entity == NULL) {
        return 0;
    }

    *code = entity->code;

    return len + 1;
}

/* At an "&".  Returns the bytes that it takes, 0 when it is no entity. */
static size_t
read_entity(const char *data, const char *end, uint32_t *code)
{
    size_t len;

    if (end - data < 3) {
        return 0;
    }

    len = data[1] == '#' ? read_numeric(data + 2, end, code)
                         : read_named(data + 1, end, code);

    if (len == 0) {
        return 0;
    }

    return len + (data[1] == '#' ? 2 : 1);
}

/* An entity is never shorter than what it stands for: "&#1" is three bytes
 * and so is U+FFFD, and four-byte characters need five digits. */
static char *
put_code(char *out, uint32_t code)
{
    char bytes[4];
    unsigned len = triage_utf8_encode(code, bytes);

    memcpy(out, bytes, len);

    return out + len;
}

/* The name as in the list; NULL when it is not there. */
static const char *
find_name(triage_text_t name, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (triage_text_is_nocase(name, *names)) {
            return *names;
        }
    }

    return NULL;
}

static void
end_line(stripper_t *stripper, bool is_break)
{
    if (is_break) {
        stripper->line_ends += stripper->line_ends < 2;

    } else if (stripper->line_ends == 0) {
        stripper->line_ends = 1;
    }
}

/* What was held back: blanks and line ends count only between words. */
static void
put_space(stripper_t *stripper)
{
    if (stripper->out > stripper->start) {
        if (stripper->line_ends > 0) {
            memset(stripper->out, '\n', stripper->line_ends);
            stripper->out += stripper->line_ends;

        } else if (stripper->has_blank) {
            *stripper->out++ = ' ';
        }
    }

    stripper->line_ends = 0;
    stripper->has_blank = false;
}

static void
put_character(stripper_t *stripper, uint32_t code)
{
    if (code == 0xa0 || (code < 0x80 && is_blank((char) code))) {
        stripper->has_blank = true;
        return;
    }

    put_space(stripper);
    stripper->out = put_code(stripper->out, code);
}

/* The end of the tag at `next`, past its `>`; NULL when it has none.  A `>`
 * in quotes does not end a tag. */
static const char *
find_tag_end(const char *next, const char *end)
{
    char quote = '\0';

    for (; next < end; next++) {
        if (quote != '\0') {
            quote = *next == quote ? '\0' : quote;

        } else if (*next == '>') {
            return next + 1;

        } else if ((*next == '"' || *next == '\'') && next[-1] == '=') {
            quote = *next;
        }
    }

    return NULL;
}

static const char *
find_comment_end(const char *next, const char *end)
{
    const char *found = triage_text_find(
        (triage_text_t){ next, (size_t) (end - next) }, triage_text("-->"));

    return found == NULL ? NULL : found + 3;
}

/* Past the end of an element whose content is dropped. */
static const char *
skip_silent(const char *next, const char *end, const char *name)
{
    const size_t len = strlen(name);

    while ((next = memchr(next, '<', (size_t) (end - next))) != NULL) {
        next++;

        if ((size_t) (end - next) <= len) {
            break;
        }

        if (*next == '/'
            && triage_text_is_nocase((triage_text_t){ next + 1, len }, name))
        {
            const char *close = find_tag_end(next, end);

            return close == NULL ? end : close;
        }
    }

    return end;
}

static triage_text_t
read_tag_name(const char *next, const char *end)
{
    triage_text_t name = { next, 0 };

    while (next < end && (is_letter(*next) || digit_of(*next, 10) >= 0)) {
        next++;
    }

    name.len = (size_t) (next - name.data);

    return name;
}

/* At a `<` that starts an element's tag. */
static void
drop_tag(stripper_t *stripper)
{
    const char *end = find_tag_end(stripper->next, stripper->end);
    bool is_closing = stripper->next[1] == '/';
    triage_text_t name =
        read_tag_name(stripper->next + 1 + is_closing, stripper->end);

    if (end == NULL) {
        stripper->is_plain = true;
        return;
    }

    stripper->next = end;

    if (find_name(name, blocks) != NULL) {
        end_line(stripper, triage_text_is_nocase(name, "br"));

    } else if (triage_text_is_nocase(name, "td")) {
        stripper->has_blank = true;

    } else if (!is_closing && end[-2] != '/') {
        const char *element = find_name(name, silent);

        if (element != NULL) {
            stripper->next = skip_silent(end, stripper->end, element);
        }
    }
}

/* At a `<`.  False when it is one that somebody wrote. */
static bool
drop_markup(stripper_t *stripper)
{
    const char *next = stripper->next;
    size_t left = (size_t) (stripper->end - next);
    const char *end;

    if (stripper->is_plain || left < 3) {
        return false;
    }

    if (is_letter(next[1]) || (next[1] == '/' && is_letter(next[2]))) {
        drop_tag(stripper);
        return !stripper->is_plain;
    }

    if (next[1] != '!' && next[1] != '?') {
        return false;
    }

    end = left >= 4 && memcmp(next, "<!--", 4) == 0
              ? find_comment_end(next + 4, stripper->end)
              : find_tag_end(next, stripper->end);
    stripper->is_plain = end == NULL;
    stripper->next = end == NULL ? next : end;

    return end != NULL;
}

static void
put_entity(stripper_t *stripper)
{
    uint32_t code = '&';
    size_t len = read_entity(stripper->next, stripper->end, &code);

    put_character(stripper, code);
    stripper->next += len == 0 ? 1 : len;
}

static void
put_byte(stripper_t *stripper)
{
    char byte = *stripper->next++;

    if (is_blank(byte)) {
        stripper->has_blank = true;
        return;
    }

    put_space(stripper);
    *stripper->out++ = byte;
}

triage_text_t
triage_markup_strip(triage_text_t html, triage_arena_t *arena)
{
    stripper_t stripper = { .next = html.data, .end = end_of(html) };
    char *out;

    if (html.len == 0) {
        return html;
    }

    out = triage_arena_bytes(arena, html.len);

    if (out == NULL) {
        return triage_no_text;
    }

    stripper.out = out;
    stripper.start = out;

    while (stripper.next < stripper.end) {
        if (*stripper.next == '<' && drop_markup(&stripper)) {
            continue;
        }

        if (*stripper.next == '&') {
            put_entity(&stripper);

        } else {
            put_byte(&stripper);
        }
    }

    return (triage_text_t){ out, (size_t) (stripper.out - out) };
}

triage_text_t
triage_markup_unescape(triage_text_t text, triage_arena_t *arena)
{
    const char *next = text.data;
    const char *end;
    char *start;
    char *out;

    if (text.len == 0) {
        return text;
    }

    end = text.data + text.len;
    start = triage_arena_bytes(arena, text.len);

    if (start == NULL) {
        return triage_no_text;
    }

    for (out = start; next < end;) {
        uint32_t code = 0;
        size_t len = *next == '&' ? read_entity(next, end, &code) : 0;

        if (len == 0) {
            *out++ = *next++;
            continue;
        }

        next += len;
        out = put_code(out, code);
    }

    return (triage_text_t){ start, (size_t) (out - start) };
}

/* What is between < and > in mrkdwn, without them. */
static triage_text_t
read_reference(triage_text_t inside)
{
    triage_text_t label = inside;
    triage_text_t target = triage_text_until(&label, '|');

    return label.len > 0 ? label : target;
}

/* At a `<`; returns what is behind its `>`, NULL when there is none.  The
 * mark of a reference, @ or #, takes the place of the `<`; a subteam or a
 * date has only its label. */
static const char *
put_reference(char **out, const char *next, const char *end)
{
    const char *close = memchr(next, '>', (size_t) (end - next));
    triage_text_t shown;

    if (close == NULL) {
        return NULL;
    }

    next++;

    if (next < close && (*next == '@' || *next == '#' || *next == '!')) {
        *(*out)++ = *next == '#' ? '#' : '@';
        next++;
    }

    shown = read_reference((triage_text_t){ next, (size_t) (close - next) });

    if (shown.len > 0 && shown.data > next
        && (*shown.data == '@' || *shown.data == '#'))
    {
        shown.data++;
        shown.len--;
    }

    if (shown.len > 0) {
        memcpy(*out, shown.data, shown.len);
        *out += shown.len;
    }

    return close + 1;
}

static triage_text_t
expand_references(triage_text_t text, triage_arena_t *arena)
{
    const char *next = text.data;
    const char *end = end_of(text);
    char *start = triage_arena_bytes(arena, text.len);
    char *out = start;

    if (start == NULL) {
        return triage_no_text;
    }

    while (next < end) {
        const char *behind =
            *next == '<' ? put_reference(&out, next, end) : NULL;

        if (behind != NULL) {
            next = behind;
            continue;
        }

        if (*next == '<') { /* no `>` to come: nothing more to expand */
            memcpy(out, next, (size_t) (end - next));
            out += end - next;
            break;
        }

        *out++ = *next++;
    }

    return (triage_text_t){ start, (size_t) (out - start) };
}

triage_text_t
triage_markup_mrkdwn(triage_text_t text, triage_arena_t *arena)
{
    if (text.len == 0) {
        return text;
    }

    return triage_markup_unescape(expand_references(text, arena), arena);
}

triage_text_t
triage_markup_repair(triage_text_t text, triage_arena_t *arena)
{
    const char *next = text.data;
    const char *end = end_of(text);
    char *start, *out;

    if (text.len == 0) {
        return text;
    }

    start = triage_arena_bytes(arena, 3 * text.len);

    if (start == NULL) {
        return triage_no_text;
    }

    for (out = start; next < end;) {
        unsigned len = *next == '\0' ? 0 : triage_utf8_length(next, end);

        if (len == 0) {
            out = put_code(out, 0xfffd);
            next++;
            continue;
        }

        memcpy(out, next, len);
        out += len;
        next += len;
    }

    return (triage_text_t){ start, (size_t) (out - start) };
}
