/* One header with one HMAC, and how old a signature may be. */
#include "../../src/platform/hub.h"
#include "tap.h"

#include <string.h>

#define NOW (INT64_C(1767225600) * TRIAGE_SECOND)

static const triage_hub_t hub = { TRIAGE_TEXT("X-Signature"),
                                  TRIAGE_TEXT("sha256="), TRIAGE_SHA256,
                                  TRIAGE_HEX };
static triage_heap_t heap;
static triage_arena_t arena;

static triage_text_t
header(const void *request, triage_text_t name)
{
    return triage_text_equal(name, hub.header)
               ? *(const triage_text_t *) request
               : triage_no_text;
}

/* What a delivery of "{}" with that header is to these keys. */
static triage_outcome_t
verify(triage_text_t value, const char *keys)
{
    const char *why;
    triage_source_t source = { 0 };
    triage_delivery_t delivery = { .body = TRIAGE_TEXT("{}"),
                                   .request = &value,
                                   .header = header };
    triage_outcome_t outcome;

    if (keys != NULL) {
        source.secrets = triage_keyring_read(triage_text_of(keys), &why);
    }
    outcome = triage_hub_verify(&hub, &delivery, &source);
    triage_keyring_free(source.secrets);

    return outcome;
}

static bool
is_forged(triage_text_t value, const char *keys, const char *why)
{
    triage_outcome_t outcome = verify(value, keys);

    return outcome.code == TRIAGE_FORGED && strcmp(outcome.why, why) == 0;
}

/* The header that the first of the keys makes. */
static triage_text_t
sign(const char *keys)
{
    const char *why;
    triage_source_t source = { .secrets = triage_keyring_read(
                                   triage_text_of(keys), &why) };
    triage_delivery_t delivery = { .body = TRIAGE_TEXT("{}") };
    triage_signing_t signing = { 0 };

    if (triage_hub_sign(&hub, &delivery, &source, &arena, &signing).code
        != TRIAGE_OK)
    {
        signing.headers[0].value = triage_no_text;
    }
    triage_keyring_free(source.secrets);

    return signing.headers[0].value;
}

static void
signatures(void)
{
    triage_text_t value = sign("one\ntwo");
    triage_text_t cut = { value.data, value.len - 1 };

    /* printf {} | openssl dgst -sha256 -hmac one */
    ok(triage_text_is(value, "sha256="
                             "32abb24f170dc0c6fb1a5b1d51e1c4ae"
                             "4edb46e4e9dc8351091a6184d6ef4798"),
       "it is signed with the first key");
    ok(verify(value, "one").code == TRIAGE_OK
           && verify(value, "zero\none").code == TRIAGE_OK,
       "and genuine by any of them");
    ok(is_forged(value, "two", "signature does not match")
           && is_forged(cut, "one", "signature does not match"),
       "not by another, nor in part");
    ok(is_forged(triage_text("sha1=00"), "one", "signature of another kind"),
       "nor of another kind");
    ok(is_forged(triage_no_text, "one", "no signature"), "nor without one");
    ok(is_forged(value, NULL, "no secret to check with"),
       "nor where there is no key");
}

static triage_code_t
age_of(int64_t signed_at, int64_t tolerance, int64_t usual)
{
    const triage_source_t source = { .tolerance = tolerance };
    const triage_delivery_t delivery = { .received_at = NOW };

    return triage_hub_check_age(&delivery, &source, usual, signed_at).code;
}

static void
ages(void)
{
    const int64_t minutes = 5 * 60 * TRIAGE_SECOND;

    ok(age_of(NOW, 0, 300) == TRIAGE_OK
           && age_of(NOW - minutes, 0, 300) == TRIAGE_OK
           && age_of(NOW + minutes, 0, 300) == TRIAGE_OK,
       "five minutes off are fine where that is usual");
    ok(age_of(NOW - minutes - 1, 0, 300) == TRIAGE_STALE, "not more");
    ok(age_of(NOW + minutes + 1, 0, 300) == TRIAGE_STALE,
       "nor more in the future");
    ok(age_of(TRIAGE_NO_TIME, 0, 300) == TRIAGE_STALE, "nor without a time");
    ok(age_of(NOW - minutes, 60, 300) == TRIAGE_STALE
           && age_of(NOW - 2 * minutes, 900, 300) == TRIAGE_OK,
       "a location may be told another tolerance");
    ok(age_of(0, 0, 0) == TRIAGE_OK && age_of(0, 60, 0) == TRIAGE_STALE,
       "also where none is usual");
}

int
main(void)
{
    triage_arena_on_heap(&arena, &heap);
    signatures();
    ages();
    triage_heap_free(&heap);

    return done_testing();
}
