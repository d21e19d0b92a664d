/* Customers' answers for programs: in, out, opinions, codes, runs, replies, moderation. */
#include <string.h>

#include "base/json.h"
#include "report/feedback.h"
#include "web/feedback_cache.h"
#include "web/listing.h"
#include "web/parts.h"

enum {
	BUNDLE_MAXIMUM = 4 << 20,
};

static void refuse_invalid(struct web_answer *answer, const struct web_request *request,
			   const struct error *err)
{
	if (err->code == ERROR_IO || err->code == ERROR_LIMIT)
		web_refuse_error(answer, request, err);
	else
		web_refuse(answer, request,
			   err->code == ERROR_PARSE ? MHD_HTTP_BAD_REQUEST
						    : MHD_HTTP_UNPROCESSABLE_CONTENT,
			   NULL, "%s", err->text);
}

/* ---- answers in and out ---- */

static void put_receipt(struct web_answer *answer, const struct submission *one)
{
	struct json_writer json = { .into = &answer->body };

	json_open_object(&json);
	json_pair_string(&json, "schema", "assay/feedback-receipt/v1");
	json_pair_string(&json, "id", one->id);
	json_pair_string(&json, "proof", proof_names[one->proof]);
	json_pair_bool(&json, "checked", one->is_proven);
	json_pair_decimal(&json, "weight", feedback_weight(one), 2);
	json_close_object(&json);
	text_add_char(&answer->body, '\n');
	answer->status = MHD_HTTP_CREATED;
	answer->is_private = true;
}

static void take(struct web *web, const struct web_request *request, const char *const *segments,
		 struct web_answer *answer)
{
	struct submission one;
	struct error err = { 0 };
	unsigned wait_s = 0;

	(void)segments;
	if (!web_json_or_refuse(request, answer))
		return;
	if (request->body.length == 0 || request->body.at[0] != '{') {
		web_refuse(answer, request, MHD_HTTP_BAD_REQUEST, NULL,
			   "the body is one object of JSON");
		return;
	}
	if (!submission_read(request->body, "the body", web_standard(web), request->arena, &one,
			     &err)) {
		refuse_invalid(answer, request, &err);
		return;
	}
	if (!feedback_knows(web, one.subject.parts[SUBJECT_PROVIDER], request, answer))
		return;
	if (feedback_take(web, request, &one, &wait_s, &err)) {
		put_receipt(answer, &one);
	} else if (wait_s > 0) {
		web_refuse(answer, request, MHD_HTTP_TOO_MANY_REQUESTS,
			   "Retry-After says how many seconds to wait", "%s", err.text);
		answer->retry_after_s = wait_s;
	} else {
		refuse_invalid(answer, request, &err);
	}
}

/* The field that names a provider; NULL where it is left out. False when it refused. */
static bool any_provider_field(struct web *web, const struct web_request *request,
			       const char **ret_provider, struct web_answer *answer)
{
	return web_field_or_refuse(request, "provider", ret_provider, answer) &&
	       (!*ret_provider || feedback_knows(web, *ret_provider, request, answer));
}

/* The same where it has to be there. */
static bool provider_field(struct web *web, const struct web_request *request,
			   const char **ret_provider, struct web_answer *answer)
{
	if (!any_provider_field(web, request, ret_provider, answer))
		return false;
	if (!*ret_provider) {
		web_refuse(answer, request, MHD_HTTP_BAD_REQUEST, NULL,
			   "the field 'provider' is missing");
		return false;
	}
	return true;
}

/* One page of the answers in the store: of a provider, or, NULL, of all. */
static bool add_answers(struct web *web, struct store *store, const char *provider,
			struct listing *listing, struct error *err)
{
	const struct said_query query = { .provider = provider,
					  .after = listing->after,
					  .limit = (size_t)listing->limit + 1 };
	struct said_list said;
	SCOPED_TEXT(line);

	if (!feedback_load(store, web_standard(web), &query, listing->request->arena, &said, err))
		return false;
	for (uint32_t i = 0; i < said.count; i++) {
		text_clear(&line);
		submission_write(&said.items[i], web_standard(web), &line);
		if (!listing_add(listing, said.places[i], text_span(&line)))
			return true;
	}
	/* Where some were left out the page is not full, and yet there is more behind it. */
	listing->more = said.looked_at > (size_t)listing->limit;
	listing->last = said.last;
	return true;
}

/* As they are kept, so that anybody can work out again what they come to. */
static void list(struct web *web, const struct web_request *request, const char *const *segments,
		 struct web_answer *answer)
{
	struct listing listing;
	struct error err = { 0 };
	const char *provider;
	struct store *store;
	bool good;

	(void)segments;
	if (!any_provider_field(web, request, &provider, answer) ||
	    !listing_open(&listing, request, answer, "assay/feedback-page/v1", "answers"))
		return;
	const char *const fields[][2] = { { "provider", provider }, { NULL, NULL } };

	store = web_store_take(web, SQL_READ, &err);
	good = store && add_answers(web, store, provider, &listing, &err);
	if (store)
		web_store_end(web, SQL_READ, store, &err);
	if (good)
		listing_close(&listing, fields);
	else
		web_refuse_error(answer, request, &err);
}

static void opinions(struct web *web, const struct web_request *request,
		     const char *const *segments, struct web_answer *answer)
{
	struct error err = { 0 };
	const char *provider;
	struct told told;

	(void)segments;
	if (!provider_field(web, request, &provider, answer))
		return;
	if (feedback_told(web, request, provider, &told, &err))
		text_add_span(&answer->body, told.json);
	else
		web_refuse_error(answer, request, &err);
}

static void questions(struct web *web, const struct web_request *request,
		      const char *const *segments, struct web_answer *answer)
{
	struct questions asked = { .standard = web_standard(web) };
	const char *all = NULL;
	uint32_t *criteria;

	(void)segments;
	if (!web_field_or_refuse(request, "all", &all, answer) ||
	    !web_field_or_refuse(request, "provider", &asked.provider, answer))
		return;
	questionnaire_of(asked.standard,
			 all && strcmp(all, "yes") == 0 ? QUESTIONS_ALL : QUESTIONS_CUSTOMERS,
			 request->arena, &criteria, &asked.count);
	asked.criteria = criteria;
	questions_json(&asked, &answer->body);
}

/* ---- proofs ---- */

static void put_text(struct web_answer *answer, const char *schema, const char *key,
		     const char *value)
{
	struct json_writer json = { .into = &answer->body };

	json_open_object(&json);
	json_pair_string(&json, "schema", schema);
	json_pair_string(&json, key, value);
	json_close_object(&json);
	text_add_char(&answer->body, '\n');
	answer->is_private = true;
}

static void nonce(struct web *web, const struct web_request *request, const char *const *segments,
		  struct web_answer *answer)
{
	struct taking taking = { .request = request, .standard = web_standard(web) };
	const char *provider, *made = NULL;
	struct error err = { 0 };
	bool good;

	(void)segments;
	if (!provider_field(web, request, &provider, answer))
		return;
	taking.store = web_store_take(web, SQL_WRITE, &err);
	good = taking.store && feedback_nonce(&taking, provider, &made, &err);
	if (taking.store)
		web_store_end(web, SQL_WRITE, taking.store, &err);
	if (!good) {
		web_refuse_error(answer, request, &err);
		return;
	}
	put_text(answer, "assay/feedback-nonce/v1", "nonce", made);
	answer->status = MHD_HTTP_CREATED;
}

static void run(struct web *web, const struct web_request *request, const char *const *segments,
		struct web_answer *answer)
{
	struct taking taking = { .request = request, .standard = web_standard(web) };
	const char *provider, *mark = NULL;
	struct run_shown shown;
	struct error err = { 0 };
	bool good;

	(void)segments;
	if (!web_json_or_refuse(request, answer) ||
	    !provider_field(web, request, &provider, answer))
		return;
	if (!feedback_run_read(request, provider, &shown, &err)) {
		refuse_invalid(answer, request, &err);
		return;
	}
	taking.store = web_store_take(web, SQL_WRITE, &err);
	good = taking.store && feedback_run_mark(&taking, &shown, provider, &mark, &err);
	if (taking.store)
		web_store_end(web, SQL_WRITE, taking.store, &err);
	if (good)
		put_text(answer, "assay/feedback-mark/v1", "mark", mark);
	else
		refuse_invalid(answer, request, &err);
}

const struct web_route web_feedback_routes[] = {
	{ WEB_GET, "/api/v1/feedback", ACCESS_PUBLIC, "feedback", list, 0 },
	{ WEB_POST, "/api/v1/feedback", ACCESS_PUBLIC, "giveFeedback", take,
	  FEEDBACK_BYTES_MAXIMUM },
	{ WEB_GET, "/api/v1/opinions", ACCESS_PUBLIC, "opinions", opinions, 0 },
	{ WEB_GET, "/api/v1/questions", ACCESS_PUBLIC, "questions", questions, 0 },
	{ WEB_POST, "/api/v1/feedback/nonces", ACCESS_PUBLIC, "feedbackNonce", nonce, 0 },
	{ WEB_POST, "/api/v1/feedback/runs", ACCESS_PUBLIC, "feedbackRun", run, BUNDLE_MAXIMUM },
	{ 0 },
};
