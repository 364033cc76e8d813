/*
 * The assembler takes the files in as they are, as in score/shipped.c.
 */
#include "page.h"

#define EMBED(symbol, file)                                                   \
    __asm__(".pushsection .rodata\n"                                          \
            ".hidden triage_page_" #symbol "\n"                               \
            ".hidden triage_page_" #symbol "_end\n"                           \
            ".globl triage_page_" #symbol "\n"                                \
            ".globl triage_page_" #symbol "_end\n"                            \
            "triage_page_" #symbol ":\n"                                      \
            ".incbin \"src/desk/page/" file "\"\n"                            \
            "triage_page_" #symbol "_end:\n"                                  \
            ".byte 0\n"                                                       \
            ".popsection\n");                                                 \
    extern const char triage_page_##symbol[]                                  \
        __attribute__((visibility("hidden")));                                \
    extern const char triage_page_##symbol##_end[]                            \
        __attribute__((visibility("hidden")))

EMBED(desk, "desk.html");
EMBED(script, "desk.js");
EMBED(leads, "leads.js");
EMBED(style, "desk.css");
EMBED(icon, "icon.svg");

#define PAGE(path, type, symbol)                                              \
    {                                                                         \
        path, type, triage_page_##symbol, triage_page_##symbol##_end          \
    }

const triage_page_t triage_pages[] = {
    PAGE("", "text/html; charset=utf-8", desk),
    PAGE("desk.js", "text/javascript; charset=utf-8", script),
    PAGE("leads.js", "text/javascript; charset=utf-8", leads),
    PAGE("desk.css", "text/css; charset=utf-8", style),
    PAGE("icon.svg", "image/svg+xml", icon),
    { NULL, NULL, NULL, NULL },
};

const triage_page_t *
triage_page_find(triage_text_t path)
{
    const triage_page_t *page;

    for (page = triage_pages; page->path != NULL; page++) {
        if (triage_text_is(path, page->path)) {
            return page;
        }
    }

    return NULL;
}
