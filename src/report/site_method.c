/* The method, from the standard that was used. */
#include "report/chart.h"
#include "report/html.h"
#include "report/phrase.h"
#include "report/site_page.h"

static const char *permille_text(unsigned permille, struct arena *arena)
{
	return decimal_text(permille / 10.0, permille % 10 == 0 ? 0 : 1, arena);
}

static void add_rule(const struct site_page *page)
{
	const struct standard *standard = page->context->standard;
	struct arena *arena = page->context->arena;

	site_heading(page, "rule", "From evidence to a grade");
	text_add(
		page->into,
		"<ol class=\"prose steps\">\n"
		"<li><b>Evidence.</b> Each record is one observed fact with its day, source and "
		"strength. Of the records about a criterion that are in date and strong enough, "
		"the strongest decide; among these the ones about the most specific product. When "
		"they differ, the range is kept and the lowest counts.</li>\n"
		"<li><b>Worth.</b> Each answer to a criterion has a published worth from 0 to 1; a "
		"measured value lies on a published line.</li>\n");
	html_add(page->into,
		 "<li><b>Silence.</b> A criterion that nothing settles is presumed to be worth "
		 "%s; a detail whose headline is known, as much as its headline. It widens the "
		 "interval from 0 to 1. What was asked for and not shown counts as the worst "
		 "answer.</li>\n",
		 site_worth_text(standard->presumption, arena));
	text_add(page->into,
		 "<li><b>Scores.</b> A category's score is the weighted mean of its criteria, the "
		 "overall score the weighted mean of the categories. What does not apply leaves "
		 "both sums, with a reason.</li>\n"
		 "<li><b>Thresholds.</b> The grade is the highest whose thresholds all hold: "
		 "overall "
		 "score, categories, share of the weight that is settled, and how strongly. The "
		 "overall threshold rises with what is known: little known, a cloud is measured "
		 "against what is presumed of any; all known, only the higher one counts.</li>\n"
		 "<li><b>Gates.</b> A gate that fails lowers the grade to its cap, whatever the "
		 "score. It cannot be bought back with points.</li>\n"
		 "<li><b>Provider.</b> Products and regions are rated apart. The unit known to be "
		 "used by the majority stands for the provider, and otherwise the median unit, the "
		 "lower of two.</li>\n");
	html_add(page->into,
		 "<li><b>Chance.</b> %u seeded draws change the weights by up to %s%%, the "
		 "unknown, "
		 "and the truth of evidence by the error rate of its strength. The share of draws "
		 "with a grade is the chance of that grade; the intervals hold 80%% of them. The "
		 "seed is %s.</li>\n</ol>\n",
		 page->context->rating->request.draws,
		 permille_text(standard->weight_spread_permille, arena),
		 arena_format(arena, "%llu",
			      (unsigned long long)page->context->rating->request.seed));
	html_add(page->into,
		 "<p class=\"prose\">Grades are absolute: thresholds do not move when a rival "
		 "improves. A provider with less than %s of the weight settled and no failed gate "
		 "is "
		 "not rated.</p>\n",
		 percent_text(standard->bars[GRADE_BRONZE].coverage_permille / 1000.0, arena));
}

/* ---- grades ---- */

static void add_categories_asked(const struct site_page *page, const struct grade_bar *bar)
{
	const struct standard *standard = page->context->standard;
	bool first = true;

	for (uint32_t i = 0; i < standard->category_count; i++) {
		if (bar->category_permille[i] == 0)
			continue;
		html_add(page->into, "%s%s %s", first ? "" : ", ", standard->categories[i].title,
			 permille_text(bar->category_permille[i], page->context->arena));
		first = false;
	}
	text_add(page->into, first ? "–" : "");
}

static void add_grade(const struct site_page *page, enum grade grade)
{
	const struct grade_bar *bar = &page->context->standard->bars[grade];
	struct arena *arena = page->context->arena;

	text_add(page->into, "<tr><th scope=\"row\">");
	site_grade(page, true, grade, "");
	html_add(page->into, "</th><td data-label=\"Promise\">%s</td>", bar->promise);
	html_add(page->into,
		 "<td class=\"number\" data-label=\"Overall\">%s to %s</td>"
		 "<td data-label=\"Categories\">",
		 permille_text(bar->overall_from, arena), permille_text(bar->overall_to, arena));
	add_categories_asked(page, bar);
	html_add(page->into,
		 "</td><td class=\"number\" data-label=\"Settled\">%s%%</td>"
		 "<td data-label=\"Strength\">",
		 permille_text(bar->coverage_permille, arena));
	if (bar->strength_permille > 0)
		html_add(page->into, "%s%% by %s or stronger",
			 permille_text(bar->strength_permille, arena),
			 strength_names[bar->strength]);
	else
		text_add(page->into, "–");
	html_add(page->into, "</td><td data-label=\"Reason\">%s</td></tr>\n", bar->reason);
}

static void add_grades(const struct site_page *page)
{
	site_heading(page, "grades", "Grades");
	site_table_open(page, "grades cards", "What each grade promises and asks for");
	text_add(page->into,
		 "<thead><tr><th scope=\"col\">Grade</th><th scope=\"col\">Promise</th>"
		 "<th scope=\"col\" class=\"number\">Overall</th><th scope=\"col\">Categories</th>"
		 "<th scope=\"col\" class=\"number\">Settled</th><th scope=\"col\">Strength</th>"
		 "<th scope=\"col\">Reason</th></tr></thead>\n<tbody>\n");
	for (int grade = GRADE_COUNT - 1; grade >= 0; grade--)
		add_grade(page, (enum grade)grade);
	text_add(page->into, "</tbody>");
	site_table_close(page);
}

/* ---- gates ---- */

static void add_gate(const struct site_page *page, const struct gate *gate)
{
	struct arena *arena = page->context->arena;

	html_add(page->into, "<tr id=\"gate-%s\"><th scope=\"row\">%s<span class=\"minor\">",
		 gate->id, gate->title);
	site_criterion_link(page, gate->criterion);
	text_add(page->into, "</span></th><td data-label=\"Caps at\">");
	site_grade(page, true, gate->cap, "");
	html_add(page->into,
		 "</td><td class=\"number\" data-label=\"Below\">%s</td>"
		 "<td data-label=\"Silence\">%s</td><td data-label=\"Reason\">%s</td>",
		 site_worth_text(gate->below, arena),
		 gate->silence == SILENCE_CAPS
			 ? "caps until shown"
			 : arena_format(arena, "open; fails in %s%% of the draws",
					permille_text(gate->rate_permille, arena)),
		 gate->reason);
	html_add(page->into, "<td data-label=\"Clears it\">%s</td></tr>\n", gate->clears);
}

static void add_gates(const struct site_page *page)
{
	const struct standard *standard = page->context->standard;

	site_heading(page, "gates", "Gates");
	site_table_open(page, "gates cards", "What caps a grade whatever the score");
	text_add(page->into,
		 "<thead><tr><th scope=\"col\">Fails as</th><th scope=\"col\">Caps at</th>"
		 "<th scope=\"col\" class=\"number\">Worth below</th>"
		 "<th scope=\"col\">When nothing is known</th><th scope=\"col\">Reason</th>"
		 "<th scope=\"col\">What clears it</th></tr></thead>\n<tbody>\n");
	for (uint32_t i = 0; i < standard->gate_count; i++)
		add_gate(page, &standard->gates[i]);
	text_add(page->into, "</tbody>");
	site_table_close(page);
}

/* ---- categories, strengths, profiles ---- */

static void add_categories(const struct site_page *page)
{
	const struct standard *standard = page->context->standard;
	uint32_t all = 0;

	for (uint32_t i = 0; i < standard->category_count; i++)
		all += standard->categories[i].weight;
	site_heading(page, "categories", "Categories and their weights");
	site_table_open(page, "categories", "Weight of each category");
	text_add(page->into,
		 "<thead><tr><th scope=\"col\">Category</th><th scope=\"col\" class=\"number\">"
		 "Weight</th><th scope=\"col\" class=\"number\">Share</th>"
		 "<th scope=\"col\" class=\"number\">Criteria</th><th scope=\"col\">Reason</th>"
		 "</tr></thead>\n<tbody>\n");
	for (uint32_t i = 0; i < standard->category_count; i++) {
		const struct category *category = &standard->categories[i];

		html_add(page->into,
			 "<tr><th scope=\"row\"><a href=\"criteria.html#%s\">%s</a></th>"
			 "<td class=\"number\">%u</td><td class=\"number\">%.1f%%</td>"
			 "<td class=\"number\">%u</td><td>%s</td></tr>\n",
			 category->id, category->title, category->weight,
			 100.0 * category->weight / all, category->criteria_count,
			 category->reason);
	}
	text_add(page->into, "</tbody>");
	site_table_close(page);
}

static void add_strengths(const struct site_page *page)
{
	site_heading(page, "strength", "Strength of evidence");
	site_table_open(page, "strengths", "How often evidence of each strength is wrong");
	text_add(page->into,
		 "<thead><tr><th scope=\"col\">Strength</th><th scope=\"col\">What it is</th>"
		 "<th scope=\"col\" class=\"number\">Wrong</th><th scope=\"col\">Reason</th></tr>"
		 "</thead>\n<tbody>\n");
	for (unsigned i = 0; i < STRENGTH_COUNT; i++) {
		const struct strength_class *class = &page->context->standard->strengths[i];

		html_add(page->into,
			 "<tr><th scope=\"row\">%s</th><td>%s</td><td class=\"number\">%s%%</td>"
			 "<td>%s</td></tr>\n",
			 strength_names[i], class->title,
			 permille_text(class->error_permille, page->context->arena), class->reason);
	}
	text_add(page->into, "</tbody>");
	site_table_close(page);
}

static void add_profiles(const struct site_page *page)
{
	const struct standard *standard = page->context->standard;

	site_heading(page, "profiles", "Profiles");
	text_add(page->into, "<p class=\"prose\">Who a rating is for. A criterion that does not "
			     "concern a profile "
			     "leaves its sums.</p>\n<dl class=\"facts\">\n");
	for (uint32_t i = 0; i < standard->profile_count; i++)
		html_add(page->into, "<div><dt>%s</dt><dd>%s</dd></div>\n",
			 standard->profiles[i].id, standard->profiles[i].title);
	text_add(page->into, "</dl>\n");
}

static void add_promises(const struct site_page *page)
{
	site_heading(page, "promises", "What the rule promises");
	text_add(page->into,
		 "<ul class=\"prose\">\n"
		 "<li>Better evidence never lowers a score.</li>\n"
		 "<li>Settling an unknown as good never lowers a grade.</li>\n"
		 "<li>The order of the evidence never matters.</li>\n"
		 "<li>Hiding a bad result never beats showing it: what was asked for and not shown "
		 "counts as the worst answer and fails its gate.</li>\n"
		 "<li>The published grade of anyone else is never an input.</li>\n"
		 "<li>The same standard, evidence, day and seed give the same bytes on every "
		 "machine, so any grade here can be computed again.</li>\n</ul>\n");
}

void site_method(const struct site_page *page)
{
	const struct standard *standard = page->context->standard;
	const struct site_head head = {
		.title = "Method | assay",
		.description = "How evidence becomes a grade: thresholds, gates, weights, draws.",
		.section = SECTION_METHOD,
		.twin = "method.json",
	};
	char hash[RECORD_HASH_TEXT];

	site_open(page, &head);
	html_add(page->into,
		 "<h1>Method</h1>\n<p class=\"lead\">One published rule, a pure function of the "
		 "evidence. This page is made from the standard that the ratings used.</p>\n"
		 "<dl class=\"facts\"><div><dt>Standard</dt><dd>%s, version %s, of ",
		 standard->name, standard->version);
	site_date(page, standard->date);
	html_add(
		page->into,
		"</dd></div><div><dt>Hash</dt><dd><code class=\"hash\">%s</code></dd></div></dl>\n",
		hash_format(standard->hash, hash));
	add_rule(page);
	add_grades(page);
	add_gates(page);
	add_categories(page);
	add_strengths(page);
	add_profiles(page);
	add_promises(page);
	site_close(page, &head);
}
