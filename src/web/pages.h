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
