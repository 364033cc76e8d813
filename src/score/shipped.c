/*
 * The assembler takes the files in as they are.  They are looked for from
 * the root of the project: the directory that make runs in, or one given to
 * the compiler with -I.
 */
#include "shipped.h"

#define EMBED(symbol, file)                                                   \
    __asm__(".pushsection .rodata\n"                                          \
            ".balign 64\n"                                                    \
            ".hidden triage_shipped_" #symbol "\n"                            \
            ".hidden triage_shipped_" #symbol "_end\n"                        \
            ".globl triage_shipped_" #symbol "\n"                             \
            ".globl triage_shipped_" #symbol "_end\n"                         \
            "triage_shipped_" #symbol ":\n"                                   \
            ".incbin \"src/score/" file "\"\n"                                \
            "triage_shipped_" #symbol "_end:\n"                               \
            ".byte 0\n"                                                       \
            ".popsection\n");                                                 \
    extern const char triage_shipped_##symbol[]                               \
        __attribute__((visibility("hidden")));                                \
    extern const char triage_shipped_##symbol##_end[]                         \
        __attribute__((visibility("hidden")))

EMBED(en, "phrases/en.txt");
EMBED(de, "phrases/de.txt");
EMBED(es, "phrases/es.txt");
EMBED(fr, "phrases/fr.txt");
EMBED(it, "phrases/it.txt");
EMBED(pt, "phrases/pt.txt");
EMBED(weights, "model/shipped.model");

#define LIST(symbol)                                                          \
    {                                                                         \
#symbol ".txt", triage_shipped_##symbol,                              \
            triage_shipped_##symbol##_end                                     \
    }

const triage_shipped_t triage_shipped_phrases[] = {
    LIST(en),
    LIST(de),
    LIST(es),
    LIST(fr),
    LIST(it),
    LIST(pt),
    { NULL, NULL, NULL },
};

triage_text_t
triage_shipped_model(void)
{
    size_t len =
        (size_t) (triage_shipped_weights_end - triage_shipped_weights);

    if (len == 0) {
        return triage_no_text;
    }
    return (triage_text_t){ triage_shipped_weights, len };
}
