/* On a provider's page: what decides the grade, where the points are, gates, the way up. */
#include "report/chart.h"
#include "report/html.h"
#include "report/phrase.h"
#include "report/site_page.h"

enum {
	EXAMPLES_SHOWN = 5,
};

/* ---- what decides ---- */

/* What a shortfall is about, as words with their link where there is one. */
static void add_demand(const struct site_page *page, const struct shortfall *shortfall,
		       enum grade next)
{
	const struct standard *standard = page->context->standard;

	switch (shortfall->kind) {
	case SHORT_OVERALL:
		text_add(page->into, "Overall score");
		return;
	case SHORT_CATEGORY:
		html_add(page->into, "<a href=\"../criteria.html#%s\">%s</a>",
			 standard->categories[shortfall->index].id,
			 standard->categories[shortfall->index].title);
		return;
	case SHORT_COVERAGE:
		text_add(page->into, "Share of the weight that evidence settles");
		return;
	case SHORT_STRENGTH:
		text_add(page->into, "Share settled by evidence of at least ");
		site_strength(page, standard->bars[next].strength);
		return;
	case SHORT_GATE:
		break;
	}
	text_add(page->into, "Gate: ");
	site_criterion_link(page, standard->gates[shortfall->index].criterion);
}

static void add_shortfall(const struct site_page *page, const struct explanation *explanation,
			  const struct shortfall *shortfall)
{
	struct arena *arena = page->context->arena;
	const struct unit *unit = explanation->unit;
	const char *title = shortfall_text(page->context->standard, unit, shortfall, arena);

	text_add(page->into, "<tr><th scope=\"row\">");
	add_demand(page, shortfall, explanation->next);
	text_add(page->into, "</th><td class=\"bar\">");
	if (shortfall->kind == SHORT_GATE && unit->gates[shortfall->index] != GATE_FAILED)
		site_gate_state(page, unit->gates[shortfall->index]);
	else
		chart_need(page->into, shortfall->has, shortfall->needs, title);
	html_add(page->into,
		 "</td><td class=\"number\" data-label=\"has\">%.1f</td>"
		 "<td class=\"number\" data-label=\"needs\">%.1f</td></tr>\n",
		 shortfall->has * 100, shortfall->needs * 100);
}

static void add_decides(const struct site_page *page, const struct explanation *explanation)
{
	const struct unit *unit = explanation->unit;

	site_heading(page, "decides", "What decides the grade");
	if (unit->rated && unit->uncapped > unit->grade) {
		text_add(page->into, "<p>By its scores alone it would be ");
		site_grade(page, true, unit->uncapped, "");
		text_add(page->into, "; the <a href=\"#gates\">gates</a> lower it.</p>\n");
	}
	if (explanation->at_top) {
		text_add(page->into, "<p>It holds the best grade: every threshold is met and no "
				     "gate lowers it.</p>\n");
		return;
	}
	text_add(page->into, "<p>What keeps it from ");
	site_grade(page, true, explanation->next, "");
	text_add(page->into, ", gates first, then the largest gap.</p>\n");
	site_table_open(page, "decides", "What the next grade asks for");
	text_add(page->into,
		 "<thead><tr><th scope=\"col\">Demand</th><th scope=\"col\">Has and needs</th>"
		 "<th scope=\"col\" class=\"number\">Has</th>"
		 "<th scope=\"col\" class=\"number\">Needs</th></tr></thead>\n<tbody>\n");
	for (uint32_t i = 0; i < explanation->shortfall_count; i++)
		add_shortfall(page, explanation, &explanation->shortfalls[i]);
	text_add(page->into, "</tbody>");
	site_table_close(page);
}

/* ---- points ---- */

static double weight_of_all(const struct standard *standard, const struct unit *unit)
{
	double sum = 0;

	for (uint32_t i = 0; i < standard->category_count; i++)
		sum += unit->categories[i].applies ? standard->categories[i].weight : 0;
	return sum > 0 ? sum : 1;
}

static void add_points_row(const struct site_page *page, const struct unit *unit, const char *name,
			   const char *anchor, const struct points *points)
{
	struct arena *arena = page->context->arena;
	double all = points->won + points->presumed + points->open + points->lost;
	const char *title =
		arena_format(arena, "%s: of %s points %s won, %s presumed, %s more open, %s lost",
			     name, score_text(all, arena), score_text(points->won, arena),
			     score_text(points->presumed, arena), score_text(points->open, arena),
			     score_text(points->lost, arena));

	text_add(page->into, "<tr><th scope=\"row\">");
	if (anchor)
		html_add(page->into, "<a href=\"../criteria.html#%s\">%s</a>", anchor, name);
	else
		html_add(page->into, "%s", name);
	text_add(page->into, "</th><td class=\"bar\">");
	chart_points(page->into, page->context->standard, unit, points, title);
	html_add(page->into,
		 "</td><td class=\"number\" data-label=\"of\">%.1f</td>"
		 "<td class=\"number\" data-label=\"won\">%.1f</td>"
		 "<td class=\"number\" data-label=\"presumed\">%.1f</td>",
		 all * 100, points->won * 100, points->presumed * 100);
	html_add(page->into,
		 "<td class=\"number\" data-label=\"open\">%.1f</td>"
		 "<td class=\"number\" data-label=\"lost\">%.1f</td></tr>\n",
		 points->open * 100, points->lost * 100);
}

static void add_points_rows(const struct site_page *page, const struct unit *unit)
{
	const struct standard *standard = page->context->standard;
	double all = weight_of_all(standard, unit);
	struct points sum = { 0 };

	for (uint32_t i = 0; i < standard->category_count; i++) {
		const struct category_score *score = &unit->categories[i];
		double share = standard->categories[i].weight / all;
		struct points points = { .start = sum.won + sum.presumed,
					 .won = share * score->low,
					 .presumed = share * (score->point - score->low),
					 .open = share * (score->high - score->point),
					 .lost = share * (1 - score->high) };

		if (!score->applies)
			continue;
		add_points_row(page, unit, standard->categories[i].title,
			       standard->categories[i].id, &points);
		sum.won += points.won;
		sum.presumed += points.presumed;
		sum.open += points.open;
		sum.lost += points.lost;
	}
	text_add(page->into, "</tbody>\n<tfoot>\n");
	add_points_row(page, unit, "Overall", NULL, &sum);
	text_add(page->into, "</tfoot>");
}

/* The criteria that bring or cost the most. */
static void add_examples(const struct site_page *page, const struct explanation *explanation,
			 const char *title, const uint32_t *items, uint32_t count)
{
	const struct unit *unit = explanation->unit;

	if (count == 0)
		return;
	html_add(page->into, "<div><h3>%s</h3>\n<ul class=\"plain\">\n", title);
	for (uint32_t i = 0; i < count && i < EXAMPLES_SHOWN; i++) {
		text_add(page->into, "<li>");
		site_criterion_link(page, items[i]);
		html_add(page->into, "<span class=\"minor\">%s</span></li>\n",
			 settlement_text(&unit->settlements[items[i]], page->context->arena));
	}
	text_add(page->into, "</ul></div>\n");
}

static void add_points(const struct site_page *page, const struct explanation *explanation)
{
	site_heading(page, "points", "Where the points are won and lost");
	text_add(page->into,
		 "<ul class=\"key\"><li><span class=\"dot won\"></span>won by evidence</li>"
		 "<li><span class=\"dot presumed\"></span>presumed, nothing settles it</li>"
		 "<li><span class=\"dot open\"></span>open, evidence could still bring it</li>"
		 "<li><span class=\"dot lost\"></span>lost by evidence</li></ul>\n");
	site_table_open(page, "waterfall", "Points of the overall score by category");
	text_add(page->into, "<thead><tr><th scope=\"col\">Category</th>"
			     "<th scope=\"col\">");
	chart_scale(page->into, page->context->standard, explanation->unit);
	text_add(page->into,
		 "</th>"
		 "<th scope=\"col\" class=\"number\">Of</th>"
		 "<th scope=\"col\" class=\"number\">Won</th>"
		 "<th scope=\"col\" class=\"number\">Presumed</th>"
		 "<th scope=\"col\" class=\"number\">Open</th>"
		 "<th scope=\"col\" class=\"number\">Lost</th></tr></thead>\n<tbody>\n");
	add_points_rows(page, explanation->unit);
	site_table_close(page);
	text_add(page->into, "<div class=\"beside\">\n");
	add_examples(page, explanation, "Brings the most", explanation->strong,
		     explanation->strong_count);
	add_examples(page, explanation, "Costs the most", explanation->weak,
		     explanation->weak_count);
	text_add(page->into, "</div>\n");
}

/* ---- gates ---- */

static void add_gate_evidence(const struct site_page *page, const struct settlement *settlement)
{
	struct arena *arena = page->context->arena;

	html_add(page->into, "%s", settlement_text(settlement, arena));
	for (uint32_t i = 0; i < settlement->record_count; i++) {
		const struct record *record = settlement->records[i];

		html_add(page->into, "<a class=\"minor\" href=\"#record-%s\">%s, ", record->id,
			 record->source.name);
		site_date(page, record->observed);
		text_add(page->into, "</a>");
	}
}

static void add_gate(const struct site_page *page, const struct unit *unit, uint32_t index)
{
	const struct gate *gate = &page->context->standard->gates[index];
	enum gate_state state = unit->gates[index];

	html_add(page->into, "<tr id=\"gate-%s\"><th scope=\"row\">", gate->id);
	site_criterion_link(page, gate->criterion);
	html_add(page->into,
		 "<span class=\"minor\">Fails as: %s</span></th><td data-label=\"State\">",
		 gate->title);
	site_gate_state(page, state);
	text_add(page->into, "</td><td data-label=\"Caps at\">");
	site_grade(page, true, gate->cap,
		   state == GATE_FAILED || state == GATE_SILENT ? "" : " quiet");
	text_add(page->into, "</td><td data-label=\"Evidence\">");
	add_gate_evidence(page, &unit->settlements[gate->criterion]);
	html_add(page->into, "</td><td data-label=\"Clears it\">%s</td></tr>\n", gate->clears);
}

static void add_gates(const struct site_page *page, const struct unit *unit)
{
	/* What lowers the grade comes first. */
	static const enum gate_state order[] = {
		GATE_FAILED, GATE_SILENT, GATE_OPEN, GATE_PASSED, GATE_AWAY,
	};

	site_heading(page, "gates", "Gates");
	text_add(page->into,
		 "<p>A gate that fails caps the grade whatever the score. An open one is not known "
		 "and lowers only the chance of the grade; one that asks to be shown caps until "
		 "evidence shows it.</p>\n");
	site_table_open(page, "gates cards", "State of each gate");
	text_add(page->into, "<thead><tr><th scope=\"col\">Gate</th><th scope=\"col\">State</th>"
			     "<th scope=\"col\">Caps at</th><th scope=\"col\">Evidence</th>"
			     "<th scope=\"col\">What clears it</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		for (uint32_t j = 0; j < page->context->standard->gate_count; j++) {
			if (unit->gates[j] == order[i])
				add_gate(page, unit, j);
		}
	}
	text_add(page->into, "</tbody>");
	site_table_close(page);
}

/* ---- the way up ---- */

static void add_step(const struct site_page *page, const struct explanation *explanation,
		     const struct step *step)
{
	const struct site_context *context = page->context;
	const struct criterion *criterion = &context->standard->criteria[step->criterion];
	const struct settlement *settlement = &explanation->unit->settlements[step->criterion];
	const char *best = best_text(criterion, context->arena);

	text_add(page->into, "<tr><th scope=\"row\">");
	site_criterion_link(page, step->criterion);
	if (step->shows)
		html_add(page->into, "</th><td data-label=\"Change\">show that it is so: %s</td>",
			 best);
	else
		html_add(page->into, "</th><td data-label=\"Change\">from %s to %s</td>",
			 settlement_text(settlement, context->arena), best);
	html_add(page->into,
		 "<td data-label=\"Effort\"><span class=\"effort\">%u</span> %s</td>"
		 "<td class=\"number\" data-label=\"Points\">+%.1f</td></tr>\n",
		 step->effort, site_effort_text(step->effort), step->gain);
}

static void add_path(const struct site_page *page, const struct explanation *explanation)
{
	const struct path *path = &explanation->path;

	if (explanation->at_top)
		return;
	site_heading(page, "path", "The way up");
	text_add(page->into, path->reachable ? "<p>The cheapest set of changes that reaches "
					     : "<p>No set of changes reaches ");
	site_grade(page, true, path->target, "");
	if (!path->reachable) {
		text_add(page->into, ".</p>\n");
		return;
	}
	html_add(page->into, ". Effort in all: %u.%s</p>\n", path->effort,
		 path->exact ? "" : " A cheaper set may exist.");
	site_table_open(page, "path cards", "Changes that reach the next grade");
	text_add(page->into,
		 "<thead><tr><th scope=\"col\">Criterion</th><th scope=\"col\">Change</th>"
		 "<th scope=\"col\">Effort, 1 to 5</th>"
		 "<th scope=\"col\" class=\"number\">Points</th></tr></thead>\n<tbody>\n");
	for (uint32_t i = 0; i < path->step_count; i++)
		add_step(page, explanation, &path->steps[i]);
	text_add(page->into, "</tbody>");
	site_table_close(page);
}

void site_reasons(const struct site_page *page, const struct explanation *explanation)
{
	add_decides(page, explanation);
	add_points(page, explanation);
	add_gates(page, explanation->unit);
	add_path(page, explanation);
}
