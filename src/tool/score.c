/*
 * Scores messages, and says why.
 */
#include "command.h"
#include "input.h"
#include "scoring.h"

#include <stddef.h>

#define COMMAND "score"
#define FULL 65536 /* bytes of output that are written at once */

typedef struct {
    triage_scoring_settings_t scoring;
    bool is_tsv;
} settings_t;

static const triage_option_t options[] = {
    { .name = "--tsv",
      .help = "print id, urgency and visibility, with tabs",
      .offset = offsetof(settings_t, is_tsv),
      .kind = TRIAGE_OPTION_FLAG },
    { .name = "--model",
      .argument = "FILE",
      .help = "weights of triage train instead of the shipped ones",
      .offset = offsetof(settings_t, scoring.model),
      .kind = TRIAGE_OPTION_STRING },
    { .name = "--phrases",
      .argument = "DIR",
      .help = "phrase lists (*.txt) instead of the built-in ones",
      .offset = offsetof(settings_t, scoring.phrases),
      .kind = TRIAGE_OPTION_STRING },
    { .name = NULL },
};

static const triage_usage_t usage = {
    .command = COMMAND,
    .words = "[options] < messages",
    .summary = "Scores messages, one a line: JSON as triage parse prints it, "
               "or an id, a tab\nand a text.  Prints one JSON object a line, "
               "with the terms of the score.",
    .notes = "exit: 0 scored, 2 a line that cannot be read, 64 wrong command "
             "line\n",
    .options = { options, NULL },
    .min_words = 0,
    .max_words = 0,
};

typedef struct {
    const settings_t *settings;
    const triage_scorer_t *scorer;
    triage_buffer_t out;
    size_t line;
} run_t;

static void
write_terms(const triage_score_t *score, triage_writer_t *writer)
{
    const triage_term_t *term;
    size_t i;

    triage_write_open(writer, '[');
    for (i = 0; i < score->term_count; i++) {
        term = &score->terms[i];
        triage_write_open(writer, '{');
        triage_write_name(writer, "signal");
        triage_write_text(writer, term->signal);
        if (term->urgency != 0) {
            triage_write_name(writer, "urgency");
            triage_write_hundredths(writer, term->urgency);
        }
        if (term->visibility != 0) {
            triage_write_name(writer, "visibility");
            triage_write_hundredths(writer, term->visibility);
        }
        triage_write_close(writer, '}');
    }
    triage_write_close(writer, ']');
}

static void
print_json(run_t *run, const triage_message_t *message,
           const triage_score_t *score)
{
    triage_writer_t writer;

    triage_writer_init(&writer, &run->out);
    triage_write_open(&writer, '{');
    triage_write_name(&writer, "message_id");
    triage_write_text(&writer, message->message_id);
    triage_write_name(&writer, "urgency");
    triage_write_hundredths(&writer, score->urgency);
    triage_write_name(&writer, "visibility");
    triage_write_hundredths(&writer, score->visibility);
    triage_write_name(&writer, "spam");
    triage_write_hundredths(&writer, score->spam);
    triage_write_name(&writer, "addressed");
    triage_write_bool(&writer, score->is_addressed);
    triage_write_name(&writer, "terms");
    write_terms(score, &writer);
    triage_write_close(&writer, '}');
    triage_buffer_add_byte(&run->out, '\n');
}

static void
print_tsv(run_t *run, const triage_message_t *message,
          const triage_score_t *score)
{
    triage_buffer_add(&run->out, message->message_id);
    triage_buffer_print(&run->out, "\t%d.%02d\t%d.%02d\n",
                        score->urgency / 100, score->urgency % 100,
                        score->visibility / 100, score->visibility % 100);
}

static const char *
read_line(triage_message_t *message, triage_text_t *platform,
          triage_text_t line, triage_arena_t *arena)
{
    triage_text_t id;

    *platform = triage_no_text;
    if (line.data[0] == '{') {
        return triage_message_of_json(message, platform, line, arena);
    }
    id = triage_text_until(&line, '\t');
    if (line.data == NULL) {
        return "neither JSON nor an id, a tab and a text";
    }
    triage_message_of_text(message, id, line);
    return NULL;
}

static int
score_line(run_t *run, triage_text_t line)
{
    triage_heap_t heap = { NULL, 0 };
    triage_message_t message;
    triage_text_t platform;
    triage_arena_t arena;
    triage_score_t score;
    const char *why;
    int status = TRIAGE_EXIT_OK;

    triage_arena_on_heap(&arena, &heap);
    why = read_line(&message, &platform, line, &arena);
    if (why != NULL) {
        triage_complain(COMMAND, "line %zu: %s", run->line, why);
        status = TRIAGE_EXIT_UNREADABLE;
    } else {
        triage_score(run->scorer, platform, &message, &arena, &score);
        (run->settings->is_tsv ? print_tsv : print_json)(run, &message,
                                                         &score);
    }
    triage_heap_free(&heap);
    return status;
}

/* Lines that cannot be read are told and passed over. */
static int
score_lines(run_t *run, triage_text_t input)
{
    int status = TRIAGE_EXIT_OK, printed;
    triage_text_t line;

    while (input.len > 0) {
        line = triage_text_until(&input, '\n');
        run->line++;
        if (line.len > 0 && line.data[line.len - 1] == '\r') {
            line.len--;
        }
        if (line.len > 0 && score_line(run, line) != TRIAGE_EXIT_OK) {
            status = TRIAGE_EXIT_UNREADABLE;
        }
        if (run->out.len < FULL && input.len > 0) {
            continue;
        }
        printed = triage_command_print(COMMAND, &run->out);
        if (printed != TRIAGE_EXIT_OK) {
            return printed;
        }
    }
    return status;
}

static int
score_input(const settings_t *settings)
{
    triage_scoring_t scoring;
    triage_buffer_t input = { 0 };
    run_t run = { .settings = settings };
    int status = TRIAGE_EXIT_USAGE;

    if (triage_scoring_open(&scoring, COMMAND, &settings->scoring)
        && triage_input_read(COMMAND, "-", &input))
    {
        run.scorer = scoring.scorer;
        status = score_lines(&run, triage_input_text(&input));
    }
    triage_buffer_free(&run.out);
    triage_buffer_free(&input);
    triage_scoring_close(&scoring);
    return status;
}

int
triage_tool_score(int argc, char **argv)
{
    settings_t settings = { .is_tsv = false };
    triage_list_t words;
    int status;

    if (triage_options_read(&usage, argc, argv, &settings, &words, &status)) {
        status = score_input(&settings);
    }
    triage_list_free(&words);
    return status;
}
