/* The pages for customers: the form and what was said, and the moderation log. */
#include <string.h>

#include "report/html.h"
#include "web/feedback_cache.h"
#include "web/form_seal.h"
#include "web/network.h"
#include "web/pages.h"
#include "web/parts.h"

enum {
	FORM_MAXIMUM = 256 << 10,
	ANSWERS_AT_ONCE = 20,
	ANSWERS_SLOWER = 500, /* than requests of anybody */
};

static const char html_type[] = "text/html; charset=utf-8";

/* A provider that the rating knows. */
static bool is_known(struct web *web, const char *provider, struct arena *arena)
{
	struct snapshot *snapshot = NULL;
	bool known;

	lock_take(&web->lock);
	if (web->snapshot)
		snapshot = snapshot_use(web->snapshot);
	lock_give(&web->lock);
	known = snapshot &&
		snapshot_find(snapshot, arena_format(arena, "provider/%s.html", provider));
	snapshot_drop(snapshot);
	return known;
}

bool feedback_knows(struct web *web, const char *provider, const struct web_request *request,
		    struct web_answer *answer)
{
	if (is_known(web, provider, request->arena))
		return true;
	web_refuse(answer, request, MHD_HTTP_NOT_FOUND, "the first page lists the providers",
		   "no provider of this name is rated here");
	return false;
}

/* The providers that the rating knows, each with its page. */
static void providers(struct web *web, const struct web_request *request,
		      const char *const *segments, struct web_answer *answer)
{
	static const char start[] = "provider/", end[] = ".html";
	struct site_context context = pages_context(request);
	const struct site_page page = { .context = &context, .into = &answer->body, .root = "/" };
	const struct site_head head = {
		.title = "Customers of GPU clouds | assay",
		.description = "What customers say of each cloud.",
		.section = SECTION_FEEDBACK,
		.twin = "/api/v1/feedback",
	};
	struct snapshot *snapshot = NULL;

	(void)segments;
	lock_take(&web->lock);
	if (web->snapshot)
		snapshot = snapshot_use(web->snapshot);
	lock_give(&web->lock);
	site_open(&page, &head);
	text_add(&answer->body, "<h1>Customers of GPU clouds</h1>\n");
	html_add(&answer->body,
		 "<p>Say what only a customer can know, or read what others said.</p>\n"
		 "<ul>\n");
	for (size_t i = 0; snapshot && i < snapshot->count; i++) {
		struct span path = span_of(snapshot->files[i].path);
		const char *name;

		if (!span_starts(path, start) || path.length < sizeof(start) + sizeof(end) - 1 ||
		    strcmp(path.at + path.length - strlen(end), end) != 0)
			continue;
		name = arena_string(request->arena,
				    (struct span){ path.at + strlen(start),
						   path.length - strlen(start) - strlen(end) });
		html_add(&answer->body, "<li><a href=\"/feedback/%s\">%s</a></li>\n", name, name);
	}
	snapshot_drop(snapshot);
	html_add(&answer->body, "</ul>\n<p><a href=\"/moderation\">The moderation log</a></p>\n");
	site_close(&page, &head);
	answer->type = html_type;
}

static bool wants_all(const struct web_request *request)
{
	const char *all = NULL;

	return web_field(request, "all", &all, NULL) && all && strcmp(all, "yes") == 0;
}

static void show(struct web *web, struct form *form, struct web_answer *answer)
{
	const struct web_request *request = form->request;
	struct site_context context = pages_context(request);
	const struct site_page page = { .context = &context, .into = &answer->body, .root = "/" };
	struct told told = { 0 };
	struct error err = { 0 };
	const char *taken = NULL;

	/* A form with faults is shown alone. */
	if (form->fault_count == 0 && !feedback_told(web, request, form->provider, &told, &err)) {
		web_refuse_error(answer, request, &err);
		return;
	}
	form->seal = form_seal(web, request, answer);
	said_page_write(&page, form, web_standard(web), told.html,
			web_field(request, "taken", &taken, NULL) && taken);
	answer->type = html_type;
}

static void ask(struct web *web, const struct web_request *request, const char *const *segments,
		struct web_answer *answer)
{
	struct form form;

	if (!feedback_knows(web, segments[0], request, answer))
		return;
	form_open(web_standard(web), segments[0], wants_all(request), request, &form);
	show(web, &form, answer);
}

/* What anybody sends stays in the store, so it comes far slower than what anybody reads. */
static bool take_permit(struct web *web, const struct web_request *request, unsigned *ret_wait_s)
{
	const struct bucket_rate rate = {
		web_settings(web)->limits.anonymous_per_s / ANSWERS_SLOWER, ANSWERS_AT_ONCE
	};
	char network[NETWORK_SIZE];
	const char *who = arena_format(request->arena, "answers\n%s",
				       network_of(request->address, network).at);
	bool taken;

	*ret_wait_s = 0;
	lock_take(&web->lock);
	taken = bucket_take_rate(web->buckets, span_of(who), &rate, web_now_ms(), ret_wait_s);
	lock_give(&web->lock);
	return taken;
}

bool feedback_take(struct web *web, const struct web_request *request,
		   struct submission *submission, unsigned *ret_wait_s, struct error *err)
{
	struct taking taking = { .request = request, .standard = web_standard(web) };
	bool good;

	if (!take_permit(web, request, ret_wait_s))
		return fail(err, ERROR_LIMIT,
			    "too many answers came from where you are; send it again in %u "
			    "seconds",
			    *ret_wait_s);
	taking.store = web_store_take(web, SQL_WRITE, err);
	if (!taking.store)
		return false;
	/* A code is used up together with the answer that it proves, or not at all. */
	good = store_begin(taking.store, err) && feedback_identify(&taking, submission, err) &&
	       feedback_keep(taking.store, web_standard(web), submission, request->arena, err) &&
	       store_commit(taking.store, err);
	if (!good)
		store_give_up(taking.store);
	web_store_end(web, SQL_WRITE, taking.store, err);
	if (good)
		web_renew(web);
	return good;
}

/* Says on the form why nothing was taken: whatever it is, what was typed stays. */
static unsigned explain(struct form *form, const struct error *err, unsigned wait_s)
{
	bool by_proof = err->code == ERROR_INVALID;

	form_fault(form, by_proof ? "mark" : "questions",
		   arena_string(form->request->arena, span_of(err->text)));
	if (wait_s > 0)
		return MHD_HTTP_TOO_MANY_REQUESTS;
	return err->code == ERROR_IO ? MHD_HTTP_SERVICE_UNAVAILABLE
				     : MHD_HTTP_UNPROCESSABLE_CONTENT;
}

static void take(struct web *web, const struct web_request *request, const char *const *segments,
		 struct web_answer *answer)
{
	unsigned wait_s = 0, status = MHD_HTTP_UNPROCESSABLE_CONTENT;
	struct submission submission;
	struct error err = { 0 };
	struct form form;

	if (!feedback_knows(web, segments[0], request, answer))
		return;
	form_open(web_standard(web), segments[0], wants_all(request), request, &form);
	if (!form_seal_holds(web, request)) {
		form_fault(&form, "questions",
			   "this form was not sent from here, or the server has begun anew "
			   "meanwhile; look it over and send it once more");
	} else if (form_read(&form, web_standard(web), &submission)) {
		if (feedback_take(web, request, &submission, &wait_s, &err)) {
			answer->status = MHD_HTTP_SEE_OTHER;
			answer->type = html_type;
			answer->location = arena_format(request->arena, "/feedback/%s?taken=%s",
							segments[0], submission.id);
			answer->is_private = true;
			return;
		}
		status = explain(&form, &err, wait_s);
	}
	show(web, &form, answer);
	answer->status = status;
	answer->retry_after_s = wait_s;
}

static void moderation(struct web *web, const struct web_request *request,
		       const char *const *segments, struct web_answer *answer)
{
	struct site_context context = pages_context(request);
	const struct site_page page = { .context = &context, .into = &answer->body, .root = "/" };
	struct act_list acts;
	struct error err = { 0 };
	struct store *store = web_store_take(web, SQL_READ, &err);
	bool good = store && feedback_acts(store, &(struct said_query){ .moderated = true },
					   request->arena, &acts, &err);

	(void)segments;
	if (store)
		web_store_end(web, SQL_READ, store, &err);
	if (!good) {
		web_refuse_error(answer, request, &err);
		return;
	}
	moderation_page_write(&page, &acts);
	answer->type = html_type;
}

const struct web_route web_feedback_page_routes[] = {
	{ WEB_GET, "/feedback", ACCESS_PUBLIC, "feedbackProviders", providers, 0 },
	{ WEB_GET, "/feedback/{provider}", ACCESS_PUBLIC, "feedbackPage", ask, 0 },
	{ WEB_POST, "/feedback/{provider}", ACCESS_PUBLIC, "feedbackForm", take, FORM_MAXIMUM },
	{ WEB_GET, "/moderation", ACCESS_PUBLIC, "moderationPage", moderation, 0 },
	{ 0 },
};
