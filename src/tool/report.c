#include "report.h"

#include "../base/writer.h"

#include <stdio.h>

static double
percentile_ms(const triage_sender_result_t *result, int64_t thousandths)
{
    int64_t rank = (result->answered * thousandths + 999) / 1000;

    if (result->answered == 0) {
        return 0;
    }

    return (double) result->latencies_us[rank > 0 ? rank - 1 : 0] / 1000;
}

static double
answers_a_second(const triage_sender_result_t *result)
{
    if (result->elapsed_us == 0) {
        return 0;
    }

    return (double) result->answered * 1e6 / (double) result->elapsed_us;
}

void
triage_report_write(const triage_sender_result_t *result,
                    triage_buffer_t *buffer)
{
    triage_buffer_print(buffer, "deliveries   %lld\n",
                        (long long) result->sent);

    for (int status = 0; status < TRIAGE_STATUS_MAX; status++) {
        if (result->statuses[status] > 0) {
            triage_buffer_print(buffer, "status %d   %lld\n", status,
                                (long long) result->statuses[status]);
        }
    }

    triage_buffer_print(
        buffer,
        "resent       %lld\ndropped      %lld\ntimed out    %lld\nunreachable "
        " %lld\n"
        "seconds      %.3f\na second     %.0f\n"
        "latency, ms  p50 %.3f  p90 %.3f  p99 %.3f  max %.3f\n",
        (long long) result->resent, (long long) result->dropped,
        (long long) result->timed_out, (long long) result->unreachable,
        (double) result->elapsed_us / 1e6, answers_a_second(result),
        percentile_ms(result, 500), percentile_ms(result, 900),
        percentile_ms(result, 990), percentile_ms(result, 1000));
}

static void
write_json_statuses(const triage_sender_result_t *result,
                    triage_writer_t *writer)
{
    char name[8];

    triage_write_name(writer, "statuses");
    triage_write_open(writer, '{');

    for (int status = 0; status < TRIAGE_STATUS_MAX; status++) {
        if (result->statuses[status] > 0) {
            snprintf(name, sizeof(name), "%d", status);
            triage_write_name(writer, name);
            triage_write_number(writer, result->statuses[status]);
        }
    }

    triage_write_close(writer, '}');
}

void
triage_report_write_json(const triage_sender_result_t *result,
                         triage_buffer_t *buffer)
{
    const struct {
        const char *name;
        int64_t value;
    } rows[] = {
        { "deliveries", result->sent },
        { "answers", result->answered },
        { "resent", result->resent },
        { "dropped", result->dropped },
        { "timed_out", result->timed_out },
        { "unreachable", result->unreachable },
        { "elapsed_us", result->elapsed_us },
        { "answers_a_second", (int64_t) answers_a_second(result) },
        { "p50_us", (int64_t) (percentile_ms(result, 500) * 1000) },
        { "p90_us", (int64_t) (percentile_ms(result, 900) * 1000) },
        { "p99_us", (int64_t) (percentile_ms(result, 990) * 1000) },
        { "max_us", (int64_t) (percentile_ms(result, 1000) * 1000) },
    };
    triage_writer_t writer;

    triage_writer_init(&writer, buffer);
    triage_write_open(&writer, '{');

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        triage_write_name(&writer, rows[i].name);
        triage_write_number(&writer, rows[i].value);
    }

    write_json_statuses(result, &writer);
    triage_write_close(&writer, '}');
    triage_buffer_add_byte(buffer, '\n');
}
