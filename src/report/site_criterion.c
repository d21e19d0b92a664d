/* The page of a criterion. */
#include "base/json.h"
#include "report/chart.h"
#include "report/html.h"
#include "report/phrase.h"
#include "report/site_page.h"

/* ---- one criterion ---- */

static void add_ways(const struct site_page *page, const struct criterion *criterion)
{
	site_heading(page, "settled", "How it is settled");
	text_add(page->into, "<dl class=\"facts\">\n");
	for (uint32_t i = 0; i < criterion->way_count; i++) {
		const struct settlement_source *way = &criterion->ways[i];

		html_add(page->into, "<div><dt>%s</dt><dd>", settlement_way_names[way->way]);
		if (way->name)
			html_add(page->into, "<code>%s</code>%s", way->name, way->text ? ", " : "");
		html_add(page->into, "%s</dd></div>\n", way->text);
	}
	text_add(page->into, "</dl>\n");
}

static void add_answers(const struct site_page *page, const struct criterion *criterion)
{
	struct arena *arena = page->context->arena;

	site_table_open(page, "answers", "What each answer is worth");
	text_add(page->into, "<thead><tr><th scope=\"col\">Answer</th>"
			     "<th scope=\"col\" class=\"number\">Worth</th><th scope=\"col\">"
			     "<span class=\"scale\"><span>0</span><span>1</span></span></th>"
			     "<th scope=\"col\">Means</th></tr></thead>\n<tbody>\n");
	for (uint32_t i = criterion->answer_count; i-- > 0;) {
		const struct answer *answer = &criterion->answers[i];
		const char *worth = site_worth_text(answer->worth, arena);

		html_add(page->into,
			 "<tr><th scope=\"row\"><code>%s</code></th><td class=\"number\">%s</td>"
			 "<td>",
			 answer->name, worth);
		chart_worth(page->into, answer->worth / (double)WORTH_ONE,
			    arena_format(arena, "worth %s", worth));
		html_add(page->into, "</td><td>%s</td></tr>\n", answer->means);
	}
	text_add(page->into, "</tbody>");
	site_table_close(page);
}

static void add_measure(const struct site_page *page, const struct criterion *criterion)
{
	text_add(page->into,
		 "<p>A measured value lies on a straight line between the points; beyond them the "
		 "worth stays.</p>\n<div class=\"beside\"><div>");
	chart_curve(page->into, criterion);
	html_add(page->into, "<p class=\"minor axis-name\">Worth over the value in %s</p></div>\n",
		 criterion->unit);
	site_table_open(page, "answers", "Worth at each point");
	html_add(page->into,
		 "<thead><tr><th scope=\"col\" class=\"number\">Value in %s</th>"
		 "<th scope=\"col\" class=\"number\">Worth</th></tr></thead>\n<tbody>\n",
		 criterion->unit);
	for (uint32_t i = 0; i < criterion->point_count; i++) {
		char number[32];

		html_add(page->into,
			 "<tr><th scope=\"row\" class=\"number\">%s</th>"
			 "<td class=\"number\">%s</td></tr>\n",
			 number_format(criterion->points[i].at, number),
			 site_worth_text(criterion->points[i].worth, page->context->arena));
	}
	text_add(page->into, "</tbody>");
	site_table_close(page);
	text_add(page->into, "</div>\n");
}

static void add_fact(const struct site_page *page, const char *name, const char *value)
{
	html_add(page->into, "<div><dt>%s</dt><dd>%s</dd></div>\n", name, value);
}

static void add_profiles(const struct site_page *page, const struct criterion *criterion)
{
	const struct standard *standard = page->context->standard;
	uint32_t all = (1u << standard->profile_count) - 1;

	text_add(page->into, "<div><dt>Concerns</dt><dd>");
	if ((criterion->profiles & all) == all) {
		text_add(page->into, "every profile");
	} else {
		bool first = true;

		for (uint32_t i = 0; i < standard->profile_count; i++) {
			if (!(criterion->profiles >> i & 1))
				continue;
			html_add(page->into, "%s%s", first ? "" : ", ", standard->profiles[i].id);
			first = false;
		}
	}
	text_add(page->into, "</dd></div>\n");
}

static void add_family(const struct site_page *page, uint32_t index)
{
	const struct standard *standard = page->context->standard;
	int32_t parent = standard->criteria[index].parent;
	bool first = true;

	if (parent >= 0) {
		text_add(page->into, "<div><dt>Detail of</dt><dd>");
		site_criterion_link(page, (uint32_t)parent);
		text_add(page->into, "; while nothing settles it, it is presumed to be like it"
				     "</dd></div>\n");
	}
	for (uint32_t i = 0; i < standard->criterion_count; i++) {
		if (standard->criteria[i].parent != (int32_t)index)
			continue;
		text_add(page->into, first ? "<div><dt>Details</dt><dd><ul class=\"plain\">" : "");
		text_add(page->into, "<li>");
		site_criterion_link(page, i);
		text_add(page->into, "</li>");
		first = false;
	}
	text_add(page->into, first ? "" : "</ul></dd></div>\n");
}

static void add_gate(const struct site_page *page, uint32_t index)
{
	const struct site_context *context = page->context;
	int32_t found = standard_gate_of(context->standard, index);

	if (found < 0)
		return;

	const struct gate *gate = &context->standard->gates[found];
	html_add(page->into,
		 "<div class=\"verdict\"><p><b>Gate.</b> Worth less than %s caps the grade at ",
		 site_worth_text(gate->below, context->arena));
	site_grade(page, true, gate->cap, "");
	html_add(page->into, "%s %s</p><p><b>What clears it.</b> %s</p></div>\n",
		 gate->silence == SILENCE_CAPS ? ", and so does silence." : ".",
		 site_sentence(gate->reason, context->arena),
		 site_sentence(gate->clears, context->arena));
}

static void add_facts(const struct site_page *page, uint32_t index)
{
	const struct site_context *context = page->context;
	const struct standard *standard = context->standard;
	const struct criterion *criterion = &standard->criteria[index];
	const struct category *category = &standard->categories[criterion->category];
	struct arena *arena = context->arena;
	uint32_t weights = 0;
	uint32_t category_weights = 0;

	for (uint32_t i = 0; i < category->criteria_count; i++)
		weights += standard->criteria[category->criteria_first + i].weight;
	for (uint32_t i = 0; i < standard->category_count; i++)
		category_weights += standard->categories[i].weight;

	double share = criterion->weight / (double)weights;
	double points = 100 * share * category->weight / category_weights;
	text_add(page->into, "<dl class=\"facts\">\n");
	html_add(page->into,
		 "<div><dt>Weight</dt><dd>%u: %.1f%% of %s, %.2f points of the overall score; "
		 "%s</dd></div>\n",
		 criterion->weight, share * 100, category->title, points, criterion->reason);
	text_add(page->into, "<div><dt>Minimum strength</dt><dd>");
	html_add(page->into, "%s, %s</dd></div>\n", strength_names[criterion->strength],
		 standard->strengths[criterion->strength].title);
	add_fact(page, "Evidence counts for",
		 arena_format(arena, "%u days", criterion->expiry_days));
	add_fact(page, "Effort to be best",
		 arena_format(arena, "%u of %u, %s", criterion->effort, EFFORT_MAXIMUM,
			      site_effort_text(criterion->effort)));
	add_profiles(page, criterion);
	if (criterion->not_applicable)
		add_fact(page, "Does not apply", criterion->not_applicable);
	if (criterion->vendor)
		add_fact(page, "For makers of chips", criterion->vendor);
	add_family(page, index);
	text_add(page->into, "</dl>\n");
}

/* ---- where each provider stands ---- */

static void add_standing(const struct site_page *page, const struct explanation *explanation,
			 uint32_t index)
{
	const struct settlement *settlement = &explanation->unit->settlements[index];
	struct arena *arena = page->context->arena;
	bool settled = settlement->state == STATE_SETTLED || settlement->state == STATE_CONFLICT;
	const char *worth = site_worth_text(settlement->point, arena);

	text_add(page->into, "<tr><th scope=\"row\">");
	site_provider_link(page, explanation->provider->name);
	text_add(page->into, "</th><td data-label=\"State\">");
	site_state(page, settlement->state);
	html_add(page->into, "</td><td data-label=\"Shown\">%s</td>",
		 settlement->record_count > 0 || settlement->check
			 ? settlement_text(settlement, arena)
			 : "");
	if (!settled) {
		text_add(page->into, "<td></td><td></td><td></td><td></td></tr>\n");
		return;
	}
	html_add(page->into, "<td class=\"number\" data-label=\"Worth\">%s</td><td>", worth);
	chart_worth(page->into, settlement->point / (double)WORTH_ONE,
		    arena_format(arena, "worth %s", worth));
	text_add(page->into, "</td><td data-label=\"Strength\">");
	site_strength(page, settlement->strength);
	text_add(page->into, "</td><td data-label=\"Observed\">");
	if (settlement->record_count > 0)
		html_add(page->into, "<a href=\"%sprovider/%s.html#record-%s\">", page->root,
			 explanation->provider->name, settlement->records[0]->id);
	site_date(page, settlement->observed);
	text_add(page->into, settlement->record_count > 0 ? "</a></td></tr>\n" : "</td></tr>\n");
}

static void add_standings(const struct site_page *page, uint32_t index)
{
	site_heading(page, "providers", "Where each provider stands");
	site_table_open(page, "standings", "Providers by rank");
	text_add(page->into,
		 "<thead><tr><th scope=\"col\">Provider</th><th scope=\"col\">State</th>"
		 "<th scope=\"col\">Shown</th><th scope=\"col\" class=\"number\">Worth</th>"
		 "<th scope=\"col\"><span class=\"scale\"><span>0</span><span>1</span></span></th>"
		 "<th scope=\"col\">Strength</th><th scope=\"col\">Observed</th></tr></thead>\n"
		 "<tbody>\n");
	for (uint32_t i = 0; i < page->context->rating->provider_count; i++)
		add_standing(page, &page->context->explanations[i], index);
	text_add(page->into, "</tbody>");
	site_table_close(page);
}

void site_criterion(const struct site_page *page, uint32_t index)
{
	const struct standard *standard = page->context->standard;
	const struct criterion *criterion = &standard->criteria[index];
	const struct category *category = &standard->categories[criterion->category];
	struct arena *arena = page->context->arena;
	const struct site_head head = {
		.title = arena_format(arena, "%s | assay", criterion->title),
		.description = criterion->question,
		.section = SECTION_CRITERIA,
		.twin = arena_format(arena, "%s.json", criterion->id),
	};

	site_open(page, &head);
	html_add(page->into,
		 "<nav class=\"crumbs\" aria-label=\"Breadcrumb\"><a href=\"../criteria.html\">"
		 "Criteria</a> <span aria-hidden=\"true\">/</span> "
		 "<a href=\"../criteria.html#%s\">%s</a></nav>\n",
		 category->id, category->title);
	html_add(page->into,
		 "<h1>%s</h1>\n<p class=\"id\"><code>%s</code></p>\n<p class=\"lead\">%s</p>\n"
		 "<p class=\"prose\">%s</p>\n",
		 criterion->title, criterion->id, criterion->question, criterion->why);
	add_gate(page, index);
	site_heading(page, "worth", "What each answer is worth");
	if (criterion->answer_count > 0)
		add_answers(page, criterion);
	else
		add_measure(page, criterion);
	add_ways(page, criterion);
	site_heading(page, "counts", "How it counts");
	add_facts(page, index);
	add_standings(page, index);
	site_close(page, &head);
}
