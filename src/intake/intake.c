#include "intake.h"

#include <string.h>
#include <strings.h>

#include "../base/markup.h"

enum { HEADER_MAX = 1024 };

static bool
is_post(const triage_delivery_t *delivery)
{
    return triage_text_is(delivery->method, "POST");
}

/* What may come of a message is told to the database, which sees it grow. */
static void
route(const triage_router_t *router, const triage_origin_t *origin,
      triage_arena_t *arena, triage_filing_t *filing)
{
    triage_rise_t rises[TRIAGE_RISES_MAX], *kept;
    size_t count = triage_router_rises(router, origin, filing->message,
                                       &filing->score, rises);

    filing->queue =
        triage_router_choose(router, origin, filing->message, &filing->score);
    kept = count == 0 ? NULL : triage_arena_take(arena, sizeof(rises));
    if (kept != NULL) {
        memcpy(kept, rises, count * sizeof(*rises));
        filing->rises = kept;
        filing->rise_count = count;
    }
}

static triage_outcome_t
file_messages(const triage_platform_t *platform, const triage_source_t *source,
              const triage_scorer_t *scorer, const triage_router_t *router,
              triage_arena_t *arena, triage_intake_t *intake)
{
    triage_origin_t origin = { triage_text_of(platform->name), source->brand };
    triage_messages_t *messages = &intake->reading.messages;
    size_t i = 0;

    intake->filings =
        triage_arena_zero(arena, messages->count * sizeof(triage_filing_t));
    intake->filing_count = messages->count;

    if (intake->filings == NULL) {
        return triage_fail(TRIAGE_NO_MEMORY, "no memory for the delivery");
    }

    for (triage_message_t *message = messages->first; message != NULL;
         message = message->next)
    {
        triage_filing_t *filing = &intake->filings[i++];

        triage_message_bound(message, arena);
        filing->message = message;
        triage_score(scorer, origin.platform, message, arena, &filing->score);

        if (triage_kind_is_scored(message->kind)) {
            route(router, &origin, arena, filing);
        }
    }

    return arena->has_failed
               ? triage_fail(TRIAGE_NO_MEMORY, "no memory for the delivery")
               : triage_ok();
}

static triage_outcome_t
read_body(const triage_platform_t *platform, const triage_source_t *source,
          const triage_delivery_t *delivery, triage_arena_t *arena,
          triage_intake_t *intake)
{
    triage_outcome_t outcome =
        platform->parse(delivery, source, arena, &intake->reading);

    if (arena->has_failed) {
        return triage_fail(TRIAGE_NO_MEMORY, "no memory for the delivery");
    }

    if (intake->reading.reply.status != 0) {
        intake->reply = intake->reading.reply;
    }

    if (outcome.code == TRIAGE_MALFORMED) {
        intake->failure = outcome.why;
        return outcome;
    }

    intake->failure = intake->reading.problem;

    return outcome;
}

triage_outcome_t
triage_intake_again(const triage_platform_t *platform,
                    const triage_source_t *source,
                    const triage_scorer_t *scorer,
                    const triage_router_t *router,
                    const triage_delivery_t *delivery, triage_arena_t *arena,
                    triage_intake_t *intake)
{
    triage_outcome_t outcome;

    *intake = (triage_intake_t){ .reply = platform->success };
    triage_messages_init(&intake->reading.messages);

    outcome = read_body(platform, source, delivery, arena, intake);
    if (outcome.code != TRIAGE_OK) {
        return outcome;
    }

    if (intake->reading.messages.count == 0) {
        return intake->failure == NULL
                   ? triage_fail(TRIAGE_IGNORED, "an empty batch")
                   : triage_fail(TRIAGE_MALFORMED, "no item can be read");
    }

    return file_messages(platform, source, scorer, router, arena, intake);
}

triage_outcome_t
triage_intake(const triage_platform_t *platform, const triage_source_t *source,
              const triage_scorer_t *scorer, const triage_router_t *router,
              const triage_delivery_t *delivery, triage_arena_t *arena,
              triage_intake_t *intake)
{
    triage_outcome_t outcome;

    *intake = (triage_intake_t){ .reply = platform->success };

    if (platform->challenge != NULL) {
        outcome = platform->challenge(delivery, source, arena, &intake->reply);
        if (outcome.code != TRIAGE_IGNORED) {
            return outcome;
        }
    }

    if (!is_post(delivery)) {
        return triage_fail(TRIAGE_UNEXPECTED, "neither POST nor a handshake");
    }

    outcome = platform->verify(delivery, source, arena);
    if (outcome.code != TRIAGE_OK) {
        return outcome;
    }

    return triage_intake_again(platform, source, scorer, router, delivery,
                               arena, intake);
}

/* --- headers ------------------------------------------------------------ */

triage_text_t
triage_intake_headers(const triage_platform_t *platform,
                      const triage_source_t *source,
                      const triage_delivery_t *delivery, triage_arena_t *arena)
{
    triage_text_t headers = triage_no_text;
    const char *name;

    for (size_t i = 0; platform->reads != NULL
                       && (name = platform->reads(source, i)) != NULL;
         i++)
    {
        triage_text_t value =
            delivery->header(delivery->request, triage_text_of(name));
        const triage_text_t parts[] = { headers, triage_text_of(name),
                                        triage_text(": "),
                                        triage_markup_repair(value, arena),
                                        triage_text("\n") };

        if (value.len > 0 && value.len <= HEADER_MAX) {
            headers = triage_arena_join(arena, parts, 5);
        }
    }

    return headers;
}

triage_text_t
triage_intake_kept_header(const void *headers, triage_text_t name)
{
    triage_text_t rest = *(const triage_text_t *) headers;

    while (rest.len > 0) {
        triage_text_t value = triage_text_until(&rest, '\n');
        triage_text_t key = triage_text_until(&value, ':');

        if (key.len == name.len
            && strncasecmp(key.data, name.data, name.len) == 0) {
            value.data += value.len > 0;
            value.len -= value.len > 0;
            return value;
        }
    }

    return triage_no_text;
}
