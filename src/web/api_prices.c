/* Prices that others bring. */
#include <microhttpd.h>

#include "base/json.h"
#include "market/quote_line.h"
#include "store/quotes.h"
#include "web/web.h"

enum {
	PRICES_MAXIMUM = 16 << 20, /* bytes of a body */
	QUOTES_MAXIMUM = 5000,     /* of one body, so that it is one batch of the store */
	SECONDS_PER_DAY = 86400,
};

_Static_assert((int)QUOTES_MAXIMUM < (int)QUOTES_IN_BATCH, "what is pushed is taken whole");

static const char body_name[] = "the body";

/* The list of quotes; NULL when the body is none. */
static const struct node *read_list(const struct web_request *request, struct error *err)
{
	static const struct node_field fields[] = { { "schema", NODE_SCALAR, true },
						    { "quotes", NODE_LIST, true } };
	const struct node *root, *list;

	if (!json_read(request->body, body_name, 1, request->arena, &root, err) ||
	    !node_expect(root, body_name, fields, sizeof(fields) / sizeof(fields[0]), err))
		return NULL;
	list = node_find(root, "quotes");
	if (!span_is(node_find(root, "schema")->text, "assay/prices/v1")) {
		(void)fail(err, ERROR_UNSUPPORTED, "the schema is not assay/prices/v1");
		return NULL;
	}
	if (list->count > QUOTES_MAXIMUM) {
		(void)fail(err, ERROR_LIMIT, "there are more than %d quotes; bring them in parts",
			   QUOTES_MAXIMUM);
		return NULL;
	}
	return list;
}

/* All quotes into the book, which counts those that are none. */
static bool read_quotes(const struct web_request *request, struct book *book, struct error *err)
{
	const struct node *list = read_list(request, err);

	if (!list)
		return false;
	for (uint32_t i = 0; i < list->count; i++) {
		struct draft draft;

		if (!quote_line_take(&list->items[i], body_name, (uint64_t)i + 1, &draft, err) ||
		    !book_take(book, body_name, &draft, err))
			return fail_while(err, "quote %u", i + 1);
	}
	return true;
}

/* One that is no quote refuses all; one that stands there twice is taken once. */
static bool are_quotes(const struct book *book, const struct web_request *request,
		       struct web_answer *answer)
{
	for (unsigned i = 1; i < REFUSAL_COUNT; i++) {
		const struct refusal_count *refused = &book->refused[i];

		if (refused->count == 0 || i == REFUSAL_DUPLICATE)
			continue;
		web_refuse(answer, request, MHD_HTTP_UNPROCESSABLE_CONTENT,
			   "nothing was taken; `assay market import` says the same of a file",
			   "quote %llu, '%s': %s", (unsigned long long)refused->examples[0].line,
			   refused->examples[0].text, refusal_reasons[i]);
		return false;
	}
	return true;
}

/* Without the right to bring all prices nobody speaks for another. */
static bool may_bring(const struct book *book, const struct web_request *request,
		      struct web_answer *answer)
{
	const char *provider = web_provider_of(request->caller->party);

	if (request->caller->scopes & ACCESS_PRICES)
		return true;
	if (request->caller->is_agent) {
		web_refuse(answer, request, MHD_HTTP_FORBIDDEN, NULL,
			   "an agent speaks about nodes, not about prices");
		return false;
	}
	for (size_t i = 0; i < book->count; i++) {
		struct span name = quote_name(book, book->quotes[i].provider);

		if (span_is(name, provider))
			continue;
		web_refuse(answer, request, MHD_HTTP_FORBIDDEN,
			   "a token with the scope prices brings those of all providers",
			   "a quote is of '%.*s', and the caller speaks about '%s' only",
			   SPAN_ARGS(name), provider);
		return false;
	}
	return true;
}

static bool keep(struct web *web, const struct web_request *request, const struct book *book,
		 struct store_receipt *ret_receipt, struct error *err)
{
	struct quote_intake intake __attribute__((cleanup(store_quote_release))) = {
		.store = web_store_take(web, SQL_WRITE, err),
		.party = request->caller->party,
		.now = request->now,
		.catalogue = book->catalogue,
	};
	struct store *store = intake.store;
	bool good = true;

	if (!store)
		return false;
	for (size_t i = 0; good && i < book->count; i++)
		good = store_quote_add(&intake, &book->names, &book->quotes[i], err);
	good = good && store_quote_flush(&intake, err);
	web_store_end(web, SQL_WRITE, store, err);
	*ret_receipt = intake.receipt;
	/* One that stood there twice counts as known. */
	ret_receipt->known += book->refused[REFUSAL_DUPLICATE].count;
	return good;
}

static void bring(struct web *web, const struct web_request *request, const char *const *segments,
		  struct web_answer *answer)
{
	const struct web_market *market = web_market(web);
	struct book book __attribute__((cleanup(book_release))) = { 0 };
	struct store_receipt receipt = { 0 };
	struct error err = { 0 };

	(void)segments;
	if (!web_json_or_refuse(request, answer))
		return;
	/* A store, which whoever has a token came through, brings its catalogue along. */
	book.catalogue = market->catalogue;
	book.exchange = market->book->exchange;
	book.now = ((int64_t)date_from_unix(request->now) + 1) * SECONDS_PER_DAY - 1;
	if (!read_quotes(request, &book, &err)) {
		if (err.code != ERROR_LIMIT)
			err.code = ERROR_INVALID;
		web_refuse_error(answer, request, &err);
		return;
	}
	if (!are_quotes(&book, request, answer) || !may_bring(&book, request, answer))
		return;
	if (!keep(web, request, &book, &receipt, &err)) {
		web_refuse_error(answer, request, &err);
		return;
	}
	web_put_receipt(answer, STORE_QUOTES, &receipt);
	if (receipt.taken > 0)
		web_renew(web);
}

const struct web_route web_price_push_routes[] = {
	{ WEB_POST, "/api/v1/prices", ACCESS_PUSH | ACCESS_PRICES, "pushPrices", bring,
	  PRICES_MAXIMUM },
	{ 0 },
};
