/* What those do about answers who have a right to: the provider gives codes and replies, the
 * moderator withdraws, restores and confirms proofs. Each act is public. */
#include <string.h>

#include "base/json.h"
#include "web/feedback.h"
#include "web/listing.h"
#include "web/parts.h"

enum {
	ORDER_MAXIMUM = 16 << 10,
	ORDER_FIELDS = 4,
	CUSTOMER_MAXIMUM = 120,
};

/* A party is a provider, or a tenant there: "crusoe", "acme@crusoe". */
static bool speaks_for(const struct web_request *request, const char *provider,
		       struct web_answer *answer)
{
	if (strcmp(request->caller->party, provider) == 0)
		return true;
	web_refuse(answer, request, MHD_HTTP_FORBIDDEN, NULL,
		   "the caller speaks for '%s', not for '%s'", request->caller->party, provider);
	return false;
}

/* One text of the body, "" where it is left out; false when it refused. */
static bool text_of(const struct web_request *request, const struct node *root, const char *field,
		    size_t maximum, const char **ret_text, struct web_answer *answer)
{
	const struct node *node = node_find(root, field);

	*ret_text = "";
	if (!node)
		return true;
	if (node->quoted && node->text.length > 0 && node->text.length <= maximum &&
	    !web_has_controls(node->text)) {
		*ret_text = arena_string(request->arena, node->text);
		return true;
	}
	web_refuse(answer, request, MHD_HTTP_UNPROCESSABLE_CONTENT, NULL,
		   "'%s' is a text of 1 to %zu bytes without control characters", field, maximum);
	return false;
}

/* What a body may hold, all of it texts. */
struct order {
	const char *schema;
	struct node_field fields[ORDER_FIELDS];
	size_t count;
};

/* A field of another name is refused: with a misspelt 'about' a reply to one would be one to all.
 */
static bool read_body(const struct web_request *request, const struct order *order,
		      const struct node **ret_root, struct web_answer *answer)
{
	struct error err = { 0 };

	if (!web_json_or_refuse(request, answer))
		return false;
	if (!json_read(request->body, "the body", 1, request->arena, ret_root, &err)) {
		web_refuse(answer, request, MHD_HTTP_BAD_REQUEST, NULL, "%s", err.text);
		return false;
	}
	if (!node_expect(*ret_root, "the body", order->fields, order->count, &err)) {
		web_refuse(answer, request, MHD_HTTP_UNPROCESSABLE_CONTENT, NULL, "%s", err.text);
		return false;
	}
	if (span_is(node_find(*ret_root, "schema")->text, order->schema))
		return true;
	web_refuse(answer, request, MHD_HTTP_UNPROCESSABLE_CONTENT, NULL, "the schema is not %s",
		   order->schema);
	return false;
}

static void put_act(struct text *into, const struct feedback_act *act)
{
	struct json_writer json = { .into = into };
	char time[TIME_TEXT_SIZE];

	json_open_object(&json);
	json_pair_string(&json, "schema", "assay/feedback-act/v1");
	json_pair_string(&json, "act", act->act);
	json_pair_string(&json, "about", act->about);
	json_pair_string(&json, "provider", act->provider);
	json_pair_string(&json, "text", act->text);
	json_pair_string(&json, "by", act->party);
	json_pair_string(&json, "time", time_format(act->time, time));
	json_close_object(&json);
}

static bool has_proof(struct span line, struct arena *arena)
{
	const struct node *root = NULL, *proof = NULL, *kind = NULL;

	if (json_read(line, "the answer", 1, arena, &root, NULL))
		proof = node_find(root, "proof");
	if (proof)
		kind = node_find(proof, "kind");
	return kind && !span_is(kind->text, proof_names[PROOF_NONE]);
}

/* Whether the answer is there, and about which provider; withdrawn ones are there too. */
static bool find_answer(struct store *store, const struct feedback_act *act, struct arena *arena,
			const char **ret_provider, struct error *err)
{
	struct store_found found;
	struct span rest, name = { 0 };

	if (!store_find_id(store, STORE_ANSWERS, act->about, arena, &found, err))
		return false;
	if (found.sequence == 0)
		return fail(err, ERROR_MISSING, "there is no answer '%s'", act->about);
	rest = span_of(found.entry.subject);
	(void)span_cut(&rest, '/', &name);
	*ret_provider = arena_string(arena, name);
	return strcmp(act->act, "confirm") != 0 || has_proof(found.entry.line, arena) ||
	       fail(err, ERROR_CONFLICT,
		    "the answer '%s' came without a proof that could be confirmed", act->about);
}

static bool keep(struct web *web, const struct web_request *request, struct feedback_act *act,
		 struct web_answer *answer)
{
	struct error err = { 0 };
	const char *provider = NULL;
	struct store *store = web_store_take(web, SQL_WRITE, &err);
	bool good = store && (act->about[0] == '\0' ||
			      find_answer(store, act, request->arena, &provider, &err));

	if (good && provider && act->provider && strcmp(provider, act->provider) != 0)
		good = fail(&err, ERROR_MISSING, "there is no answer '%s' about '%s'", act->about,
			    act->provider);
	if (good && !act->provider)
		act->provider = provider;
	good = good && feedback_act_keep(store, act, request->arena, &err);
	if (store)
		web_store_end(web, SQL_WRITE, store, &err);
	if (!good) {
		web_refuse_error(answer, request, &err);
		return false;
	}
	web_renew(web);
	put_act(&answer->body, act);
	text_add_char(&answer->body, '\n');
	answer->status = MHD_HTTP_CREATED;
	return true;
}

/* ---- the provider ---- */

static void reply(struct web *web, const struct web_request *request, const char *const *segments,
		  struct web_answer *answer)
{
	static const struct order order = { "assay/feedback-reply/v1",
					    { { "schema", NODE_SCALAR, true },
					      { "about", NODE_SCALAR, false },
					      { "text", NODE_SCALAR, true } },
					    3 };
	struct feedback_act act = { .act = "reply",
				    .provider = request->caller->party,
				    .party = request->caller->party,
				    .time = request->now };
	const struct node *root;

	(void)segments;
	if (read_body(request, &order, &root, answer) &&
	    text_of(request, root, "about", CUSTOMER_MAXIMUM, &act.about, answer) &&
	    text_of(request, root, "text", FEEDBACK_TEXT_MAXIMUM, &act.text, answer))
		(void)keep(web, request, &act, answer);
}

static void code(struct web *web, const struct web_request *request, const char *const *segments,
		 struct web_answer *answer)
{
	static const struct order order = { "assay/feedback-customer/v1",
					    { { "schema", NODE_SCALAR, true },
					      { "provider", NODE_SCALAR, true },
					      { "customer", NODE_SCALAR, true } },
					    3 };
	struct taking taking = { .request = request, .standard = web_standard(web) };
	const char *customer, *provider, *made = NULL;
	struct json_writer json = { .into = &answer->body };
	const struct node *root;
	struct error err = { 0 };
	bool good;

	(void)segments;
	if (!read_body(request, &order, &root, answer) ||
	    !text_of(request, root, "provider", CUSTOMER_MAXIMUM, &provider, answer) ||
	    !text_of(request, root, "customer", CUSTOMER_MAXIMUM, &customer, answer) ||
	    !speaks_for(request, provider, answer))
		return;
	taking.store = web_store_take(web, SQL_WRITE, &err);
	good = taking.store && feedback_code(&taking, provider, customer, &made, &err);
	if (taking.store)
		web_store_end(web, SQL_WRITE, taking.store, &err);
	if (!good) {
		web_refuse_error(answer, request, &err);
		return;
	}
	json_open_object(&json);
	json_pair_string(&json, "schema", "assay/feedback-code/v1");
	json_pair_string(&json, "code", made);
	json_close_object(&json);
	text_add_char(&answer->body, '\n');
	answer->status = MHD_HTTP_CREATED;
	answer->is_private = true;
}

/* ---- the moderator ---- */

static void moderate(struct web *web, const struct web_request *request,
		     const char *const *segments, struct web_answer *answer)
{
	static const char *const known[] = { "withdraw", "restore", "confirm" };
	static const struct order order = { "assay/feedback-moderation/v1",
					    { { "schema", NODE_SCALAR, true },
					      { "act", NODE_SCALAR, true },
					      { "about", NODE_SCALAR, true },
					      { "reason", NODE_SCALAR, true } },
					    4 };
	struct feedback_act act = { .party = request->caller->party, .time = request->now };
	const struct node *root;
	unsigned i = 0;

	(void)segments;
	if (!read_body(request, &order, &root, answer) ||
	    !text_of(request, root, "act", CUSTOMER_MAXIMUM, &act.act, answer) ||
	    !text_of(request, root, "about", CUSTOMER_MAXIMUM, &act.about, answer) ||
	    !text_of(request, root, "reason", FEEDBACK_TEXT_MAXIMUM, &act.text, answer))
		return;
	while (i < sizeof(known) / sizeof(known[0]) && strcmp(act.act, known[i]) != 0)
		i++;
	if (i == sizeof(known) / sizeof(known[0])) {
		web_refuse(answer, request, MHD_HTTP_UNPROCESSABLE_CONTENT, NULL,
			   "'act' is withdraw, restore or confirm");
		return;
	}
	(void)keep(web, request, &act, answer);
}

/* One page of all acts, the oldest first: what is done later changes no place. */
static bool add_acts(struct store *store, struct listing *listing, struct error *err)
{
	const struct store_query query = { .stream = STORE_ACTS, .after = listing->after };
	struct store_cursor *cursor = NULL;
	struct store_found found;
	bool more = true, good = store_find(store, &query, &cursor, err);
	SCOPED_ARENA(arena);
	SCOPED_TEXT(line);

	while (good && more) {
		struct feedback_act act;

		good = store_next(cursor, &found, &more, err);
		arena_clear(&arena);
		if (!good || !more || !feedback_act_read(&found, &arena, &act))
			continue;
		text_clear(&line);
		put_act(&line, &act);
		more = listing_add(listing, act.place, text_span(&line));
	}
	store_cursor_close(cursor);
	return good;
}

static void list(struct web *web, const struct web_request *request, const char *const *segments,
		 struct web_answer *answer)
{
	struct error err = { 0 };
	struct listing listing;
	struct store *store;
	bool good;

	(void)segments;
	if (!listing_open(&listing, request, answer, "assay/moderation-page/v1", "acts"))
		return;
	store = web_store_take(web, SQL_READ, &err);
	good = store && add_acts(store, &listing, &err);
	if (store)
		web_store_end(web, SQL_READ, store, &err);
	if (good)
		listing_close(&listing, NULL);
	else
		web_refuse_error(answer, request, &err);
}

const struct web_route web_feedback_act_routes[] = {
	{ WEB_POST, "/api/v1/feedback/replies", ACCESS_FEEDBACK, "reply", reply, ORDER_MAXIMUM },
	{ WEB_POST, "/api/v1/feedback/codes", ACCESS_FEEDBACK, "feedbackCode", code,
	  ORDER_MAXIMUM },
	{ WEB_GET, "/api/v1/moderation", ACCESS_PUBLIC, "moderation", list, 0 },
	{ WEB_POST, "/api/v1/moderation", ACCESS_MODERATE, "moderate", moderate, ORDER_MAXIMUM },
	{ 0 },
};
