/* Prices as they were taken in: as a list for programs and as a page. */
#include "report/html.h"
#include "web/listing.h"
#include "web/pages.h"

enum {
	SECONDS_PER_DAY = 86400,
	SHOWN = 100,
};

/* What of the store's prices is asked for. A fault is what of it cannot be. */
struct asked {
	const char *provider, *key, *as_of, *known_at; /* as they were written; NULL: not */
	struct store_query query;
	struct error fault;
};

/* A time, or a day, which means its last second; 0 without. */
static bool read_moment(const char *word, const char *name, int64_t *ret_moment, struct error *err)
{
	date_t day = DATE_NONE;

	*ret_moment = 0;
	if (!word || word[0] == '\0' || time_parse(span_of(word), ret_moment))
		return true;
	if (!date_parse(span_of(word), &day))
		return fail(err, ERROR_INVALID,
			    "'%s' is a day as 2026-03-02, or a time as 2026-03-02T10:00:00Z", name);
	*ret_moment = ((int64_t)day + 1) * SECONDS_PER_DAY - 1;
	return true;
}

/* An empty field asks nothing. */
static bool read_field(const struct web_request *request, const char *name, const char **ret_value,
		       struct error *err)
{
	if (!web_field(request, name, ret_value, err))
		return false;
	if (*ret_value && (*ret_value)[0] == '\0')
		*ret_value = NULL;
	return true;
}

/* Fills in what can be read; false with the fault when not all could. */
static bool read_asked(const struct web_request *request, struct asked *asked)
{
	struct error *err = &asked->fault;

	*asked = (struct asked){ .query = { .stream = STORE_QUOTES } };
	if (read_field(request, "provider", &asked->provider, err) &&
	    read_field(request, "key", &asked->key, err) &&
	    read_field(request, "as_of", &asked->as_of, err) &&
	    read_field(request, "known_at", &asked->known_at, err) &&
	    read_moment(asked->as_of, "as_of", &asked->query.until, err) &&
	    read_moment(asked->known_at, "known_at", &asked->query.known_until, err)) {
		asked->query.subject = asked->provider;
		asked->query.what = asked->key;
		return true;
	}
	asked->fault.code = ERROR_INVALID;
	return false;
}

/* ---- the list ---- */

static void write_price(struct text *into, const struct store_found *found)
{
	struct json_writer json = { .into = into };
	char taken[TIME_TEXT_SIZE];

	json_open_object(&json);
	json_pair_string(&json, "id", found->entry.id);
	json_pair_string(&json, "key", found->entry.what);
	json_key(&json, "usd_per_gpu_hour");
	json_put_number(&json, found->entry.value);
	json_pair_string(&json, "party", found->party);
	json_pair_string(&json, "taken", time_format(found->taken, taken));
	json_key(&json, "quote");
	json_put_document(&json, found->entry.line);
	json_close_object(&json);
}

static void prices(struct web *web, const struct web_request *request, const char *const *segments,
		   struct web_answer *answer)
{
	struct error err = { 0 };
	struct listing listing;
	struct asked asked;

	(void)segments;
	if (!read_asked(request, &asked)) {
		web_refuse_error(answer, request, &asked.fault);
		return;
	}
	if (!listing_open(&listing, request, answer, "assay/price-page/v1", "quotes"))
		return;
	if (web_has_store(web) &&
	    !listing_add_stored(&listing, web, &asked.query, write_price, &err)) {
		web_refuse_error(answer, request, &err);
		return;
	}
	listing_close(&listing, (const char *const[][2]){ { "provider", asked.provider },
							  { "key", asked.key },
							  { "as_of", asked.as_of },
							  { "known_at", asked.known_at },
							  { NULL, NULL } });
}

/* ---- the page ---- */

static void add_input(struct text *into, const char *name, const char *label, const char *value)
{
	html_add(into,
		 "<p><label for=\"%s\">%s</label> <input id=\"%s\" name=\"%s\" value=\"%s\"></p>\n",
		 name, label, name, name, value ? value : "");
}

static void add_form(const struct site_page *page, const struct asked *asked)
{
	text_add(page->into, "<form class=\"choose\" action=\"prices\" method=\"get\" "
			     "aria-label=\"Which prices\">\n");
	add_input(page->into, "provider", "Provider", asked->provider);
	add_input(page->into, "key", "Key, as h100/80gb/sxm/on-demand/all-tiers", asked->key);
	add_input(page->into, "as_of", "Observed by (day)", asked->as_of);
	add_input(page->into, "known_at", "Known here by (day)", asked->known_at);
	text_add(page->into, "<p><button>Show</button></p>\n</form>\n");
}

/* One value of the line's own fields; "" without. */
static const char *field_of(const struct node *root, const char *name, struct arena *arena)
{
	const struct node *node = root && root->kind == NODE_MAP ? node_find(root, name) : NULL;

	return node && node->kind == NODE_SCALAR ? arena_string(arena, node->text) : "";
}

static void add_row(const struct site_page *page, const struct store_found *found)
{
	struct arena *arena = page->context->arena;
	const struct node *root = NULL;
	char time[TIME_TEXT_SIZE];
	SCOPED_ARENA(scratch);

	(void)json_read(found->entry.line, "the store", 0, &scratch, &root, NULL);
	html_add(page->into,
		 "<tr><th scope=\"row\">%s<span class=\"minor\">%s %s</span></th><td>%s</td>"
		 "<td class=\"number\">%.2f</td><td>%s %s a %s for %s</td>",
		 field_of(root, "provider", arena), field_of(root, "product", arena),
		 field_of(root, "region", arena), found->entry.what, found->entry.value,
		 field_of(root, "price", arena), field_of(root, "currency", arena),
		 field_of(root, "unit", arena),
		 span_is(span_of(field_of(root, "per", arena)), "gpu") ? "one GPU" : "the offer");
	text_add(page->into, "<td>");
	site_date(page, date_from_unix(found->entry.time));
	html_add(page->into,
		 "</td><td>%s<span class=\"minor\">taken in %s, by %s</span></td></tr>\n",
		 field_of(root, "source", arena), time_format(found->taken, time), found->party);
}

/* Each entry as a row, the newest first; false when the store fails. */
static bool add_rows(struct web *web, const struct site_page *page, struct store_query *query,
		     size_t *ret_count, struct error *err)
{
	struct store *store = web_store_take(web, SQL_READ, err);
	struct store_cursor *cursor = NULL;
	struct store_found found;
	bool more = true, good;

	if (!store)
		return false;
	query->newest_first = true;
	query->limit = SHOWN;
	good = store_find(store, query, &cursor, err);
	while (good && (good = store_next(cursor, &found, &more, err)) && more) {
		add_row(page, &found);
		(*ret_count)++;
	}
	store_cursor_close(cursor);
	web_store_end(web, SQL_READ, store, err);
	return good;
}

static const char *twin_of(const struct web_request *request)
{
	return arena_format(request->arena, "/api/v1/prices%s%s", request->query[0] ? "?" : "",
			    request->query);
}

static void add_table(const struct site_page *page, const struct text *rows, size_t count)
{
	if (count == 0) {
		text_add(page->into, "<p>No such price was taken in.</p>\n");
		return;
	}
	site_table_open(page, "prices", "Prices as they were taken in, the newest first");
	text_add(page->into, "<thead><tr><th scope=\"col\">Provider</th><th scope=\"col\">Key</th>"
			     "<th scope=\"col\" class=\"number\">USD a GPU-hour</th>"
			     "<th scope=\"col\">As asked</th><th scope=\"col\">Observed</th>"
			     "<th scope=\"col\">Source</th></tr></thead>\n<tbody>\n");
	text_add_span(page->into, text_span(rows));
	text_add(page->into, "</tbody>");
	site_table_close(page);
	if (count == SHOWN)
		html_add(page->into, "<p>These are the newest %d; the JSON has all.</p>\n", SHOWN);
}

static void prices_page(struct web *web, const struct web_request *request,
			const char *const *segments, struct web_answer *answer)
{
	struct site_context context = pages_context(request);
	const struct site_page page = { .context = &context, .into = &answer->body, .root = "" };
	const struct site_head head = {
		.title = "Prices as they were taken in | assay",
		.description = "Quotes of GPU clouds with their source and day.",
		.section = SECTION_MARKET,
		.twin = twin_of(request),
	};
	struct error err = { 0 };
	struct asked asked;
	SCOPED_TEXT(rows);
	const struct site_page table = { .context = &context, .into = &rows, .root = "" };
	size_t count = 0;

	(void)segments;
	if (!read_asked(request, &asked) && !request->wants_html) {
		web_refuse_error(answer, request, &asked.fault);
		return;
	}
	if (asked.fault.code == ERROR_NONE && web_has_store(web) &&
	    !add_rows(web, &table, &asked.query, &count, &err)) {
		web_refuse_error(answer, request, &err);
		return;
	}
	answer->type = pages_html;
	site_open(&page, &head);
	text_add(page.into, "<h1>Prices as they were taken in</h1>\n"
			    "<p class=\"lead\">Each quote with who says so, when it was seen and "
			    "when it came in here.</p>\n");
	if (asked.fault.code != ERROR_NONE) {
		html_add(page.into, "<p class=\"verdict\" role=\"alert\">%s.</p>\n",
			 asked.fault.text);
		answer->status = 400;
	}
	add_form(&page, &asked);
	if (asked.fault.code == ERROR_NONE)
		add_table(&page, &rows, count);
	site_close(&page, &head);
}

const struct web_route web_price_routes[] = {
	{ WEB_GET, "/api/v1/prices", ACCESS_PUBLIC, "prices", prices, 0 },
	{ WEB_GET, "/prices", ACCESS_PUBLIC, "pricesPage", prices_page, 0 },
	{ 0 },
};
