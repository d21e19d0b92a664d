/* Signing in with a token, for browsers: the token goes into a cookie that scripts cannot read and
 * that no other site's form or link brings along. */
#include <string.h>

#include "report/html.h"
#include "web/form_seal.h"
#include "web/pages.h"
#include "web/parts.h"

enum {
	COOKIE_SECONDS = 8 * 3600,
};

/* Where to go afterwards: a place of this server, or its first page. */
static const char *place_of(const char *to)
{
	return to && to[0] == '/' && to[1] != '/' && to[1] != '\\' && !strpbrk(to, "\r\n") ? to
											   : "/";
}

static void show(struct web *web, const struct web_request *request, const char *to,
		 const char *complaint, struct web_answer *answer)
{
	struct site_context context = pages_context(request);
	const struct site_page page = { .context = &context, .into = &answer->body, .root = "/" };
	const struct site_head head = {
		.title = "Sign in | assay",
		.description = "Signing in with a token.",
		.section = SECTION_NODES,
		.twin = "/api/v1/health",
	};

	answer->type = pages_html;
	answer->is_private = true;
	site_open(&page, &head);
	text_add(&answer->body, "<h1>Sign in</h1>\n<p class=\"lead\">Nodes are shown to whose they "
				"are. Whoever keeps "
				"this server gives tokens: <code>assay store token</code>.</p>\n");
	if (complaint)
		html_add(&answer->body, "<p class=\"verdict\" role=\"alert\">%s</p>\n", complaint);
	html_add(
		&answer->body,
		"<form class=\"choose\" method=\"post\" action=\"/login\" aria-label=\"Sign in\">\n"
		"<input type=\"hidden\" name=\"form\" value=\"%s\">\n"
		"<input type=\"hidden\" name=\"to\" value=\"%s\">\n"
		"<p><label for=\"token\">Token</label> <input id=\"token\" name=\"token\" "
		"type=\"password\" autocomplete=\"current-password\" required></p>\n"
		"<p><button type=\"submit\">Sign in</button></p>\n</form>\n",
		form_seal(web, request, answer), place_of(to));
	site_close(&page, &head);
}

static void login_page(struct web *web, const struct web_request *request,
		       const char *const *segments, struct web_answer *answer)
{
	const char *to = NULL;
	struct error err = { 0 };

	(void)segments;
	if (web_field(request, "to", &to, &err))
		show(web, request, to, NULL, answer);
	else
		web_refuse_error(answer, request, &err);
}

static const char *cookie_of(const struct web *web, const char *token, int seconds,
			     struct arena *arena)
{
	return arena_format(arena, "%s=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%d%s",
			    WEB_COOKIE, token, seconds, web->how->certificate ? "; Secure" : "");
}

static bool is_known(struct web *web, const struct web_request *request, const char *token,
		     bool *ret_known, struct error *err)
{
	struct access_token found;
	struct store *store;
	bool good;

	*ret_known = false;
	if (!web_has_store(web))
		return true;
	store = web_store_take(web, SQL_READ, err);
	if (!store)
		return false;
	good = access_find(store, span_of(token), request->now, request->arena, &found, ret_known,
			   err);
	web_store_end(web, SQL_READ, store, err);
	return good;
}

static void login(struct web *web, const struct web_request *request, const char *const *segments,
		  struct web_answer *answer)
{
	const char *token = NULL, *to = NULL;
	struct error err = { 0 };
	bool known = false;

	(void)segments;
	if (!web_field(request, "token", &token, &err) || !web_field(request, "to", &to, &err) ||
	    (token && !is_known(web, request, token, &known, &err))) {
		web_refuse_error(answer, request, &err);
		return;
	}
	if (!form_seal_holds(web, request)) {
		show(web, request, to,
		     "This form was not sent from here, or the server has begun "
		     "anew meanwhile. Send it once more.",
		     answer);
		answer->status = MHD_HTTP_FORBIDDEN;
		return;
	}
	if (!known) {
		show(web, request, to, "This token is not known, or has ended.", answer);
		answer->status = MHD_HTTP_FORBIDDEN;
		return;
	}
	answer->status = MHD_HTTP_SEE_OTHER;
	answer->location = place_of(to);
	answer->is_private = true;
	answer->cookie = cookie_of(web, token, COOKIE_SECONDS, request->arena);
}

static void logout(struct web *web, const struct web_request *request, const char *const *segments,
		   struct web_answer *answer)
{
	(void)segments;
	answer->status = MHD_HTTP_SEE_OTHER;
	answer->location = "/";
	answer->is_private = true;
	answer->cookie = cookie_of(web, "", 0, request->arena);
}

const struct web_route web_login_routes[] = {
	{ WEB_GET, "/login", ACCESS_PUBLIC, "loginPage", login_page, 0 },
	{ WEB_POST, "/login", ACCESS_PUBLIC, "login", login, 4096 },
	{ WEB_POST, "/logout", ACCESS_PUBLIC, "logout", logout, 4096 },
	{ 0 },
};
