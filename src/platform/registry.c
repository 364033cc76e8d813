/*
 * All platforms, in the order of the alphabet.
 */
#include "platforms.h"

const triage_platform_t *const triage_platforms[] = {
    &triage_platform_bluesky_tap,
    &triage_platform_custom,
    &triage_platform_discord,
    &triage_platform_discord_events,
    &triage_platform_discourse,
    &triage_platform_disqus,
    &triage_platform_facebook,
    &triage_platform_ghost,
    &triage_platform_google_business,
    &triage_platform_instagram,
    &triage_platform_intercom,
    &triage_platform_line,
    &triage_platform_linkedin,
    &triage_platform_mastodon,
    &triage_platform_slack,
    &triage_platform_standard,
    &triage_platform_teams,
    &triage_platform_telegram,
    &triage_platform_threads,
    &triage_platform_tiktok,
    &triage_platform_trustpilot,
    &triage_platform_twilio,
    &triage_platform_viber,
    &triage_platform_webmention,
    &triage_platform_wechat,
    &triage_platform_whatsapp,
    &triage_platform_x,
    &triage_platform_youtube,
    &triage_platform_zendesk,
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
