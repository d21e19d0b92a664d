/* What stands behind the market page: the curve of a key, and the quotes behind one of its points.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "market/eligible.h"
#include "market/level.h"
#include "report/html.h"
#include "web/market.h"
#include "web/pages.h"

enum {
	SECONDS_PER_DAY = 86400,
	QUOTES_SHOWN = 500, /* of those that count; the rest is only counted */
};

/* One point of one key. */
struct point {
	const struct served_market *market;
	const char *name, *day_text;
	const struct trend_key *key;
	const struct index_value *value;
	struct selection selection;
	struct eligible eligible;
	struct votes votes;
};

/* ---- finding it ---- */

static const struct trend_key *find_key(const struct served_market *market, const char *name,
					struct arena *arena)
{
	for (size_t i = 0; market && name && i < market->trend.count; i++)
		if (strcmp(site_key_name(&market->trend, &market->trend.keys[i].key, arena),
			   name) == 0)
			return &market->trend.keys[i];
	return NULL;
}

static bool no_key(const struct web_request *request, const char *name, struct web_answer *answer)
{
	web_refuse(answer, request, 404, "market.json lists the keys that there are",
		   "no price of the key '%.80s' is known here", name ? name : "");
	return false;
}

static bool find_point(const struct web_request *request, struct point *point,
		       struct web_answer *answer)
{
	date_t day = DATE_NONE;

	point->market = pages_market(request);
	if (!web_field_or_refuse(request, "key", &point->name, answer) ||
	    !web_field_or_refuse(request, "day", &point->day_text, answer))
		return false;
	point->key = find_key(point->market, point->name, request->arena);
	if (!point->key)
		return no_key(request, point->name, answer);
	if (!point->day_text || !date_parse(span_of(point->day_text), &day)) {
		web_refuse(answer, request, 400, NULL,
			   "'day' is a day of the curve, as 2026-03-02");
		return false;
	}
	for (size_t i = 0; i < point->key->value_count; i++)
		if (point->key->values[i].day == day)
			point->value = &point->key->values[i];
	if (point->value)
		return true;
	web_refuse(answer, request, 404, NULL, "the curve has no point on %.20s", point->day_text);
	return false;
}

/* The same judgement once more that made the value. */
static void judge(struct point *point, struct arena *arena)
{
	selection_make(point->market->book, &point->key->key, &point->market->filter, arena,
		       &point->selection);
	eligible_judge(&point->selection, point->value->day, point->value->window_days, arena,
		       &point->eligible);
	votes_make(&point->eligible, false, 1, arena, &point->votes);
	(void)level_of(&point->votes);
}

/* The n-th quote of the selection that counts, from `at` on; NULL at the end. */
static const struct quote *next_quote(const struct point *point, size_t *at)
{
	while (*at < point->selection.count) {
		size_t i = (*at)++;

		if (point->eligible.verdicts[i] == REFUSAL_NONE)
			return &point->market->book->quotes[point->selection.quotes[i]];
	}
	return NULL;
}

/* ---- as a page ---- */

static void add_votes(const struct site_page *page, const struct point *point)
{
	site_heading(page, "votes", "One provider, one vote");
	site_table_open(page, "prices", "What each provider's offers come to");
	text_add(page->into,
		 "<thead><tr><th scope=\"col\">Provider</th>"
		 "<th scope=\"col\" class=\"number\">USD</th>"
		 "<th scope=\"col\" class=\"number\">Weight</th>"
		 "<th scope=\"col\" class=\"number\">Quotes</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < point->votes.count; i++) {
		const struct vote *vote = &point->votes.items[i];

		html_add(page->into,
			 "<tr><th scope=\"row\">%s</th><td class=\"number\">%.2f</td>"
			 "<td class=\"number\">",
			 arena_string(page->context->arena,
				      names_text(&point->market->book->names, vote->provider)),
			 vote->usd);
		if (vote->dropped)
			text_add(page->into, "too far from the others");
		else
			html_add(page->into, "%.2f", vote->weight);
		html_add(page->into, "</td><td class=\"number\">%u</td></tr>\n", vote->quotes);
	}
	text_add(page->into, "</tbody>");
	site_table_close(page);
}

static void add_quote(const struct site_page *page, const struct book *book,
		      const struct quote *quote)
{
	struct arena *arena = page->context->arena;
	char amount[MONEY_TEXT_SIZE];

	html_add(page->into,
		 "<tr><th scope=\"row\">%s<span class=\"minor\">%s %s</span></th>"
		 "<td class=\"number\">%.2f</td><td>%s %s a %s for %s</td><td>",
		 arena_string(arena, quote_name(book, quote->provider)),
		 arena_string(arena, quote_name(book, quote->product)),
		 arena_string(arena, quote_name(book, quote->region)), quote_usd(quote),
		 nano_format(quote->price_nano, amount), currency_code(quote->currency),
		 price_unit_names[quote->unit],
		 quote->price_of == PRICE_OF_GPU ? "one GPU"
						 : arena_format(arena, "%u", quote->gpus));
	site_date(page, quote_day(quote));
	html_add(page->into, "</td><td>%s</td></tr>\n",
		 arena_string(arena, quote_name(book, quote->source)));
}

static void add_quotes(const struct site_page *page, const struct point *point)
{
	const struct quote *quote;
	size_t at = 0, shown = 0;

	site_heading(page, "quotes", "The quotes that count");
	site_table_open(page, "prices", "Quotes behind the point");
	text_add(page->into,
		 "<thead><tr><th scope=\"col\">Provider</th>"
		 "<th scope=\"col\" class=\"number\">USD</th><th scope=\"col\">As asked</th>"
		 "<th scope=\"col\">Observed</th><th scope=\"col\">Source</th></tr></thead>\n"
		 "<tbody>\n");
	while (shown < QUOTES_SHOWN && (quote = next_quote(point, &at)) != NULL) {
		add_quote(page, point->market->book, quote);
		shown++;
	}
	text_add(page->into, "</tbody>");
	site_table_close(page);
	if (next_quote(point, &at))
		html_add(page->into, "<p>These are the first %d.</p>\n", QUOTES_SHOWN);
}

static void add_refused(const struct site_page *page, const struct point *point)
{
	site_heading(page, "others", "What does not count");
	site_table_open(page, "prices", "Quotes that are left out, by reason");
	text_add(page->into,
		 "<thead><tr><th scope=\"col\">Reason</th>"
		 "<th scope=\"col\" class=\"number\">Quotes</th></tr></thead>\n<tbody>\n");
	for (unsigned i = 1; i < REFUSAL_COUNT; i++)
		if (point->eligible.counts[i] > 0)
			html_add(
				page->into,
				"<tr><th scope=\"row\">%s</th><td class=\"number\">%zu</td></tr>\n",
				refusal_reasons[i], (size_t)point->eligible.counts[i]);
	text_add(page->into, "</tbody>");
	site_table_close(page);
}

static void quotes_page(struct web *web, const struct web_request *request,
			const char *const *segments, struct web_answer *answer)
{
	struct site_context context = pages_context(request);
	const struct site_page page = { .context = &context, .into = &answer->body, .root = "../" };
	struct site_head head = {
		.title = "Quotes behind a price | assay",
		.description = "The quotes that one point of the index rests on.",
		.section = SECTION_MARKET,
	};
	struct point point = { 0 };

	(void)web;
	(void)segments;
	if (!find_point(request, &point, answer))
		return;
	judge(&point, request->arena);
	head.twin = arena_format(request->arena, "/api/v1/market/quotes?%s", request->query);
	answer->type = pages_html;
	site_open(&page, &head);
	html_add(page.into, "<h1>Quotes behind a price</h1>\n<p class=\"lead\">%s on ", point.name);
	site_date(&page, point.value->day);
	html_add(page.into, ": <b>%.2f USD</b>", point.value->usd);
	if (!isnan(point.value->interval.low))
		html_add(page.into, ", between %.2f and %.2f", point.value->interval.low,
			 point.value->interval.high);
	html_add(page.into, ". Quotes of %u days stand.</p>\n", point.value->window_days);
	add_votes(&page, &point);
	add_quotes(&page, &point);
	add_refused(&page, &point);
	site_close(&page, &head);
}

/* ---- as JSON ---- */

static void pair_interval(struct json_writer *json, const struct interval *interval)
{
	json_key(json, "low");
	json_put_number(json, interval->low);
	json_key(json, "high");
	json_put_number(json, interval->high);
}

static void put_votes(struct json_writer *json, const struct point *point)
{
	json_key(json, "votes");
	json_open_array(json);
	for (size_t i = 0; i < point->votes.count; i++) {
		const struct vote *vote = &point->votes.items[i];

		json_open_object(json);
		json_key(json, "provider");
		json_put_span(json, names_text(&point->market->book->names, vote->provider));
		json_key(json, "usd");
		json_put_number(json, vote->usd);
		json_key(json, "weight");
		json_put_number(json, vote->dropped ? 0 : vote->weight);
		json_pair_bool(json, "dropped", vote->dropped);
		json_pair_integer(json, "quotes", vote->quotes);
		json_close_object(json);
	}
	json_close_array(json);
}

static void put_name(struct json_writer *json, const char *key, const struct book *book,
		     name_t name)
{
	json_key(json, key);
	if (name == NAME_NONE)
		json_put_null(json);
	else
		json_put_span(json, quote_name(book, name));
}

static void put_quotes(struct json_writer *json, const struct point *point)
{
	const struct book *book = point->market->book;
	const struct quote *quote;
	size_t at = 0;

	json_key(json, "quotes");
	json_open_array(json);
	for (size_t given = 0; given < QUOTES_SHOWN && (quote = next_quote(point, &at)) != NULL;
	     given++) {
		char time[TIME_TEXT_SIZE];

		json_open_object(json);
		put_name(json, "provider", book, quote->provider);
		put_name(json, "product", book, quote->product);
		put_name(json, "region", book, quote->region);
		json_key(json, "usd");
		json_put_number(json, quote_usd(quote));
		json_pair_string(json, "observed", time_format(quote->observed, time));
		put_name(json, "source", book, quote->source);
		json_close_object(json);
	}
	json_close_array(json);
}

static void put_refused(struct json_writer *json, const struct point *point)
{
	json_key(json, "left_out");
	json_open_object(json);
	for (unsigned i = 1; i < REFUSAL_COUNT; i++)
		if (point->eligible.counts[i] > 0)
			json_pair_integer(json, refusal_names[i],
					  (int64_t)point->eligible.counts[i]);
	json_close_object(json);
}

static void quotes(struct web *web, const struct web_request *request, const char *const *segments,
		   struct web_answer *answer)
{
	struct json_writer json = { .into = &answer->body };
	struct point point = { 0 };

	(void)web;
	(void)segments;
	if (!find_point(request, &point, answer))
		return;
	judge(&point, request->arena);
	json_open_object(&json);
	json_pair_string(&json, "schema", "assay/point-quotes/v1");
	json_pair_string(&json, "key", point.name);
	json_pair_string(&json, "day", point.day_text);
	json_key(&json, "usd");
	json_put_number(&json, point.value->usd);
	pair_interval(&json, &point.value->interval);
	json_pair_integer(&json, "window_days", point.value->window_days);
	json_pair_integer(&json, "counted", (int64_t)point.eligible.counts[REFUSAL_NONE]);
	put_votes(&json, &point);
	put_quotes(&json, &point);
	put_refused(&json, &point);
	json_close_object(&json);
	text_add_char(&answer->body, '\n');
}

/* ---- the curve ---- */

static void put_numbers(struct json_writer *json, const char *key, const struct price_point *points,
			size_t count, size_t place)
{
	json_key(json, key);
	json_open_array(json);
	for (size_t i = 0; i < count; i++) {
		double value;

		memcpy(&value, (const char *)&points[i] + place, sizeof(value));
		json_put_number(json, value);
	}
	json_close_array(json);
}

static void curve(struct web *web, const struct web_request *request, const char *const *segments,
		  struct web_answer *answer)
{
	struct json_writer json = { .into = &answer->body };
	const struct served_market *market = pages_market(request);
	const struct trend_key *key;
	const struct price_point *points;
	const char *name;
	size_t count = 0;

	(void)web;
	(void)segments;
	if (!web_field_or_refuse(request, "key", &name, answer))
		return;
	key = find_key(market, name, request->arena);
	if (!key) {
		(void)no_key(request, name, answer);
		return;
	}
	points = site_trend_points(key, request->arena, &count);
	json_open_object(&json);
	json_pair_string(&json, "schema", "assay/curve/v1");
	json_key(&json, "x");
	json_open_object(&json);
	json_pair_string(&json, "unit", "s");
	json_key(&json, "values");
	json_open_array(&json);
	for (size_t i = 0; i < count; i++)
		json_put_integer(&json, (int64_t)points[i].day * SECONDS_PER_DAY);
	json_close_array(&json);
	json_close_object(&json);
	json_key(&json, "lines");
	json_open_array(&json);
	json_open_object(&json);
	json_pair_string(&json, "name", name);
	json_pair_string(&json, "unit", "USD");
	put_numbers(&json, "values", points, count, offsetof(struct price_point, value));
	json_close_object(&json);
	json_close_array(&json);
	json_key(&json, "band");
	json_open_object(&json);
	json_pair_string(&json, "name", "90% interval");
	put_numbers(&json, "low", points, count, offsetof(struct price_point, low));
	put_numbers(&json, "high", points, count, offsetof(struct price_point, high));
	json_close_object(&json);
	json_close_object(&json);
	text_add_char(&answer->body, '\n');
}

const struct web_route web_market_routes[] = {
	{ WEB_GET, "/api/v1/market/quotes", ACCESS_PUBLIC, "marketQuotes", quotes, 0 },
	{ WEB_GET, "/market/quotes", ACCESS_PUBLIC, "marketQuotesPage", quotes_page, 0 },
	{ WEB_GET, "/market/curve.json", ACCESS_PUBLIC, "marketCurve", curve, 0 },
	{ 0 },
};
