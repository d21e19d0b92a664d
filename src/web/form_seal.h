/*
 * That a form was sent from a page of this server: the page gives a cookie that no other site's
 * form brings along, and a field that only fits that cookie and this run of the server. It stands
 * beside SameSite, which old browsers do not know.
 */
#pragma once

#include "web/web.h"

/* The hidden field of a form, for the visitor; `answer` gets the cookie when he has none. Such a
 * page is his alone. */
const char *form_seal(struct web *web, const struct web_request *request,
		      struct web_answer *answer);

/* Whether the field of the body fits the visitor's cookie. */
bool form_seal_holds(struct web *web, const struct web_request *request);
