/* The page of a provider: grade, how sure it is, units, outlook, trend. */
#include "report/chart.h"
#include "report/html.h"
#include "report/phrase.h"
#include "report/site_page.h"

static void add_figure(const struct site_page *page, const char *name, const char *value,
		       const char *note)
{
	html_add(page->into, "<div><dt>%s</dt><dd>%s", name, value);
	if (note)
		html_add(page->into, "<span class=\"minor\">%s</span>", note);
	text_add(page->into, "</dd></div>\n");
}

static void add_figures(const struct site_page *page, const struct explanation *explanation)
{
	const struct provider *provider = explanation->provider;
	const struct unit *unit = explanation->unit;
	const struct rating *rating = explanation->rating;
	struct arena *arena = page->context->arena;
	bool drawn = rating->request.draws > 0 && unit->rated;

	text_add(page->into, "<dl class=\"figures\">\n");
	if (drawn)
		add_figure(page, arena_format(arena, "Chance of %s", grade_names[unit->grade]),
			   percent_text(provider->probability[unit->grade], arena), NULL);
	add_figure(page, "Score of 100", score_text(unit->overall, arena),
		   drawn ? arena_format(arena, "%s–%s in 80%% of the draws",
					score_text(unit->score_p10, arena),
					score_text(unit->score_p90, arena))
			 : NULL);
	add_figure(page, "Possible",
		   arena_format(arena, "%s–%s", score_text(unit->low, arena),
				score_text(unit->high, arena)),
		   "unknown all worst to all best");
	if (provider->rank > 0)
		add_figure(page, "Rank",
			   arena_format(arena, "%u of %u", provider->rank, rating->provider_count),
			   drawn ? arena_format(arena, "%u–%u in 80%% of the draws",
						provider->rank_low, provider->rank_high)
				 : NULL);
	add_figure(page, "Settled", percent_text(unit->coverage, arena), "of the weight");
	text_add(page->into, "</dl>\n");
}

static void add_chances(const struct site_page *page, const struct explanation *explanation)
{
	const double *probability = explanation->provider->probability;

	if (!explanation->unit->rated || explanation->rating->request.draws == 0)
		return;
	text_add(page->into, "<h2 class=\"small\">How likely each grade is</h2>\n");
	chart_likelihood(page->into, "strip wide", probability);
	text_add(page->into, "<ul class=\"key\">");
	for (int grade = GRADE_COUNT - 1; grade >= 0; grade--) {
		html_add(
			page->into,
			"<li><span class=\"dot %s\"></span>%s <span class=\"value\">%s</span></li>",
			grade_class((enum grade)grade), grade_names[grade],
			percent_text(probability[grade], page->context->arena));
	}
	text_add(page->into, "</ul>\n");
}

static void add_range(const struct site_page *page, const struct unit *unit)
{
	text_add(page->into, "<h2 class=\"small\">Score and what the grades ask for</h2>\n<div "
			     "class=\"gauge\">");
	chart_score(page->into, page->context->standard, unit);
	chart_scale(page->into, page->context->standard, unit);
	text_add(page->into,
		 "</div>\n<p class=\"minor\">Dot: score; bar: 80% of the draws; line: what is "
		 "possible. The more is known, the more a grade asks for.</p>\n");
}

static void add_hero(const struct site_page *page, const struct explanation *explanation)
{
	const struct unit *unit = explanation->unit;
	struct arena *arena = page->context->arena;
	const char *announced = announced_text(explanation, arena);

	html_add(page->into,
		 "<nav class=\"crumbs\" aria-label=\"Breadcrumb\"><a href=\"../index.html#league\">"
		 "Ratings</a></nav>\n<h1 class=\"provider\"><span>%s</span> ",
		 explanation->provider->name);
	site_grade(page, unit->rated, unit->grade, " large");
	html_add(page->into, "</h1>\n<p class=\"lead\">%s</p>\n",
		 unit->rated
			 ? site_sentence(page->context->standard->bars[unit->grade].promise, arena)
			 : "So little is known that any grade would be invented.");
	html_add(page->into, "<div class=\"verdict\"><p><b>Why.</b> %s</p>\n",
		 site_sentence(why_text(explanation, arena), arena));
	html_add(page->into, "<p><b>What would change it.</b> %s",
		 site_sentence(next_text(explanation, arena), arena));
	if (announced[0] != '\0')
		html_add(page->into, " %s", site_sentence(announced, arena));
	text_add(page->into, "</p></div>\n");
	add_figures(page, explanation);
	text_add(page->into, "<div class=\"beside\"><div>\n");
	add_chances(page, explanation);
	text_add(page->into, "</div><div>\n");
	add_range(page, unit);
	text_add(page->into, "</div></div>\n");
}

static void add_contents(const struct site_page *page, const struct explanation *explanation)
{
	const struct {
		const char *id, *title;
		bool there;
	} sections[] = {
		{ "decides", "What decides the grade", true },
		{ "points", "Points", true },
		{ "gates", "Gates", true },
		{ "path", "The way up", !explanation->at_top },
		{ "outlook", "Outlook and trend", true },
		{ "history", "Published grades",
		  (page->context->serves & SITE_SERVES_FEEDBACK) != 0 },
		{ "reply", "What the provider says", true },
		{ "evidence", "Evidence", true },
		{ "unknown", "What is not known", true },
		{ "criteria", "Every criterion", true },
		{ "units", "Units", explanation->provider->unit_count > 1 },
	};

	text_add(page->into, "<nav class=\"contents\" aria-label=\"On this page\"><ul>");
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		if (sections[i].there)
			html_add(page->into, "<li><a href=\"#%s\">%s</a></li>", sections[i].id,
				 sections[i].title);
	}
	text_add(page->into, "</ul></nav>\n");
}

/* ---- outlook and trend ---- */

static void add_dated(const struct site_page *page, const struct dated_grade *item)
{
	text_add(page->into, "<td>");
	site_grade(page, item->rated, item->grade, "");
	html_add(page->into, "</td><td class=\"number\">%.1f</td>", item->overall * 100);
}

static void add_outlook(const struct site_page *page, const struct explanation *explanation)
{
	site_heading(page, "outlook", "Outlook and trend");
	if (explanation->outlook_count == 0) {
		text_add(page->into, "<p>Nothing is announced that would count.</p>\n");
		return;
	}
	text_add(page->into,
		 "<p>The rating once more, as if what is announced had arrived by that day. "
		 "Announcements count nowhere else.</p>\n");
	site_table_open(page, "outlook", "If what is announced arrives");
	text_add(page->into,
		 "<thead><tr><th scope=\"col\">By</th><th scope=\"col\">Grade</th>"
		 "<th scope=\"col\" class=\"number\">Score</th>"
		 "<th scope=\"col\" class=\"number\">Announcements</th></tr></thead>\n<tbody>\n");
	for (uint32_t i = 0; i < explanation->outlook_count; i++) {
		const struct dated_grade *item = &explanation->outlook[i];

		text_add(page->into, "<tr><th scope=\"row\">");
		if (item->date == DATE_NONE)
			text_add(page->into, "no day given");
		else
			site_date(page, item->date);
		text_add(page->into, "</th>");
		add_dated(page, item);
		html_add(page->into, "<td class=\"number\">%u</td></tr>\n", item->announced);
	}
	text_add(page->into, "</tbody>");
	site_table_close(page);
}

static void add_trend(const struct site_page *page, const struct explanation *explanation)
{
	text_add(page->into, "<h3>Trend</h3>\n");
	if (explanation->trend_count < 2) {
		text_add(
			page->into,
			"<p>All evidence was observed on one day, so there is no trend yet.</p>\n");
		return;
	}
	text_add(page->into, "<div class=\"beside\"><div>");
	chart_trend(page->into, explanation->rating->request.as_of, explanation->trend,
		    explanation->trend_count);
	text_add(page->into, "</div>\n");
	site_table_open(page, "trend", "Grade on each day on which something was observed");
	text_add(page->into,
		 "<thead><tr><th scope=\"col\">Day</th><th scope=\"col\">Grade</th>"
		 "<th scope=\"col\" class=\"number\">Score</th></tr></thead>\n<tbody>\n");
	for (uint32_t i = 0; i < explanation->trend_count; i++) {
		text_add(page->into, "<tr><th scope=\"row\">");
		site_date(page, explanation->trend[i].date);
		text_add(page->into, "</th>");
		add_dated(page, &explanation->trend[i]);
		text_add(page->into, "</tr>\n");
	}
	text_add(page->into, "</tbody>");
	site_table_close(page);
	text_add(page->into, "</div>\n");
}

/* ---- units ---- */

static void add_units(const struct site_page *page, const struct explanation *explanation)
{
	const struct provider *provider = explanation->provider;
	struct arena *arena = page->context->arena;

	if (provider->unit_count < 2)
		return;
	site_heading(page, "units", "Units");
	html_add(page->into, "<p>%s stands for the provider: %s</p>\n", explanation->unit->name,
		 site_sentence(provider->chosen_why, arena));
	site_table_open(page, "units", "Products and regions that are rated apart");
	text_add(page->into,
		 "<thead><tr><th scope=\"col\">Unit</th><th scope=\"col\">Grade</th>"
		 "<th scope=\"col\">How likely</th><th scope=\"col\" class=\"number\">Score</th>"
		 "<th scope=\"col\">Range</th><th scope=\"col\" class=\"number\">Known</th></tr>"
		 "</thead>\n<tbody>\n");
	for (uint32_t i = 0; i < provider->unit_count; i++) {
		const struct unit *unit = &provider->units[i];

		html_add(page->into, "<tr><th scope=\"row\">%s</th><td>", unit->name);
		site_grade(page, unit->rated, unit->grade, "");
		text_add(page->into, "</td><td>");
		if (unit->rated && explanation->rating->request.draws > 0)
			chart_likelihood(page->into, "strip", unit->probability);
		html_add(page->into, "</td><td class=\"number\">%.1f</td><td class=\"range\">",
			 unit->overall * 100);
		chart_score(page->into, page->context->standard, unit);
		html_add(page->into, "</td><td class=\"number\">%s</td></tr>\n",
			 percent_text(unit->coverage, arena));
	}
	text_add(page->into, "</tbody>");
	site_table_close(page);
}

void site_provider(const struct site_page *page, const struct explanation *explanation)
{
	struct arena *arena = page->context->arena;
	const char *name = explanation->provider->name;
	const char *grade = unit_grade_text(explanation->unit);
	const struct site_head head = {
		.title = arena_format(arena, "%s: %s | assay", name, grade),
		.description = arena_format(arena, "%s is %s: %s", name, grade,
					    why_text(explanation, arena)),
		.section = SECTION_RATINGS,
		.twin = arena_format(arena, "%s.json", name),
	};

	site_open(page, &head);
	add_hero(page, explanation);
	add_contents(page, explanation);
	site_reasons(page, explanation);
	add_outlook(page, explanation);
	add_trend(page, explanation);
	site_history(page, explanation);
	site_reply(page, explanation);
	site_evidence(page, explanation);
	add_units(page, explanation);
	site_close(page, &head);
}
