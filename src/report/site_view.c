/* The league table as a visitor asked for it: his choice, his order, his weights. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "report/html.h"
#include "report/phrase.h"
#include "report/site_page.h"
#include "report/site_served.h"

static void add_option(struct text *into, const char *value, const char *shown, bool chosen)
{
	html_add(into, "<option value=\"%s\"%s>%s</option>", value, chosen ? " selected" : "",
		 shown);
}

struct choice {
	const char *name, *label, *any;
	const char *const *values;
	uint32_t count;
	const char *chosen; /* NULL: any */
};

static void add_choice(struct text *into, const struct choice *choice)
{
	bool is_there = !choice->chosen;

	html_add(into, "<p><label for=\"%s\">%s</label> <select id=\"%s\" name=\"%s\">",
		 choice->name, choice->label, choice->name, choice->name);
	add_option(into, "", choice->any, !choice->chosen);
	for (uint32_t i = 0; i < choice->count; i++) {
		bool chosen = choice->chosen && strcmp(choice->chosen, choice->values[i]) == 0;

		add_option(into, choice->values[i], choice->values[i], chosen);
		is_there |= chosen;
	}
	/* What was asked for stays visible, though nobody has it. */
	if (!is_there)
		add_option(into, choice->chosen, choice->chosen, true);
	text_add(into, "</select></p>\n");
}

static void add_order(struct text *into, const struct league_view *view)
{
	static const char *const labels[] = {
		[LEAGUE_BY_RANK] = "rank",   [LEAGUE_BY_SCORE] = "score",
		[LEAGUE_BY_NAME] = "name",   [LEAGUE_BY_KNOWN] = "how much is known",
		[LEAGUE_BY_PRICE] = "price",
	};

	static_assert(sizeof(labels) / sizeof(labels[0]) == LEAGUE_ORDER_COUNT, "one for each");
	text_add(into, "<p><label for=\"order\">Order by</label> "
		       "<select id=\"order\" name=\"order\" data-standard=\"rank\">");
	for (unsigned i = 0; i < LEAGUE_ORDER_COUNT; i++)
		add_option(into, league_order_names[i], labels[i], i == view->order);
	text_add(into, "</select></p>\n");
}

/* What is asked of a provider: all of the standard, or what concerns one use. */
static void add_profiles(const struct site_page *page, const struct league_view *view)
{
	const struct standard *standard = page->context->standard;

	text_add(page->into, "<p><label for=\"profile\">Rated for</label> "
			     "<select id=\"profile\" name=\"profile\">");
	add_option(page->into, "", "as on the other pages", view->profile < 0);
	for (uint32_t i = 0; i < standard->profile_count; i++)
		add_option(page->into, standard->profiles[i].id, standard->profiles[i].title,
			   view->profile == (int32_t)i);
	text_add(page->into, "</select></p>\n");
}

static void add_weights(const struct site_page *page, const struct league_view *view)
{
	const struct standard *standard = page->context->standard;

	html_add(page->into,
		 "<details%s><summary>Weights of your own</summary>\n"
		 "<p>How much each category counts to you, 0 to %d. Grades and gates stay as they "
		 "are; only the score and the order become yours.</p>\n<div class=\"weights\">\n",
		 view->is_weighed ? " open" : "", LEAGUE_WEIGHT_MAXIMUM);
	for (uint32_t i = 0; i < standard->category_count; i++)
		html_add(page->into,
			 "<p><label for=\"w.%s\">%s</label> <input id=\"w.%s\" name=\"w.%s\" "
			 "data-standard=\"%u\" type=\"number\" min=\"0\" max=\"%d\" step=\"1\" "
			 "value=\"%u\"></p>\n",
			 standard->categories[i].id, standard->categories[i].title,
			 standard->categories[i].id, standard->categories[i].id,
			 standard->categories[i].weight, LEAGUE_WEIGHT_MAXIMUM, view->weights[i]);
	text_add(page->into, "</div></details>\n");
}

void site_view_form(const struct site_page *page, const struct league_view *view,
		    const struct league_rows *rows)
{
	const struct choice choices[] = {
		{ "gpu", "GPU", "any", rows->gpus, rows->gpu_count, view->gpu },
		{ "region", "Region", "any", rows->regions, rows->region_count, view->region },
		{ "rental", "Rental", "any", rows->rentals, rows->rental_count, view->rental },
	};
	char price[32] = "";

	if (!isnan(view->price_maximum))
		(void)number_format(view->price_maximum, price);
	if (view->complaint)
		html_add(page->into, "<p class=\"verdict\" role=\"alert\">%s</p>\n",
			 site_sentence(view->complaint, page->context->arena));
	html_add(page->into,
		 "<form class=\"choose\" method=\"get\" action=\"%sview\" "
		 "aria-label=\"Choose and order providers\">\n",
		 page->root);
	add_profiles(page, view);
	for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++)
		add_choice(page->into, &choices[i]);
	html_add(
		page->into,
		"<p><label for=\"price\">At most, USD per GPU-hour</label> <input id=\"price\" "
		"name=\"price\" type=\"text\" inputmode=\"decimal\" size=\"6\" value=\"%s\"></p>\n",
		view->price_asked ? view->price_asked : price);
	add_order(page->into, view);
	add_weights(page, view);
	html_add(page->into,
		 "<p><button type=\"submit\">Show</button> <a href=\"%sview\">Start over</a></p>\n"
		 "</form>\n",
		 page->root);
}

static void add_row(const struct site_page *page, const struct league_view *view,
		    const struct league_row *row)
{
	const struct provider *provider = row->explanation->provider;
	const struct unit *unit = row->explanation->unit;
	struct arena *arena = page->context->arena;

	html_add(page->into,
		 "<tr><td class=\"rank\"><b>%s</b></td><th scope=\"row\" class=\"name\">",
		 provider->rank > 0 ? arena_format(arena, "%u", provider->rank) : "–");
	site_provider_link(page, provider->name);
	text_add(page->into, " ");
	site_grade(page, unit->rated, unit->grade, "");
	if (unit->rated && page->context->rating->request.draws > 0 && view->profile < 0)
		html_add(page->into, " <span class=\"minor\">%s likely</span>",
			 percent_text(provider->probability[unit->grade], arena));
	html_add(page->into, "</th><td class=\"number\">%.1f <span class=\"minor\">%s</span></td>",
		 unit->overall * 100, interval_text(unit->low, unit->high, arena));
	if (view->is_weighed)
		html_add(page->into,
			 "<td class=\"number yours\"><b>%.1f</b> <span "
			 "class=\"minor\">%s</span></td>",
			 row->overall * 100,
			 row->place > 0 ? arena_format(arena, "place %u", row->place)
					: "not rated");
	html_add(page->into, "<td class=\"number\">%s</td>", percent_text(unit->coverage, arena));
	if (row->price)
		html_add(page->into,
			 "<td class=\"number\">%.2f <span class=\"minor\">%s</span></td><td>",
			 row->price->usd, row->price->gpu);
	else
		text_add(page->into, "<td class=\"number\">–</td><td>");
	if (row->price && row->price->dominated_by)
		site_provider_link(page, row->price->dominated_by->provider->name);
	else
		text_add(page->into, row->price && unit->rated ? "nobody" : "–");
	text_add(page->into, "</td></tr>\n");
}

static void add_rows(const struct site_page *page, const struct league_view *view,
		     const struct league_rows *rows)
{
	if (rows->count == 0) {
		html_add(page->into,
			 "<p>No provider fits. Of many it is not known which GPUs and regions they "
			 "have, nor what they ask: "
			 "ask for less, or <a href=\"%sview\">start over</a>.</p>\n",
			 page->root);
		return;
	}
	site_table_open(page, "view", "Providers as asked for");
	text_add(page->into, "<thead><tr><th scope=\"col\">Rank</th><th scope=\"col\">Provider</th>"
			     "<th scope=\"col\" class=\"number\">Score, and what is "
			     "possible</th>");
	if (view->is_weighed)
		text_add(page->into, "<th scope=\"col\" class=\"number\">By your weights</th>");
	html_add(page->into,
		 "<th scope=\"col\" class=\"number\">Known</th>"
		 "<th scope=\"col\" class=\"number\">USD per GPU-hour, %s</th>"
		 "<th scope=\"col\">Beaten by</th></tr></thead>\n<tbody>\n",
		 view->rental ? view->rental : "on-demand");
	for (uint32_t i = 0; i < rows->count; i++)
		add_row(page, view, &rows->items[i]);
	text_add(page->into, "</tbody>");
	site_table_close(page);
}

static void add_lead(const struct site_page *page, const struct league_view *view)
{
	SCOPED_TEXT(query);

	text_add(page->into, "<h1>Your view of the league table</h1>\n");
	if (!view->is_weighed) {
		text_add(page->into,
			 "<p class=\"lead\">Grades, scores and ranks are those of the "
			 "published rule; only the choice and the order are yours.</p>\n");
		return;
	}
	league_view_write(page->context->standard, view, &query);
	html_add(page->into,
		 "<p class=\"lead mine\"><strong>The weights are yours, not the "
		 "standard's.</strong> "
		 "Grades and ranks are those of the published rule; the column by your weights and "
		 "the order are not assay's judgement. <a href=\"%sview?%s\">Link to this "
		 "view</a></p>\n",
		 page->root, text_string(&query));
}

void site_view(const struct site_page *page, const struct league_view *view)
{
	const struct site_context *context = page->context;
	struct league_rows rows;
	SCOPED_TEXT(query);

	league_view_write(context->standard, view, &query);

	const struct site_head head = {
		.title = "Your view of the league table | assay",
		.description = "GPU cloud providers chosen, ordered and weighed by the visitor.",
		.section = SECTION_RATINGS,
		.twin = arena_format(context->arena, "%sview.json%s%s", page->root,
				     query.length > 0 ? "?" : "", text_string(&query)),
	};

	league_rows_of(context->rating, context->explanations, view, context->arena, &rows);
	site_open(page, &head);
	add_lead(page, view);
	if (view->profile >= 0)
		html_add(
			page->into,
			"<p class=\"mine\">Rated for: <b>%s</b>. Only the criteria that concern it "
			"are asked, so grades and ranks are others than on the other pages; how "
			"likely each is, is not drawn here.</p>\n",
			context->standard->profiles[view->profile].title);
	site_view_form(page, view, &rows);
	html_add(page->into, "<p role=\"status\">%u of %u providers</p>\n", rows.count,
		 context->rating->provider_count);
	add_rows(page, view, &rows);
	site_close(page, &head);
}
