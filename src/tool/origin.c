#include "origin.h"

#include "input.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define ROW(field) offsetof(triage_origin_settings_t, field)

const triage_option_t triage_origin_options[] = {
    { "--secret", "FILE", "the keys, one a line", ROW(secret),
      TRIAGE_OPTION_STRING, 0, 0 },
    { "--token", "FILE", "the tokens of the handshake, one a line", ROW(token),
      TRIAGE_OPTION_STRING, 0, 0 },
    { "--header", "'NAME: VALUE'", "a header of the request; repeatable",
      ROW(headers), TRIAGE_OPTION_LIST, 0, 0 },
    { "--url", "URL", "the URL as the platform calls it", ROW(url),
      TRIAGE_OPTION_STRING, 0, 0 },
    { "--query", "QUERY", "behind the ?, where --url does not have it",
      ROW(query), TRIAGE_OPTION_STRING, 0, 0 },
    { "--account", "ID", "the account, where the body names none",
      ROW(account), TRIAGE_OPTION_STRING, 0, 0 },
    { "--brand", "NAME", "the brand", ROW(brand), TRIAGE_OPTION_STRING, 0, 0 },
    { "--brand-id", "ID", "an id of the brand's own; repeatable",
      ROW(brand_ids), TRIAGE_OPTION_LIST, 0, 0 },
    { "--option", "NAME=VALUE", "of this platform; @FILE: what is in FILE",
      ROW(options), TRIAGE_OPTION_LIST, 0, 0 },
    { "--options", "FILE", "the same, a NAME VALUE a line, as in nginx.conf",
      ROW(options_file), TRIAGE_OPTION_STRING, 0, 0 },
    { "--now", "SECONDS", "sets the clock, seconds since 1970", ROW(now),
      TRIAGE_OPTION_NUMBER, 0, INT64_C(253402300799) },
    { NULL, NULL, NULL, 0, TRIAGE_OPTION_FLAG, 0, 0 },
};

static triage_text_t
find_header(const void *request, triage_text_t name)
{
    const triage_list_t *headers = request;

    for (size_t i = 0; i < headers->count; i++) {
        triage_text_t value = triage_text_of(headers->items[i]);
        triage_text_t here = triage_text_until(&value, ':');

        if (here.len == name.len
            && strncasecmp(here.data, name.data, name.len) == 0) {
            return triage_text_trim(value);
        }
    }

    return triage_no_text;
}

static bool
check_headers(const char *command, const triage_list_t *headers)
{
    for (size_t i = 0; i < headers->count; i++) {
        const char *colon = strchr(headers->items[i], ':');

        if (colon == NULL || colon == headers->items[i]
            || strpbrk(headers->items[i], "\r\n") != NULL)
        {
            triage_complain(command,
                            "--header: expected 'Name: value' on one line");
            return false;
        }
    }

    return true;
}

/* NULL after a complaint. */
static triage_keyring_t *
read_keyring(const char *command, const char *path)
{
    triage_buffer_t file = { 0 };
    triage_keyring_t *keyring = NULL;
    const char *why;

    if (triage_input_read(command, path, &file)) {
        keyring = triage_keyring_read(triage_input_text(&file), &why);

        if (keyring == NULL) {
            triage_complain(command, "%s: %s", path, why);
        }
    }

    if (file.data != NULL) {
        explicit_bzero(file.data, file.len);
    }

    triage_buffer_free(&file);

    return keyring;
}

static bool
open_keyrings(triage_origin_t *origin)
{
    const triage_origin_settings_t *settings = origin->settings;
    triage_source_t *source = &origin->source;

    if (settings->secret != NULL) {
        source->secrets = read_keyring(origin->command, settings->secret);

        if (source->secrets == NULL) {
            return false;
        }
    }

    if (settings->token != NULL) {
        source->tokens = read_keyring(origin->command, settings->token);

        if (source->tokens == NULL) {
            return false;
        }
    }

    return true;
}

static bool
open_brand_ids(triage_origin_t *origin)
{
    const triage_list_t *ids = &origin->settings->brand_ids;
    triage_buffer_t lines = { 0 };
    const char *why;

    if (ids->count == 0) {
        return true;
    }

    for (size_t i = 0; i < ids->count; i++) {
        triage_buffer_add(&lines, triage_text_of(ids->items[i]));
        triage_buffer_add_byte(&lines, '\n');
    }

    origin->brand_ids = triage_keyring_read(triage_input_text(&lines), &why);
    origin->source.brand_ids = origin->brand_ids;
    triage_buffer_free(&lines);

    if (origin->brand_ids == NULL) {
        triage_complain(origin->command, "--brand-id: %s", why);
    }

    return origin->brand_ids != NULL;
}

/* The value of an option: what is in the file, for "@path".  No text after a
 * complaint. */
static triage_text_t
read_value(triage_origin_t *origin, triage_text_t value)
{
    triage_buffer_t file = { 0 };
    triage_text_t text = triage_no_text;
    char path[4096];

    if (value.len == 0 || value.data[0] != '@') {
        return value.data != NULL ? value : triage_text("");
    }

    snprintf(path, sizeof(path), "%.*s", (int) value.len - 1, value.data + 1);

    if (triage_input_read(origin->command, path, &file)) {
        text = triage_arena_copy(&origin->arena, triage_input_text(&file));
    }

    triage_buffer_free(&file);

    return text;
}

static bool
set_option(triage_origin_t *origin, void *options, triage_text_t name,
           triage_text_t value)
{
    const char *expected;

    value = read_value(origin, value);

    if (value.data == NULL) {
        return false;
    }

    expected =
        origin->platform->options->set(options, name, value, &origin->arena);

    if (expected != NULL) {
        triage_complain(origin->command, "option %.*s of %s: %s",
                        (int) name.len, name.data, origin->platform->name,
                        expected);
    }

    return expected == NULL;
}

/* `name value;`, or `name "value";`: what is inside triage_options { }. */
static bool
set_option_of_line(triage_origin_t *origin, void *options, triage_text_t line)
{
    triage_text_t value = triage_text_trim(line);
    triage_text_t name;

    if (value.len == 0 || value.data[0] == '#') {
        return true;
    }

    if (triage_text_ends(value, triage_text(";"))) {
        value.len--;
    }

    name = triage_text_until(&value, ' ');
    value = triage_text_trim(value);

    if (value.len > 1 && (value.data[0] == '"' || value.data[0] == '\'')
        && value.data[value.len - 1] == value.data[0])
    {
        value.data++;
        value.len -= 2;
    }

    return set_option(origin, options, name, value);
}

static bool
set_options_of_file(triage_origin_t *origin, void *options)
{
    triage_buffer_t file = { 0 };
    triage_text_t rest;
    bool is_set;

    if (origin->settings->options_file == NULL) {
        return true;
    }

    is_set = triage_input_read(origin->command, origin->settings->options_file,
                               &file);
    rest = triage_input_text(&file);

    while (is_set && rest.len > 0) {
        is_set = set_option_of_line(origin, options,
                                    triage_text_until(&rest, '\n'));
    }

    triage_buffer_free(&file);

    return is_set;
}

static bool
set_all_options(triage_origin_t *origin, void *options)
{
    const triage_list_t *list = &origin->settings->options;
    const char *missing;

    if (!set_options_of_file(origin, options)) {
        return false;
    }

    for (size_t i = 0; i < list->count; i++) {
        triage_text_t value = triage_text_of(list->items[i]);
        triage_text_t name = triage_text_until(&value, '=');

        if (!set_option(origin, options, name, value)) {
            return false;
        }
    }

    missing = origin->platform->options->check(options);

    if (missing != NULL) {
        triage_complain(origin->command, "options of %s: %s",
                        origin->platform->name, missing);
    }

    return missing == NULL;
}

static bool
open_options(triage_origin_t *origin)
{
    const triage_platform_options_t *options = origin->platform->options;
    void *all;

    if (origin->settings->options.count == 0
        && origin->settings->options_file == NULL)
    {
        return true;
    }

    if (options == NULL) {
        triage_complain(origin->command, "--option: %s has no options",
                        origin->platform->name);
        return false;
    }

    all = options->open(&origin->arena);
    origin->source.options = all;

    return all != NULL && set_all_options(origin, all);
}

static triage_text_t
default_url(triage_origin_t *origin)
{
    const char *query = origin->settings->query;
    triage_text_t parts[] = {
        triage_text("https://localhost/hooks/"),
        triage_text_of(origin->platform->name),
        query != NULL ? triage_text("?") : triage_no_text,
        triage_text_of(query),
    };

    return triage_arena_join(&origin->arena, parts, 4);
}

static void
fill_delivery(triage_origin_t *origin)
{
    const triage_origin_settings_t *settings = origin->settings;
    triage_delivery_t *delivery = &origin->delivery;
    triage_text_t query;

    delivery->method = settings->method != NULL
                           ? triage_text_of(settings->method)
                           : triage_text("POST");
    delivery->url = settings->url != NULL ? triage_text_of(settings->url)
                                          : default_url(origin);
    query = delivery->url;
    triage_text_until(&query, '?');
    delivery->query =
        settings->query != NULL ? triage_text_of(settings->query) : query;
    delivery->body = triage_text("");
    delivery->header = find_header;
    delivery->request = &settings->headers;
    delivery->received_at = triage_origin_now(settings);
}

static bool
open_all(triage_origin_t *origin, const char *platform)
{
    const triage_origin_settings_t *settings = origin->settings;

    origin->platform = triage_platform_find(triage_text_of(platform));

    if (origin->platform == NULL) {
        triage_complain(origin->command,
                        "%s: no such platform, see triage platforms",
                        platform);
        return false;
    }

    origin->source.brand = triage_text_of(settings->brand);
    origin->source.account = triage_text_of(settings->account);
    origin->source.tolerance = settings->tolerance;
    fill_delivery(origin);

    return check_headers(origin->command, &settings->headers)
           && open_keyrings(origin) && open_brand_ids(origin)
           && open_options(origin);
}

bool
triage_origin_open(triage_origin_t *origin, const char *command,
                   const char *platform,
                   const triage_origin_settings_t *settings)
{
    bool is_open;

    memset(origin, 0, sizeof(*origin));
    triage_arena_on_heap(&origin->arena, &origin->heap);
    origin->command = command;
    origin->settings = settings;

    is_open = open_all(origin, platform);

    if (origin->arena.has_failed) {
        triage_complain(command, "out of memory");
    }

    return is_open && !origin->arena.has_failed;
}

void
triage_origin_close(triage_origin_t *origin)
{
    triage_keyring_free(origin->source.secrets);
    triage_keyring_free(origin->source.tokens);
    triage_keyring_free(origin->brand_ids);
    triage_heap_free(&origin->heap);
}

void
triage_origin_settings_free(triage_origin_settings_t *settings)
{
    triage_list_free(&settings->headers);
    triage_list_free(&settings->brand_ids);
    triage_list_free(&settings->options);
}

int64_t
triage_origin_now(const triage_origin_settings_t *settings)
{
    struct timespec now;

    if (settings->now >= 0) {
        return settings->now * TRIAGE_SECOND;
    }

    clock_gettime(CLOCK_REALTIME, &now);

    return (int64_t) now.tv_sec * TRIAGE_SECOND + now.tv_nsec / 1000;
}
