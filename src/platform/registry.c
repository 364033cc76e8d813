#include "platforms.h"

const triage_platform_t *const triage_platforms[] = {
    &triage_platform_facebook,
    &triage_platform_instagram,
    &triage_platform_whatsapp,
    &triage_platform_x,
    NULL,
};

const triage_platform_t *
triage_platform_find(triage_text_t name)
{
    for (size_t i = 0; triage_platforms[i] != NULL; i++) {
        if (triage_text_is(name, triage_platforms[i]->name)) {
            return triage_platforms[i];
        }
    }

    return NULL;
}
