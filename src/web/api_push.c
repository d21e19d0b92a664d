/* What others bring: bundles of evidence, and agents that enrol. */
#include <string.h>

#include "base/json.h"
#include "evidence/bundle.h"
#include "web/node_look.h"
#include "web/nonce.h"
#include "web/parts.h"

enum {
	BUNDLE_MAXIMUM = 16 << 20,
	ENROLMENT_MAXIMUM = 4096,
	NAME_MAXIMUM = 64,
};

/* Nobody speaks for another: each record is about the caller's own provider. */
static bool are_own(const struct evidence_set *set, const struct web_request *request,
		    struct web_answer *answer)
{
	const char *provider = web_provider_of(request->caller->party);

	for (size_t i = 0; i < set->count; i++) {
		const struct record *record = &set->records[i];

		if (strcmp(record->subject.parts[SUBJECT_PROVIDER], provider) == 0)
			continue;
		web_refuse(answer, request, MHD_HTTP_FORBIDDEN, NULL,
			   "the record '%s' is about '%s', and the caller speaks about '%s' only",
			   record->id, record->subject.parts[SUBJECT_PROVIDER], provider);
		return false;
	}
	return true;
}

static bool are_accepted(const struct web *web, const struct evidence_set *set,
			 const struct web_request *request, struct web_answer *answer)
{
	date_t today = date_from_unix(request->now);
	struct error err = { 0 };

	for (size_t i = 0; i < set->count; i++) {
		if (standard_accepts(web->how->standard, &set->records[i], today, &err))
			continue;
		web_refuse(answer, request, MHD_HTTP_UNPROCESSABLE_CONTENT, NULL, "%s", err.text);
		return false;
	}
	return true;
}

void web_put_receipt(struct web_answer *answer, enum store_stream stream,
		     const struct store_receipt *receipt)
{
	struct json_writer writer = { .into = &answer->body };
	char link[RECORD_HASH_TEXT];

	json_open_object(&writer);
	json_pair_string(&writer, "schema", "assay/receipt/v1");
	json_pair_string(&writer, "stream", store_stream_names[stream]);
	json_pair_integer(&writer, "taken", (int64_t)receipt->taken);
	json_pair_integer(&writer, "known", (int64_t)receipt->known);
	json_pair_integer(&writer, "first", receipt->first);
	json_pair_integer(&writer, "last", receipt->last);
	json_pair_string(&writer, "link", hash_format(receipt->link, link));
	json_close_object(&writer);
	text_add_char(&answer->body, '\n');
	answer->status = receipt->taken > 0 ? MHD_HTTP_CREATED : MHD_HTTP_OK;
}

/* What came, and what became of it. */
struct arrival {
	const struct evidence_set *set;
	enum store_stream stream;
	bool nonce_holds;
	struct store_receipt receipt;
};

/* The nonce is used up together with what is signed over it, or not at all. */
static bool take_in(struct web *web, struct store *store, const struct web_request *request,
		    struct arrival *arrival, struct error *err)
{
	const struct evidence_set *set = arrival->set;
	const struct record **records =
		ARENA_ARRAY(request->arena, const struct record *, set->count);
	const struct node_moment moment = { web->how->handbook, request->now };

	for (size_t i = 0; i < set->count; i++)
		records[i] = &set->records[i];
	if (!nonce_use(store, request, set, &arrival->nonce_holds, err))
		return false;
	if (!arrival->nonce_holds)
		return fail(err, ERROR_INVALID,
			    "the run is not signed over a nonce that was given to this caller "
			    "within a day and not used before");
	if (!store_append_records(store, arrival->stream, request->caller->party, request->now,
				  records, set->count, &arrival->receipt, err))
		return false;
	return arrival->stream != STORE_NODES || arrival->receipt.taken == 0 ||
	       node_look_note(store, request->caller->party, set, &moment, err);
}

static bool keep(struct web *web, const struct web_request *request, struct arrival *arrival,
		 struct error *err)
{
	struct store *store = web_store_take(web, SQL_WRITE, err);
	bool good;

	if (!store)
		return false;
	good = store_begin(store, err) && take_in(web, store, request, arrival, err) &&
	       store_commit(store, err);
	if (!good)
		store_give_up(store);
	web_store_end(web, SQL_WRITE, store, err);
	return good;
}

/* What agents send is history of nodes; what is pushed by hand is evidence of the rating. */
static void bundles(struct web *web, const struct web_request *request, const char *const *segments,
		    struct web_answer *answer)
{
	struct error err = { 0 };
	SCOPED_EVIDENCE(set);
	struct arrival arrival = {
		.set = &set,
		.stream = request->caller->is_agent ? STORE_NODES : STORE_EVIDENCE,
		.nonce_holds = true,
	};

	(void)segments;
	if (!web_json_or_refuse(request, answer))
		return;
	if (!evidence_set_add_bundle(&set, request->body, "the bundle", &err) ||
	    !evidence_set_finish(&set, &err)) {
		err.code = ERROR_INVALID;
		web_refuse_error(answer, request, &err);
		return;
	}
	if (!are_own(&set, request, answer) || !are_accepted(web, &set, request, answer))
		return;
	if (!keep(web, request, &arrival, &err)) {
		if (arrival.nonce_holds)
			web_refuse_error(answer, request, &err);
		else
			web_refuse(answer, request, MHD_HTTP_UNPROCESSABLE_CONTENT,
				   "POST /api/v1/nonces gives one, for `assay check --nonce`", "%s",
				   err.text);
		return;
	}
	web_put_receipt(answer, arrival.stream, &arrival.receipt);
	if (arrival.stream == STORE_EVIDENCE && arrival.receipt.taken > 0)
		web_renew(web);
}

/* ---- agents ---- */

struct enrolment {
	struct span code;
	const char *name;
};

static bool read_enrolment(const struct web_request *request, struct enrolment *ret_enrolment,
			   struct error *err)
{
	static const struct node_field fields[] = { { "schema", NODE_SCALAR, true },
						    { "code", NODE_SCALAR, true },
						    { "name", NODE_SCALAR, true } };
	const struct node *root;
	struct span name;

	if (!json_read(request->body, "the body", 1, request->arena, &root, err) ||
	    !node_expect(root, "the body", fields, sizeof(fields) / sizeof(fields[0]), err))
		return false;
	if (!span_is(node_find(root, "schema")->text, "assay/enrolment/v1"))
		return fail(err, ERROR_UNSUPPORTED, "the schema is not assay/enrolment/v1");
	name = node_find(root, "name")->text;
	ret_enrolment->code = node_find(root, "code")->text;
	ret_enrolment->name = arena_string(request->arena, name);
	if (name.length == 0 || name.length > NAME_MAXIMUM ||
	    strspn(ret_enrolment->name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					"0123456789-._") != name.length)
		return fail(err, ERROR_INVALID,
			    "a name is at most %d letters, digits, dots and dashes", NAME_MAXIMUM);
	return true;
}

/* Fills in the party when the code is good; NULL when it is not known. Codes of customers and
 * nonces let no agent in. */
static bool add_agent(struct store *store, const struct web_request *request,
		      const struct enrolment *enrolment, const uint8_t *hash,
		      const char **ret_party, struct error *err)
{
	const struct access_use use = { .code = enrolment->code, .head = "", .now = request->now };
	const struct span fingerprint = { (const char *)hash, RECORD_HASH_BYTES };

	return access_code_use(store, &use, request->arena, ret_party, err) &&
	       (!*ret_party || access_agent_add(store, *ret_party, enrolment->name, fingerprint,
						request->now, err));
}

/* A code is used up together with the agent that it lets in, or not at all. */
static bool let_in(struct web *web, const struct web_request *request,
		   const struct enrolment *enrolment, const uint8_t *hash, const char **ret_party,
		   struct error *err)
{
	struct store *store = web_store_take(web, SQL_WRITE, err);
	bool good;

	if (!store)
		return false;
	good = store_begin(store, err) &&
	       add_agent(store, request, enrolment, hash, ret_party, err) &&
	       store_commit(store, err);
	if (!good)
		store_give_up(store);
	web_store_end(web, SQL_WRITE, store, err);
	return good;
}

static void put_agent(struct web_answer *answer, const char *party, const char *name,
		      const uint8_t hash[static RECORD_HASH_BYTES])
{
	struct json_writer writer = { .into = &answer->body };
	char text[RECORD_HASH_TEXT];

	json_open_object(&writer);
	json_pair_string(&writer, "schema", "assay/agent/v1");
	json_pair_string(&writer, "party", party);
	json_pair_string(&writer, "name", name);
	json_pair_string(&writer, "fingerprint", hash_format(hash, text));
	json_close_object(&writer);
	text_add_char(&answer->body, '\n');
	answer->status = MHD_HTTP_CREATED;
	answer->is_private = true;
}

static void enrol(struct web *web, const struct web_request *request, const char *const *segments,
		  struct web_answer *answer)
{
	uint8_t hash[RECORD_HASH_BYTES];
	struct enrolment enrolment = { 0 };
	const char *party = NULL;
	struct error err = { 0 };

	(void)segments;
	if (!web_json_or_refuse(request, answer))
		return;
	if (!exchange_certificate(exchange_of(request), hash)) {
		web_refuse(answer, request, MHD_HTTP_FORBIDDEN,
			   "`assay enrol` makes a certificate and shows it over TLS",
			   "no certificate was shown");
		return;
	}
	if (!read_enrolment(request, &enrolment, &err)) {
		err.code = ERROR_INVALID;
		web_refuse_error(answer, request, &err);
		return;
	}
	if (!let_in(web, request, &enrolment, hash, &party, &err))
		web_refuse_error(answer, request, &err);
	else if (!party)
		web_refuse(answer, request, MHD_HTTP_FORBIDDEN,
			   "a code holds once and not for long; ask for a new one",
			   "the code is not known");
	else
		put_agent(answer, party, enrolment.name, hash);
}

const struct web_route web_push_routes[] = {
	{ WEB_POST, "/api/v1/bundles", ACCESS_PUSH, "push", bundles, BUNDLE_MAXIMUM },
	{ WEB_POST, "/api/v1/agents", ACCESS_PUBLIC, "enrol", enrol, ENROLMENT_MAXIMUM },
	{ 0 },
};
