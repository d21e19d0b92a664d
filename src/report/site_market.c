/* The market: what each provider asks, beside its grade. */
#include <math.h>
#include <string.h>

#include "rating/price.h"
#include "report/chart.h"
#include "report/chart_price.h"
#include "report/html.h"
#include "report/phrase.h"
#include "report/site_market.h"
#include "report/site_page.h"

enum {
	DRAWN_LEAST = 3, /* offers of a kind that are worth a picture */
};

static bool same_kind(const struct offered_price *a, const struct offered_price *b)
{
	return strcmp(a->gpu, b->gpu) == 0 && strcmp(a->rental, b->rental) == 0;
}

static void draw_kind(const struct site_page *page, const struct offered_price *first,
		      uint32_t count)
{
	struct arena *arena = page->context->arena;
	struct price_offer *offers = ARENA_ARRAY(arena, struct price_offer, count);

	for (uint32_t i = 0; i < count; i++) {
		const struct unit *unit = provider_unit(first[i].provider);

		offers[i] = (struct price_offer){
			.name = first[i].provider->name,
			.class = unit->rated ? grade_class(unit->grade) : "unrated",
			.usd = first[i].usd,
			.score = unit->rated ? unit->overall * 100 : (double)NAN,
			.dominated = first[i].dominated_by != NULL,
		};
	}
	chart_price_grade(
		page->into,
		arena_format(arena, "Score and price of %s, %s", first->gpu, first->rental), offers,
		count);
}

static void add_price(const struct site_page *page, const struct offered_price *one)
{
	const struct unit *unit = provider_unit(one->provider);

	text_add(page->into, "<tr><th scope=\"row\">");
	site_provider_link(page, one->provider->name);
	text_add(page->into, "</th><td>");
	site_grade(page, unit->rated, unit->grade, "");
	html_add(page->into, "</td><td class=\"number\">%.2f</td><td>", one->usd);
	site_date(page, one->record->observed);
	text_add(page->into, "</td><td>");
	if (one->dominated_by)
		site_provider_link(page, one->dominated_by->provider->name);
	else
		text_add(page->into, unit->rated ? "nobody" : "not rated");
	text_add(page->into, "</td></tr>\n");
}

static void add_kind(const struct site_page *page, const struct offered_price *first,
		     uint32_t count)
{
	struct arena *arena = page->context->arena;

	html_add(page->into, "<h3 id=\"%s-%s\">%s, %s</h3>\n", first->gpu, first->rental,
		 first->gpu, first->rental);
	if (count >= DRAWN_LEAST)
		draw_kind(page, first, count);
	site_table_open(
		page, "prices",
		arena_format(arena, "USD for an hour of one %s, %s", first->gpu, first->rental));
	text_add(page->into,
		 "<thead><tr><th scope=\"col\">Provider</th><th scope=\"col\">Grade</th>"
		 "<th scope=\"col\" class=\"number\">USD</th>"
		 "<th scope=\"col\">Seen</th><th scope=\"col\">Beaten by</th></tr></thead>"
		 "\n<tbody>\n");
	for (uint32_t i = 0; i < count; i++)
		add_price(page, &first[i]);
	text_add(page->into, "</tbody>");
	site_table_close(page);
}

static void add_prices(const struct site_page *page)
{
	struct price_list list;

	prices_of(page->context->rating, page->context->rating->request.listed,
		  page->context->arena, &list);
	site_heading(page, "grade", "Price beside grade");
	if (list.count == 0) {
		text_add(page->into, "<p>No price of a rated provider is known on this day.");
		if (!page->context->market || !page->context->market->trend)
			text_add(page->into, " <code>assay market evidence</code> makes records of "
					     "price lists.");
		text_add(page->into, "</p>\n");
		return;
	}
	text_add(page->into,
		 "<p>A provider is beaten when another rated one holds no worse a grade and asks "
		 "no more for the same GPU and rental. Prices are shown here and enter no "
		 "score.</p>\n");
	for (uint32_t first = 0; first < list.count;) {
		uint32_t count = 1;

		while (first + count < list.count &&
		       same_kind(&list.items[first], &list.items[first + count]))
			count++;
		add_kind(page, &list.items[first], count);
		first += count;
	}
}

void site_market(const struct site_page *page)
{
	const struct site_head head = {
		.title = "Prices of GPU clouds | assay",
		.description = "What an hour of a GPU costs at each cloud, beside its grade.",
		.section = SECTION_MARKET,
		.twin = "market.json",
	};

	site_open(page, &head);
	text_add(page->into, "<h1>What an hour costs</h1>\n"
			     "<p class=\"lead\">Asked prices, with their day and source, beside "
			     "what each cloud is known to do.</p>\n");
	add_prices(page);
	if (page->context->market) {
		site_rentals(page);
		site_trends(page);
		site_effective(page);
		site_models(page);
	}
	site_close(page, &head);
}
