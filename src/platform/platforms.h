/*
 * The platforms that there are, for the registry: a line each.
 */
#ifndef TRIAGE_PLATFORMS_H
#define TRIAGE_PLATFORMS_H

#include "platform.h"

extern const triage_platform_t triage_platform_bluesky_tap;
extern const triage_platform_t triage_platform_custom;
extern const triage_platform_t triage_platform_discord;
extern const triage_platform_t triage_platform_discord_events;
extern const triage_platform_t triage_platform_discourse;
extern const triage_platform_t triage_platform_disqus;
extern const triage_platform_t triage_platform_facebook;
extern const triage_platform_t triage_platform_ghost;
extern const triage_platform_t triage_platform_google_business;
extern const triage_platform_t triage_platform_instagram;
extern const triage_platform_t triage_platform_intercom;
extern const triage_platform_t triage_platform_line;
extern const triage_platform_t triage_platform_linkedin;
extern const triage_platform_t triage_platform_mastodon;
extern const triage_platform_t triage_platform_slack;
extern const triage_platform_t triage_platform_standard;
extern const triage_platform_t triage_platform_teams;
extern const triage_platform_t triage_platform_telegram;
extern const triage_platform_t triage_platform_threads;
extern const triage_platform_t triage_platform_tiktok;
extern const triage_platform_t triage_platform_trustpilot;
extern const triage_platform_t triage_platform_twilio;
extern const triage_platform_t triage_platform_viber;
extern const triage_platform_t triage_platform_webmention;
extern const triage_platform_t triage_platform_wechat;
extern const triage_platform_t triage_platform_whatsapp;
extern const triage_platform_t triage_platform_x;
extern const triage_platform_t triage_platform_youtube;
extern const triage_platform_t triage_platform_zendesk;

#endif
