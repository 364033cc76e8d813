/*
 * The published waits as a small page that can be put into another one.
 */
#include "wait.h"

#define STYLE                                                                 \
    ":root{color-scheme:light dark;--ink:#111827;--soft:#6b7280;"             \
    "--line:#e5e7eb;--card:#fff;--page:#f6f7f9;--good:#15803d;"               \
    "--fair:#b45309;--bad:#b91c1c}"                                           \
    "@media(prefers-color-scheme:dark){:root{--ink:#f3f4f6;--soft:#9ca3af;"   \
    "--line:#374151;--card:#1f2937;--page:#111827;--good:#4ade80;"            \
    "--fair:#fbbf24;--bad:#f87171}}"                                          \
    "*{box-sizing:border-box}"                                                \
    "body{margin:0;padding:20px;background:var(--page);color:var(--ink);"     \
    "font:16px/1.5 system-ui,-apple-system,\"Segoe UI\",Roboto,"              \
    "\"Helvetica Neue\",Arial,sans-serif}"                                    \
    "main{max-width:960px;margin:auto}"                                       \
    "h1{font-size:20px;font-weight:650;margin:0 0 16px}"                      \
    "ul{list-style:none;margin:0;padding:0;display:grid;gap:16px;"            \
    "grid-template-columns:repeat(auto-fill,minmax(260px,1fr))}"              \
    "li{background:var(--card);border:1px solid var(--line);"                 \
    "border-radius:12px;padding:18px 20px 16px}"                              \
    "h2{font-size:14px;font-weight:600;margin:0;color:var(--soft);"           \
    "overflow-wrap:anywhere}"                                                 \
    ".wait{font-size:32px;line-height:1.25;font-weight:700;margin:4px 0 0;"   \
    "letter-spacing:-.02em}"                                                  \
    ".none{color:var(--soft)}"                                                \
    "p{margin:2px 0 0}svg{display:block;width:100%;height:8px;margin:14px 0 " \
    "10px}.track{fill:var(--line)}.good .p50,.good .p90{fill:var(--good)}"    \
    ".fair .p50,.fair .p90{fill:var(--fair)}"                                 \
    ".bad .p50,.bad .p90{fill:var(--bad)}.p90{opacity:.35}"                   \
    ".note{font-size:13px;color:var(--soft)}"                                 \
    ".unusual{font-size:13px;font-weight:600;color:var(--fair)}"

/* The hash of STYLE: t/unit/wait_test.c says what it has to be. */
const char triage_wait_policy[] =
    "default-src 'none'; "
    "style-src 'sha256-+GObA0dF6NrVlKtTqJsRfCdbTsTflTW5nK9Ae1pAeO4='; "
    "base-uri 'none'; form-action 'none'";

static const char *
class_of(const triage_wait_t *wait, int64_t aim)
{
    if (wait->wait_p90 <= aim) {
        return "good";
    }

    return wait->wait_p50 <= aim ? "fair" : "bad";
}

/* A part of the bar, in thousandths of it: the whole is the aim, or the p90
 * where that is longer. */
static int
part_of(const triage_wait_t *wait, int64_t aim, int64_t seconds)
{
    int64_t whole = wait->wait_p90 > aim ? wait->wait_p90 : aim;

    return whole > 0 ? (int) (seconds * 1000 / whole) : 0;
}

static void
print_bar(triage_buffer_t *buffer, const triage_wait_t *wait, int64_t aim)
{
    triage_buffer_print(
        buffer,
        "<svg class=\"%s\" viewBox=\"0 0 1000 8\" "
        "preserveAspectRatio=\"none\" aria-hidden=\"true\">"
        "<rect class=\"track\" width=\"1000\" height=\"8\"/>"
        "<rect class=\"p90\" width=\"%d\" height=\"8\"/>"
        "<rect class=\"p50\" width=\"%d\" height=\"8\"/></svg>",
        class_of(wait, aim), part_of(wait, aim, wait->wait_p90),
        part_of(wait, aim, wait->wait_p50));
}

static void
print_record(triage_buffer_t *buffer, const triage_wait_t *wait)
{
    int64_t share = triage_wait_record(wait);

    if (share < 0) {
        triage_buffer_add(buffer, triage_text("<p class=\"note\">No record "
                                              "yet.</p>"));
        return;
    }

    triage_buffer_print(buffer,
                        "<p class=\"note\">In the last 30 days the longer "
                        "figure held for %lld.%lld%% of %lld people.</p>",
                        (long long) share / 10, (long long) share % 10,
                        (long long) wait->published);
}

static void
print_forecast(triage_buffer_t *buffer, const triage_wait_t *wait, int64_t now)
{
    int64_t aim = triage_wait_aim(wait, now);

    triage_buffer_add(buffer, triage_text("<p class=\"wait\">"));
    triage_wait_span(buffer, wait->wait_p50);
    triage_buffer_add(buffer, triage_text("</p><p>9 of 10 are answered in "));
    triage_wait_span(buffer, wait->wait_p90);
    triage_buffer_add(buffer, triage_text("</p>"));
    print_bar(buffer, wait, aim);

    if (wait->is_unusual) {
        triage_buffer_add(buffer,
                          triage_text("<p class=\"unusual\">Far more people "
                                      "than usual write at the moment.</p>"));
    }

    triage_buffer_add(buffer, triage_text("<p class=\"note\">Our aim: "));
    triage_wait_span(buffer, aim);
    triage_buffer_add(buffer, triage_text("</p>"));
}

static void
print_closed(triage_buffer_t *buffer, const triage_wait_t *wait, int64_t now)
{
    triage_buffer_add(buffer,
                      triage_text("<p class=\"unusual\">We are closed now "
                                  "and open on "));
    triage_wait_escape(buffer, wait->opens);
    triage_buffer_add(buffer, triage_text(", in "));
    triage_wait_span(buffer, triage_wait_until_open(wait, now));
    triage_buffer_add(buffer, triage_text(".</p>"));
}

static void
print_wait(triage_buffer_t *buffer, const triage_wait_t *wait, int64_t now)
{
    triage_buffer_add(buffer, triage_text("<li><h2>"));
    triage_wait_escape(buffer, wait->queue);
    triage_buffer_add(buffer, triage_text("</h2>"));

    if (triage_wait_is_known(wait, now)) {
        print_forecast(buffer, wait, now);
    } else {
        triage_buffer_add(buffer,
                          triage_text("<p class=\"wait none\">no forecast</p>"
                                      "<p>We do not know at the moment how "
                                      "long it will take.</p>"));
    }

    if (triage_wait_is_closed(wait, now)) {
        print_closed(buffer, wait, now);
    }

    print_record(buffer, wait);
    triage_buffer_add(buffer, triage_text("</li>\n"));
}

void
triage_wait_page(triage_buffer_t *buffer, const triage_wait_t *waits,
                 size_t count, int64_t now)
{
    size_t i;

    triage_buffer_add(
        buffer,
        triage_text("<!doctype html>\n<html lang=\"en\"><head>"
                    "<meta charset=\"utf-8\">"
                    "<meta name=\"viewport\" content=\"width=device-width, "
                    "initial-scale=1\"><meta http-equiv=\"refresh\" "
                    "content=\"60\"><title>How long you will wait</title>"
                    "<style>" STYLE "</style></head>\n<body><main>"
                    "<h1>If you write to us now, a person answers in "
                    "about</h1>\n<ul>\n"));

    for (i = 0; i < count; i++) {
        print_wait(buffer, &waits[i], now);
    }

    triage_buffer_add(buffer, triage_text("</ul></main></body></html>\n"));
}
