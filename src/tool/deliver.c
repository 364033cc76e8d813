/*
 * Signs deliveries as a platform would, sends them, and reports.
 */
#include "command.h"
#include "input.h"
#include "report.h"
#include "request.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COMMAND "deliver"

typedef struct {
    triage_origin_settings_t origin;
    int64_t count; /* 0: one of each file */
    int64_t concurrency;
    int64_t rate;
    int64_t timeout;
    int64_t first;
    const char *results;
    bool is_unique;
    bool is_printed;
    bool is_json;
    bool closes;
} settings_t;

static const triage_option_t options[] = {
    { "--count", "N", "how many deliveries; one of each file by default",
      offsetof(settings_t, count), TRIAGE_OPTION_NUMBER, 1, 100000000 },
    { "--concurrency", "N", "how many connections, 1 by default",
      offsetof(settings_t, concurrency), TRIAGE_OPTION_NUMBER, 1, 16384 },
    { "--rate", "N", "deliveries a second; else as fast as it goes",
      offsetof(settings_t, rate), TRIAGE_OPTION_NUMBER, 1, 10000000 },
    { "--unique", NULL, "replace every {n} by the delivery's number",
      offsetof(settings_t, is_unique), TRIAGE_OPTION_FLAG, 0, 0 },
    { "--first", "N", "the number of the first delivery, 1 by default",
      offsetof(settings_t, first), TRIAGE_OPTION_NUMBER, 0,
      INT64_C(1000000000000000) },
    { "--timeout", "SECONDS", "to wait for an answer, 10 by default",
      offsetof(settings_t, timeout), TRIAGE_OPTION_NUMBER, 1, 3600 },
    { "--results", "FILE", "write \"number status us\" for each delivery",
      offsetof(settings_t, results), TRIAGE_OPTION_STRING, 0, 0 },
    { "--close", NULL, "a new connection for each delivery",
      offsetof(settings_t, closes), TRIAGE_OPTION_FLAG, 0, 0 },
    { "--print", NULL, "print the signed requests, send nothing",
      offsetof(settings_t, is_printed), TRIAGE_OPTION_FLAG, 0, 0 },
    { "--json", NULL, "report as one line of JSON",
      offsetof(settings_t, is_json), TRIAGE_OPTION_FLAG, 0, 0 },
    { NULL, NULL, NULL, 0, TRIAGE_OPTION_FLAG, 0, 0 },
};

static const triage_usage_t usage = {
    .command = COMMAND,
    .words = "PLATFORM --secret FILE [options] URL [FILE...]",
    .summary = "Signs deliveries as the platform would and sends them to URL "
               "(http://...).  The\nbodies are the FILEs in turn, or stdin.  "
               "A delivery whose connection\nbroke is counted as dropped; "
               "only when the server closed a connection that it had\nkept "
               "open, without a byte of an answer, is it sent again.",
    .notes = "--url is what the signature covers where that is not URL "
             "itself (a proxy).\n"
             "--unique replaces {n} in bodies and in the values of "
             "--header.\n"
             "exit: 0 every answer was 2xx, 1 not so, 64 wrong command "
             "line\n",
    .options = { options, triage_origin_options },
    .min_words = 2,
    .max_words = SIZE_MAX,
};

typedef struct {
    triage_origin_t origin;
    triage_buffer_t *bodies;
    size_t body_count;
    struct addrinfo *addresses;
    triage_request_t request;
    FILE *results; /* NULL: not wanted */
} delivery_t;

/* --- where to ------------------------------------------------------------ */

/* "127.0.0.1:8080" or "[::1]:8080" into node and port. */
static bool
look_up(triage_text_t host, struct addrinfo **addresses)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
    char node[256], port[8] = "80";
    const char *colon = NULL;
    size_t len;
    int error;

    for (size_t i = 0; i < host.len; i++) {
        colon = host.data[i] == ':'   ? host.data + i
                : host.data[i] == ']' ? NULL
                                      : colon;
    }

    len = colon != NULL ? (size_t) (colon - host.data) : host.len;

    if (colon != NULL) {
        snprintf(port, sizeof(port), "%.*s", (int) (host.len - len - 1),
                 colon + 1);
    }

    if (len > 2 && host.data[0] == '[' && host.data[len - 1] == ']') {
        snprintf(node, sizeof(node), "%.*s", (int) len - 2, host.data + 1);
    } else {
        snprintf(node, sizeof(node), "%.*s", (int) len, host.data);
    }

    error = getaddrinfo(node, port, &hints, addresses);

    if (error != 0) {
        triage_complain(COMMAND, "%.*s: cannot be looked up: %s",
                        (int) host.len, host.data, gai_strerror(error));
    }

    return error == 0;
}

static bool
open_target(delivery_t *delivery, const char *url)
{
    const triage_text_t http = triage_text("http://");
    triage_request_t *request = &delivery->request;
    triage_text_t rest = triage_text_of(url);
    size_t len;

    if (!triage_text_starts(rest, http) || strpbrk(url, " \r\n") != NULL) {
        triage_complain(COMMAND,
                        "%s: expected http://HOST[:PORT]/PATH; TLS is not "
                        "spoken here, use a plain listener on the loopback",
                        url);
        return false;
    }

    rest.data += http.len;
    rest.len -= http.len;
    rest.len = strcspn(rest.data, "#");
    len = strcspn(rest.data, "/?#");
    request->host = (triage_text_t){ rest.data, len };
    request->target = (triage_text_t){ rest.data + len, rest.len - len };

    if (request->target.len == 0) {
        request->target = triage_text("/");

    } else if (request->target.data[0] != '/') {
        triage_complain(COMMAND, "%s: expected a path before the ?", url);
        return false;
    }

    request->url = delivery->origin.settings->url != NULL
                       ? delivery->origin.delivery.url
                       : triage_text_of(url);

    return true;
}

/* --- what ---------------------------------------------------------------- */

static bool
read_bodies(delivery_t *delivery, const char *const *paths, size_t count)
{
    static const char *const stdin_only[] = { "-" };

    if (count == 0) {
        paths = stdin_only;
        count = 1;
    }

    delivery->bodies = calloc(count, sizeof(triage_buffer_t));

    if (delivery->bodies == NULL) {
        triage_complain(COMMAND, "out of memory");
        return false;
    }

    delivery->body_count = count;

    for (size_t i = 0; i < count; i++) {
        if (!triage_input_read(COMMAND, paths[i], &delivery->bodies[i])) {
            return false;
        }
    }

    return true;
}

/* Each body has a {n}, or a header has. */
static bool
check_numbers(const delivery_t *delivery, const char *const *paths)
{
    const triage_list_t *headers = &delivery->origin.settings->headers;

    for (size_t i = 0; i < headers->count; i++) {
        if (triage_request_has_number(triage_text_of(headers->items[i]))) {
            return true;
        }
    }

    for (size_t i = 0; i < delivery->body_count; i++) {
        if (!triage_request_has_number(
                triage_input_text(&delivery->bodies[i]))) {
            triage_complain(COMMAND,
                            "%s: --unique expects a {n} in the body, which "
                            "becomes the delivery's number",
                            paths != NULL ? paths[i] : "stdin");
            return false;
        }
    }

    return true;
}

static bool
check_needs(const triage_origin_t *origin)
{
    if ((origin->platform->needs & TRIAGE_NEEDS_SECRET)
        && origin->source.secrets == NULL)
    {
        triage_complain(COMMAND, "%s: expected --secret",
                        origin->platform->name);
        return false;
    }

    return true;
}

static bool
open_delivery(delivery_t *delivery, const settings_t *settings,
              const triage_list_t *words)
{
    const char *const *paths = words->items + 2;
    size_t path_count = words->count - 2;
    triage_request_t *request = &delivery->request;

    if (!triage_origin_open(&delivery->origin, COMMAND, words->items[0],
                            &settings->origin)
        || !check_needs(&delivery->origin)
        || !open_target(delivery, words->items[1])
        || !read_bodies(delivery, paths, path_count))
    {
        return false;
    }

    request->origin = &delivery->origin;
    request->bodies = delivery->bodies;
    request->body_count = delivery->body_count;
    request->is_unique = settings->is_unique;
    request->first = settings->first;
    request->closes = settings->closes;

    return !settings->is_unique
           || check_numbers(delivery, path_count > 0 ? paths : NULL);
}

static void
close_delivery(delivery_t *delivery)
{
    for (size_t i = 0; i < delivery->body_count; i++) {
        triage_buffer_free(&delivery->bodies[i]);
    }

    free(delivery->bodies);
    triage_origin_close(&delivery->origin);

    if (delivery->addresses != NULL) {
        freeaddrinfo(delivery->addresses);
    }
}

/* --- the work ------------------------------------------------------------ */

static bool
is_all_well(const triage_sender_result_t *result)
{
    int64_t good = 0;

    for (int status = 200; status < 300; status++) {
        good += result->statuses[status];
    }

    return good == result->sent;
}

static bool
write_request(void *context, int64_t number, triage_buffer_t *buffer)
{
    return triage_request_write(context, number, buffer);
}

static int
print_requests(delivery_t *delivery, int64_t count)
{
    triage_buffer_t buffer = { 0 };
    int status = TRIAGE_EXIT_OK;

    for (int64_t i = 0; i < count && status == TRIAGE_EXIT_OK; i++) {
        if (triage_request_write(&delivery->request, i, &buffer)) {
            status = triage_command_print(COMMAND, &buffer);
        } else {
            triage_complain(COMMAND, "cannot sign: %s", delivery->request.why);
            status = TRIAGE_EXIT_USAGE;
        }
    }

    triage_buffer_free(&buffer);

    return status;
}

static int
report(const triage_sender_result_t *result, bool is_json)
{
    triage_buffer_t buffer = { 0 };
    int status;

    if (is_json) {
        triage_report_write_json(result, &buffer);
    } else {
        triage_report_write(result, &buffer);
    }

    status = triage_command_print(COMMAND, &buffer);
    triage_buffer_free(&buffer);

    if (status == TRIAGE_EXIT_OK && !is_all_well(result)) {
        status = TRIAGE_EXIT_FAILED;
    }

    return status;
}

/* Status 0: there was no answer. */
static void
write_result(void *context, int64_t number, unsigned status,
             int64_t latency_us)
{
    delivery_t *delivery = context;

    fprintf(delivery->results, "%lld\t%u\t%lld\n",
            (long long) (delivery->request.first + number), status,
            (long long) latency_us);
}

static bool
open_results(delivery_t *delivery, const char *path,
             triage_sender_options_t *sender)
{
    if (path == NULL) {
        return true;
    }

    delivery->results = fopen(path, "w");

    if (delivery->results == NULL) {
        triage_complain(COMMAND, "%s: %s", path, strerror(errno));
        return false;
    }

    sender->ended = write_result;
    sender->ended_context = delivery;

    return true;
}

static bool
close_results(delivery_t *delivery)
{
    bool is_whole =
        delivery->results == NULL || fclose(delivery->results) == 0;

    if (!is_whole) {
        triage_complain(COMMAND, "--results: %s", strerror(errno));
    }

    return is_whole;
}

static int
send_requests(delivery_t *delivery, const settings_t *settings, int64_t count)
{
    triage_sender_result_t result;
    triage_sender_options_t sender = {
        .count = count,
        .concurrency =
            settings->concurrency < count ? settings->concurrency : count,
        .rate = settings->rate,
        .timeout_ms = settings->timeout * 1000,
        .write = write_request,
        .context = &delivery->request,
    };
    int status = TRIAGE_EXIT_INTERNAL;

    if (!look_up(delivery->request.host, &delivery->addresses)
        || !open_results(delivery, settings->results, &sender))
    {
        return TRIAGE_EXIT_USAGE;
    }

    sender.address = delivery->addresses->ai_addr;
    sender.address_len = delivery->addresses->ai_addrlen;

    if (triage_sender_run(&sender, &result)) {
        status = report(&result, settings->is_json);

    } else if (delivery->request.why != NULL) {
        triage_complain(COMMAND, "cannot sign: %s", delivery->request.why);
        status = TRIAGE_EXIT_USAGE;

    } else {
        triage_complain(COMMAND, "cannot send: %s", strerror(errno));
    }

    free(result.latencies_us);

    return close_results(delivery) ? status : TRIAGE_EXIT_INTERNAL;
}

static int
deliver(delivery_t *delivery, const settings_t *settings)
{
    int64_t count =
        settings->count > 0 ? settings->count : (int64_t) delivery->body_count;

    return settings->is_printed ? print_requests(delivery, count)
                                : send_requests(delivery, settings, count);
}

int
triage_tool_deliver(int argc, char **argv)
{
    settings_t settings = {
        .origin = TRIAGE_ORIGIN_DEFAULTS,
        .concurrency = 1,
        .timeout = 10,
        .first = 1,
    };
    delivery_t delivery = { .bodies = NULL };
    triage_list_t words;
    int status;

    if (triage_options_read(&usage, argc, argv, &settings, &words, &status)) {
        status = TRIAGE_EXIT_USAGE;

        if (open_delivery(&delivery, &settings, &words)) {
            status = deliver(&delivery, &settings);
        }

        close_delivery(&delivery);
    }

    triage_list_free(&words);
    triage_origin_settings_free(&settings.origin);

    return status;
}
