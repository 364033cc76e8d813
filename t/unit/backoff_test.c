/*
 * Pauses between tries to connect.
 */
#include "../../src/store/backoff.h"
#include "tap.h"

static bool
is_about(uint32_t ms, uint32_t expected)
{
    return ms >= expected * 3 / 4 && ms <= expected * 5 / 4 + 1;
}

int
main(void)
{
    bool is_bounded = true;
    bool is_spread = false;
    unsigned i;

    ok(is_about(triage_backoff_ms(1, 1, 7), 100), "100 ms at first");
    ok(is_about(triage_backoff_ms(2, 1, 7), 200), "then twice as long");
    ok(is_about(triage_backoff_ms(6, 1, 7), 3200), "and so on");
    ok(triage_backoff_ms(1, 3, 7) == 1 && triage_backoff_ms(2, 3, 7) == 1
           && is_about(triage_backoff_ms(3, 3, 7), 100),
       "no pause before every server was tried");
    for (i = 1; i < 10000; i++) {
        is_bounded &= triage_backoff_ms(i, 1, i) <= 6251;
        is_spread |=
            triage_backoff_ms(3, 1, i) != triage_backoff_ms(3, 1, i + 1);
    }
    ok(is_bounded, "5 s at the longest");
    ok(is_spread, "links do not come all at once");
    ok(triage_backoff_ms(3, 1, 9) == triage_backoff_ms(3, 1, 9),
       "but the same at each run");

    return done_testing();
}
