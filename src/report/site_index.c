/* The first page: who has which grade, how sure that is, and what would change it. */
#include <math.h>

#include "report/chart.h"
#include "report/html.h"
#include "report/phrase.h"
#include "report/site_page.h"
#include "report/site_served.h"

enum {
	GAPS_SHOWN = 12,
};

static uint32_t count_rated(const struct rating *rating)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < rating->provider_count; i++)
		count += provider_unit(&rating->providers[i])->rated;
	return count;
}

static void add_figure(const struct site_page *page, const char *value, const char *name)
{
	html_add(page->into, "<div><dt>%s</dt><dd>%s</dd></div>\n", name, value);
}

static void add_lead(const struct site_page *page)
{
	const struct site_context *context = page->context;
	const struct rating *rating = context->rating;
	const struct standard *standard = context->standard;
	struct arena *arena = context->arena;
	int32_t profile = rating->request.profile;
	uint32_t rated = count_rated(rating);

	text_add(page->into,
		 "<h1>GPU clouds, rated from evidence</h1>\n"
		 "<p class=\"lead\">What each cloud is known to do, judged by one published rule. "
		 "What is not known widens the interval of a score; it is never read as good.</p>\n"
		 "<dl class=\"figures\">\n");
	add_figure(page,
		   rated == rating->provider_count
			   ? arena_format(arena, "%u", rated)
			   : arena_format(arena, "%u of %u", rated, rating->provider_count),
		   "Providers rated");
	add_figure(page, arena_format(arena, "%u", standard->criterion_count), "Criteria");
	add_figure(page,
		   arena_format(
			   arena, "%zu",
			   evidence_set_observed(rating->request.evidence, rating->request.as_of)),
		   "Records of evidence");
	if (rating->market_coverage >= 0)
		add_figure(page, percent_text(rating->market_coverage, arena),
			   "Known GPUs covered");
	text_add(page->into, "<div><dt>As of</dt><dd>");
	site_date(page, rating->request.as_of);
	html_add(page->into, "</dd></div>\n<div><dt>For</dt><dd>%s</dd></div>\n</dl>\n",
		 profile < 0 ? "all work" : standard->profiles[profile].id);
}

/* ---- league table ---- */

static void add_rank(const struct site_page *page, const struct provider *provider)
{
	if (provider->rank == 0) {
		text_add(page->into, "<td class=\"rank\">–</td>");
		return;
	}
	html_add(page->into, "<td class=\"rank\"><b>%u</b>", provider->rank);
	if (provider->rank_low < provider->rank_high)
		html_add(page->into,
			 "<span class=\"minor\" title=\"in 80%% of the draws\">%u–%u</span>",
			 provider->rank_low, provider->rank_high);
	text_add(page->into, "</td>");
}

static void add_likelihood(const struct site_page *page, const struct explanation *explanation)
{
	const struct provider *provider = explanation->provider;
	const struct unit *unit = explanation->unit;

	text_add(page->into, "<td class=\"chance\">");
	if (unit->rated && page->context->rating->request.draws > 0) {
		chart_likelihood(page->into, "strip", provider->probability);
		html_add(page->into, "<span class=\"minor\">%s %s</span>",
			 percent_text(provider->probability[unit->grade], page->context->arena),
			 grade_names[unit->grade]);
	}
	text_add(page->into, "</td>");
}

static void add_league_row(const struct site_page *page, const struct explanation *explanation)
{
	const struct unit *unit = explanation->unit;
	struct arena *arena = page->context->arena;
	const char *announced = announced_text(explanation, arena);

	text_add(page->into, "<tr>");
	add_rank(page, explanation->provider);
	text_add(page->into, "<th scope=\"row\" class=\"name\">");
	site_provider_link(page, explanation->provider->name);
	site_grade(page, unit->rated, unit->grade, "");
	text_add(page->into, "</th>");
	add_likelihood(page, explanation);
	html_add(page->into,
		 "<td class=\"number overall\">%.1f</td>"
		 "<td class=\"range\">",
		 unit->overall * 100);
	chart_score(page->into, page->context->standard, unit);
	html_add(page->into,
		 "</td><td class=\"number known\">%s</td>"
		 "<td class=\"why\"><p>%s</p>",
		 percent_text(unit->coverage, arena),
		 site_sentence(why_text(explanation, arena), arena));
	html_add(page->into, "<p class=\"next\">%s</p>",
		 site_sentence(next_text(explanation, arena), arena));
	if (announced[0] != '\0')
		html_add(page->into, "<p class=\"next\">%s</p>", site_sentence(announced, arena));
	text_add(page->into, "</td></tr>\n");
}

static void add_band(const struct site_page *page, bool rated, enum grade grade)
{
	text_add(page->into, "<tbody>\n<tr class=\"band\"><th colspan=\"7\" scope=\"rowgroup\">");
	site_grade(page, rated, grade, "");
	html_add(page->into, "<span>%s</span></th></tr>\n",
		 rated ? page->context->standard->bars[grade].promise
		       : "so little is known that any grade would be invented");
}

/* The rows of one grade, or of those without. */
static void add_group(const struct site_page *page, bool rated, enum grade grade)
{
	const struct site_context *context = page->context;
	uint32_t found = 0;

	for (uint32_t i = 0; i < context->rating->provider_count; i++) {
		const struct explanation *one = &context->explanations[i];

		if (one->unit->rated != rated || (rated && one->unit->grade != grade))
			continue;
		if (found++ == 0)
			add_band(page, rated, grade);
		add_league_row(page, one);
	}
	if (found == 0 && rated) {
		add_band(page, rated, grade);
		text_add(page->into,
			 "<tr class=\"none\"><td colspan=\"7\">No provider.</td></tr>\n");
		found++;
	}
	text_add(page->into, found > 0 ? "</tbody>\n" : "");
}

/* The form for a view of one's own, before any was asked for. */
static void add_choice(const struct site_page *page)
{
	const struct site_context *context = page->context;
	struct league_view view;
	struct league_rows rows;

	league_view_init(context->standard, &view);
	league_rows_of(context->rating, context->explanations, &view, context->arena, &rows);
	site_view_form(page, &view, &rows);
}

static void add_league(const struct site_page *page)
{
	site_heading(page, "league", "League table");
	if (page->context->serves & SITE_SERVES)
		add_choice(page);
	text_add(page->into,
		 "<p class=\"key\"><span class=\"key-item\"><svg class=\"swatch\" height=\"12\" "
		 "role=\"img\"><title>dot</title><circle class=\"point\" cx=\"50%\" cy=\"6\" "
		 "r=\"4.5\"/></svg>score</span>"
		 "<span class=\"key-item\"><svg class=\"swatch\" height=\"12\" role=\"img\">"
		 "<title>broad bar</title><rect class=\"likely\" width=\"100%\" y=\"1\" "
		 "height=\"10\"/></svg>80% of the draws</span>"
		 "<span class=\"key-item\"><svg class=\"swatch\" height=\"12\" role=\"img\">"
		 "<title>thin line</title><line class=\"possible\" x1=\"0\" x2=\"100%\" y1=\"6\" "
		 "y2=\"6\"/></svg>possible, whatever the unknown turns out to be</span>"
		 "<span class=\"key-item\"><svg class=\"swatch\" height=\"12\" role=\"img\">"
		 "<title>dotted line</title><line class=\"threshold\" x1=\"50%\" x2=\"50%\" "
		 "y1=\"0\" y2=\"12\"/></svg>what Bronze, Silver, Gold and Platinum ask for of "
		 "a cloud so well known</span></p>\n");
	site_table_open(page, "league cards", "Providers by grade and score");
	text_add(page->into, "<thead><tr><th scope=\"col\">Rank</th><th scope=\"col\">Provider</th>"
			     "<th scope=\"col\">How likely</th>"
			     "<th scope=\"col\" class=\"number\">Score</th>"
			     "<th scope=\"col\">");
	chart_scale(page->into, page->context->standard, NULL);
	text_add(page->into, "</th>"
			     "<th scope=\"col\" class=\"number\">Known</th>"
			     "<th scope=\"col\">Why, and what would change it</th></tr></thead>\n");
	for (int grade = GRADE_COUNT - 1; grade >= 0; grade--)
		add_group(page, true, (enum grade)grade);
	add_group(page, false, GRADE_UNDERPERFORM);
	site_table_close(page);
}

/* ---- heat map ---- */

static void add_heat_cell(const struct site_page *page, const char *provider,
			  const struct category *category, const struct category_score *score)
{
	enum {
		SHADES = 5,
	};

	if (!score->applies) {
		text_add(page->into, "<td class=\"heat away\">–</td>");
		return;
	}
	if (!(score->coverage > 0)) {
		text_add(page->into, "<td class=\"heat unknown\" title=\"nothing known\">?</td>");
		return;
	}

	int shade = (int)(score->point * SHADES);
	html_add(page->into,
		 "<td class=\"heat shade-%d\" title=\"%s, %s: %.0f of 100, %s of the weight is "
		 "settled\">%.0f",
		 shade < SHADES ? shade : SHADES - 1, provider, category->title, score->point * 100,
		 percent_text(score->coverage, page->context->arena), score->point * 100);
	html_add(page->into, "<span class=\"minor\">%s</span></td>",
		 percent_text(score->coverage, page->context->arena));
}

static void add_heat_row(const struct site_page *page, const struct explanation *explanation)
{
	const struct standard *standard = page->context->standard;
	const struct unit *unit = explanation->unit;

	text_add(page->into, "<tr><th scope=\"row\">");
	site_provider_link(page, explanation->provider->name);
	text_add(page->into, "</th><td>");
	site_grade(page, unit->rated, unit->grade, "");
	text_add(page->into, "</td>");
	for (uint32_t i = 0; i < standard->category_count; i++)
		add_heat_cell(page, explanation->provider->name, &standard->categories[i],
			      &unit->categories[i]);
	text_add(page->into, "</tr>\n");
}

static void add_heat_map(const struct site_page *page)
{
	const struct standard *standard = page->context->standard;

	site_heading(page, "categories", "By category");
	text_add(page->into,
		 "<p>The large figure is the score from 0 to 100, the small one how much of the "
		 "category's weight evidence settles: the smaller it is, the more the score rests "
		 "on the presumption. A question mark means that nothing is known.</p>\n");
	site_table_open(page, "heatmap", "Score by provider and category");
	text_add(page->into,
		 "<thead><tr><th scope=\"col\">Provider</th><th scope=\"col\">Grade</th>");
	for (uint32_t i = 0; i < standard->category_count; i++)
		html_add(page->into,
			 "<th scope=\"col\" class=\"upright\"><a href=\"criteria.html#%s\">"
			 "<span>%s</span></a></th>",
			 standard->categories[i].id, standard->categories[i].title);
	text_add(page->into, "</tr></thead>\n<tbody>\n");
	for (uint32_t i = 0; i < page->context->rating->provider_count; i++)
		add_heat_row(page, &page->context->explanations[i]);
	text_add(page->into, "</tbody>");
	site_table_close(page);
}

/* ---- market ---- */

static void add_market(const struct site_page *page)
{
	const struct rating *rating = page->context->rating;

	site_heading(page, "market", "How much of the market this covers");
	if (rating->market_coverage < 0) {
		text_add(page->into,
			 "<p>No provider's number of GPUs is known, so it cannot be said what "
			 "share of the market these ratings cover.</p>\n");
		return;
	}
	html_add(page->into,
		 "<p>The rated providers run %s of the GPUs whose number is known. Providers "
		 "without a known number are left out of the share.</p>\n",
		 percent_text(rating->market_coverage, page->context->arena));
	site_table_open(page, "market", "Known number of GPUs");
	text_add(page->into,
		 "<thead><tr><th scope=\"col\">Provider</th><th scope=\"col\">Grade</th>"
		 "<th scope=\"col\" class=\"number\">GPUs</th></tr></thead>\n<tbody>\n");
	for (uint32_t i = 0; i < rating->provider_count; i++) {
		const struct provider *provider = &rating->providers[i];
		const struct unit *unit = provider_unit(provider);

		if (!(provider->gpu_volume > 0))
			continue;
		text_add(page->into, "<tr><th scope=\"row\">");
		site_provider_link(page, provider->name);
		text_add(page->into, "</th><td>");
		site_grade(page, unit->rated, unit->grade, "");
		html_add(page->into, "</td><td class=\"number\">%.0f</td></tr>\n",
			 provider->gpu_volume);
	}
	text_add(page->into, "</tbody>");
	site_table_close(page);
}

/* ---- gaps ---- */

static void add_gap(const struct site_page *page, const struct gap *gap)
{
	const struct criterion *criterion = &page->context->standard->criteria[gap->criterion];
	const char *title =
		arena_format(page->context->arena, "%u lack it, of %u nothing is known, %u have it",
			     gap->lacking, gap->unknown, gap->good);

	text_add(page->into, "<tr><th scope=\"row\">");
	site_criterion_link(page, gap->criterion);
	html_add(page->into, "<span class=\"minor\">%s</span></th><td>",
		 page->context->standard->categories[criterion->category].title);
	chart_gap(page->into, gap, title);
	html_add(page->into,
		 "</td><td class=\"number\">%u</td><td class=\"number\">%u</td>"
		 "<td class=\"number\">%u</td></tr>\n",
		 gap->lacking, gap->unknown, gap->good);
}

static void add_gaps(const struct site_page *page)
{
	const struct site_context *context = page->context;

	site_heading(page, "gaps", "What most providers miss");
	site_table_open(page, "gaps", "Criteria that the most providers are known to lack");
	text_add(page->into,
		 "<thead><tr><th scope=\"col\">Criterion</th><th scope=\"col\">Providers</th>"
		 "<th scope=\"col\" class=\"number\"><span class=\"dot lost\"></span>lack it</th>"
		 "<th scope=\"col\" class=\"number\"><span class=\"dot open\"></span>not known</th>"
		 "<th scope=\"col\" class=\"number\"><span class=\"dot won\"></span>have it</th>"
		 "</tr></thead>\n<tbody>\n");
	for (uint32_t i = 0; i < context->gap_count && i < GAPS_SHOWN; i++) {
		if (context->gaps[i].lacking > 0)
			add_gap(page, &context->gaps[i]);
	}
	text_add(page->into, "</tbody>");
	site_table_close(page);
}

/* The advice for criteria that some provider is known to lack, or for the others. */
static void add_advice_list(const struct site_page *page, bool lacking)
{
	const struct site_context *context = page->context;

	text_add(page->into, "<ul class=\"plain advice\">\n");
	for (uint32_t i = 0; i < context->gap_count; i++) {
		const struct gap *gap = &context->gaps[i];
		const struct criterion *criterion = &context->standard->criteria[gap->criterion];

		if (!criterion->vendor || (gap->lacking > 0) != lacking)
			continue;
		html_add(page->into, "<li>%s<span class=\"minor\">",
			 site_sentence(criterion->vendor, context->arena));
		site_criterion_link(page, gap->criterion);
		html_add(page->into, ": %u lack it, %u not known, %u have it</span></li>\n",
			 gap->lacking, gap->unknown, gap->good);
	}
	text_add(page->into, "</ul>\n");
}

static uint32_t count_advice(const struct site_context *context, bool lacking)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < context->gap_count; i++)
		count += context->standard->criteria[context->gaps[i].criterion].vendor &&
			 (context->gaps[i].lacking > 0) == lacking;
	return count;
}

static void add_advice(const struct site_page *page)
{
	uint32_t unknown = count_advice(page->context, false);

	site_heading(page, "makers", "Advice to the makers of chips");
	text_add(page->into, "<p>Where the maker of the GPU or the network can lift many clouds at "
			     "once; what the most providers are known to lack comes first.</p>\n");
	if (count_advice(page->context, true) > 0)
		add_advice_list(page, true);
	if (unknown == 0)
		return;
	html_add(page->into,
		 "<details><summary>%u more, on what no provider is known to lack</summary>\n",
		 unknown);
	add_advice_list(page, false);
	text_add(page->into, "</details>\n");
}

void site_index(const struct site_page *page)
{
	const struct site_head head = {
		.title = "GPU clouds, rated from evidence | assay",
		.description = "GPU cloud providers by grade, with the evidence, its gaps and what "
			       "would change each grade.",
		.section = SECTION_RATINGS,
		.twin = "index.json",
	};

	site_open(page, &head);
	add_lead(page);
	add_league(page);
	add_heat_map(page);
	add_gaps(page);
	add_advice(page);
	add_market(page);
	site_close(page, &head);
}
