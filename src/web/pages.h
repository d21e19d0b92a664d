/*
 * What pages that are made for one request share.
 */
#pragma once

#include "report/site_page.h"
#include "web/web.h"

extern const char pages_html[]; /* "text/html; charset=utf-8" */

/* What the pages of this moment are made from, with the request's arena to make more in. It is
 * there as long as the request. */
struct site_context pages_context(const struct web_request *request);

/* The same rated by a profile of the standard; -1: as the server rates. */
struct site_context pages_profile(const struct web_request *request, int32_t profile);

/* The prices of this moment, as long as the request; NULL when there is none. web/market.h */
struct served_market;
const struct served_market *pages_market(const struct web_request *request);

/* A page that stands without the site around it, as when there is no rating to make one from.
 * Everything between is what stands in <main> below the heading. */
struct text;
void pages_bare_open(const char *title, const char *heading, struct text *into);
void pages_bare_close(struct text *into);
