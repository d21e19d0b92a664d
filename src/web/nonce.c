#include "web/nonce.h"

#include <microhttpd.h>
#include <string.h>

#include "base/json.h"

enum {
	NONCE_SECONDS = 86400,
};

/* The party of a code that is a nonce of the caller; its end is marked, so that none is the head of
 * another. */
static const char *party_of(const struct web_request *request)
{
	return arena_format(request->arena, "nonce:%s:", request->caller->party);
}

static bool read_nonce(const struct web_request *request, struct span *ret_nonce)
{
	const struct node *root = NULL, *nonce = NULL;

	if (json_read(request->body, "the bundle", 1, request->arena, &root, NULL) &&
	    root->kind == NODE_MAP)
		nonce = node_find(root, "nonce");
	if (!nonce || nonce->kind != NODE_SCALAR || !nonce->quoted)
		return false;
	*ret_nonce = nonce->text;
	return true;
}

static bool is_kept(struct store *store, const struct record *record, bool *ret_kept,
		    struct error *err)
{
	static const enum store_stream streams[] = { STORE_EVIDENCE, STORE_NODES };
	SCOPED_ARENA(scratch);
	SCOPED_TEXT(line);

	*ret_kept = false;
	record_write(record, true, &line);
	for (unsigned i = 0; i < 2 && !*ret_kept; i++) {
		struct store_found found;

		if (!store_find_id(store, streams[i], record->id, &scratch, &found, err))
			return false;
		*ret_kept = found.sequence != 0 && span_equal(found.entry.line, text_span(&line));
	}
	return true;
}

/* The same bundle once more changes nothing, and is told so rather than refused. */
static bool are_kept(struct store *store, const struct evidence_set *set, bool *ret_kept,
		     struct error *err)
{
	*ret_kept = set->count > 0;
	for (size_t i = 0; i < set->count && *ret_kept; i++)
		if (!is_kept(store, &set->records[i], ret_kept, err))
			return false;
	return true;
}

bool nonce_use(struct store *store, const struct web_request *request,
	       const struct evidence_set *set, bool *ret_holds, struct error *err)
{
	struct access_use use = { .head = party_of(request), .now = request->now };
	const char *rest = NULL;

	*ret_holds = true;
	if (!read_nonce(request, &use.code))
		return true;
	if (!are_kept(store, set, ret_holds, err))
		return false;
	if (*ret_holds)
		return true;
	if (!access_code_use(store, &use, request->arena, &rest, err))
		return false;
	*ret_holds = rest != NULL;
	return true;
}

static void give(struct web *web, const struct web_request *request, const char *const *segments,
		 struct web_answer *answer)
{
	struct json_writer json = { .into = &answer->body };
	char nonce[ACCESS_SECRET_TEXT];
	struct error err = { 0 };
	struct store *store = web_store_take(web, SQL_WRITE, &err);
	bool good = store && access_code_make(store, party_of(request), request->now, NONCE_SECONDS,
					      nonce, &err);

	(void)segments;
	if (store)
		web_store_end(web, SQL_WRITE, store, &err);
	if (!good) {
		web_refuse_error(answer, request, &err);
		return;
	}
	json_open_object(&json);
	json_pair_string(&json, "schema", "assay/nonce/v1");
	json_pair_string(&json, "nonce", nonce);
	json_close_object(&json);
	text_add_char(&answer->body, '\n');
	answer->status = MHD_HTTP_CREATED;
	answer->is_private = true;
}

const struct web_route web_nonce_routes[] = {
	{ WEB_POST, "/api/v1/nonces", ACCESS_PUSH, "nonce", give, 4096 },
	{ 0 },
};
