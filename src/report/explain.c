#include "report/explain.h"
#include "report/json_twin.h"
#include "report/phrase.h"

enum {
	UNKNOWN_SHOWN = 10,
	SIDE_SHOWN = 6,
};

static void add_head(const struct page *page, const struct explanation *explanation)
{
	const struct provider *provider = explanation->provider;
	const struct unit *unit = explanation->unit;
	struct arena *arena = page->arena;

	page_title(page, "%s: %s", provider->name, unit_grade_text(unit));
	page_paragraph(page, "%s.", why_text(explanation, arena));
	page_item(page, "rank %s of %u; score %s, %s known", rank_text(provider, arena),
		  explanation->rating->provider_count, score_text(unit->overall, arena),
		  percent_text(unit->coverage, arena));
	if (unit->rated && explanation->rating->request.draws > 0) {
		page_item(page, "in 80%% of the draws the score lies in %s",
			  interval_text(unit->score_p10, unit->score_p90, arena));
		page_item(page, "Platinum %s, Gold %s, Silver %s, Bronze %s, UnderPerform %s",
			  percent_text(provider->probability[GRADE_PLATINUM], arena),
			  percent_text(provider->probability[GRADE_GOLD], arena),
			  percent_text(provider->probability[GRADE_SILVER], arena),
			  percent_text(provider->probability[GRADE_BRONZE], arena),
			  percent_text(provider->probability[GRADE_UNDERPERFORM], arena));
	}
	if (provider->chosen_why && provider->unit_count > 1)
		page_item(page, "%s stands for it: %s", unit->name, provider->chosen_why);
	page_end_list(page);
}

static void add_units(const struct page *page, const struct explanation *explanation)
{
	static const struct column columns[] = {
		{ .title = "unit" },
		{ .title = "grade" },
		{ .title = "score", .right = true },
		{ .title = "known", .right = true },
	};
	const struct provider *provider = explanation->provider;
	TABLE(table, columns, page->arena);

	if (provider->unit_count < 2)
		return;
	table.indent = 2;
	for (uint32_t i = 0; i < provider->unit_count; i++) {
		const struct unit *unit = &provider->units[i];

		table_cell(&table, unit->name);
		table_tinted(&table, unit->rated ? grade_tint(unit->grade) : TINT_DIM,
			     unit_grade_text(unit));
		table_cell(&table, score_text(unit->overall, page->arena));
		table_cell(&table, percent_text(unit->coverage, page->arena));
	}
	page_heading(page, "Its parts");
	page_table(page, &table);
}

static void add_missing(const struct page *page, const struct explanation *explanation)
{
	const struct standard *standard = explanation->rating->request.standard;

	if (explanation->at_top)
		return;
	page_heading(page, "What keeps it from %s", grade_names[explanation->next]);
	for (uint32_t i = 0; i < explanation->shortfall_count; i++)
		page_item(page, "%s",
			  shortfall_text(standard, explanation->unit, &explanation->shortfalls[i],
					 page->arena));
	page_end_list(page);
}

static const char *gain_text(double points, struct arena *arena)
{
	return arena_format(arena, "+%s", decimal_text(points, 1, arena));
}

static void add_path(const struct page *page, const struct explanation *explanation)
{
	static const struct column columns[] = {
		{ .title = "do" },
		{ .title = "criterion" },
		{ .title = "until" },
		{ .title = "points", .right = true },
		{ .title = "effort", .right = true },
		{ .title = "what it is" },
	};
	const struct standard *standard = explanation->rating->request.standard;
	const struct path *path = &explanation->path;
	TABLE(table, columns, page->arena);

	if (explanation->at_top)
		return;
	if (!path->reachable) {
		page_heading(page, "No way up");
		page_paragraph(page, "No set of changes reaches %s.",
			       grade_names[explanation->next]);
		return;
	}
	table.indent = 2;
	for (uint32_t i = 0; i < path->step_count; i++) {
		const struct step *step = &path->steps[i];
		const struct criterion *criterion = &standard->criteria[step->criterion];

		table_cell(&table, step->shows ? "show" : "raise");
		table_cell(&table, criterion->id);
		table_cell(&table, best_text(criterion, page->arena));
		table_cell(&table, gain_text(step->gain, page->arena));
		table_format(&table, "%u", step->effort);
		table_cell(&table, criterion->title);
	}
	page_heading(page, "The way to %s, effort %u%s", grade_names[path->target], path->effort,
		     path->exact ? ", the least possible" : ", perhaps not the least possible");
	page_table(page, &table);
	page_paragraph(page, "raise: known to be weak. show: may be so already, but nothing shows "
			     "it. effort: 1 a setting, 2 a week's work, 3 a project, 4 a programme "
			     "of months, 5 new hardware or sites.");
}

static void add_days(const struct page *page, const struct dated_grade *days, uint32_t count,
		     const char *undated)
{
	char day[DATE_TEXT_SIZE];

	for (uint32_t i = 0; i < count; i++) {
		const struct dated_grade *one = &days[i];
		bool dated = one->date != DATE_NONE;

		page_item(page, "%s: %s, score %s%s", dated ? date_format(one->date, day) : undated,
			  one->rated ? grade_names[one->grade] : "not rated",
			  score_text(one->overall, page->arena),
			  one->announced > 0 ? arena_format(page->arena, ", if %s come true",
							    count_text(one->announced,
								       "announcement", page->arena))
					     : "");
	}
	if (count == 0)
		page_item(page, "nothing");
	page_end_list(page);
}

static void add_side(const struct page *page, const struct explanation *explanation,
		     const char *heading, const uint32_t *criteria, uint32_t count)
{
	const struct standard *standard = explanation->rating->request.standard;
	const struct unit *unit = explanation->unit;

	page_heading(page, "%s", heading);
	for (uint32_t i = 0; i < count && i < SIDE_SHOWN; i++) {
		const struct criterion *criterion = &standard->criteria[criteria[i]];

		page_item(page, "%s: %s (%s)", criterion->id,
			  settlement_text(&unit->settlements[criteria[i]], page->arena),
			  criterion->title);
	}
	if (count == 0)
		page_item(page, "nothing");
	page_end_list(page);
}

static void add_unknown(const struct page *page, const struct explanation *explanation)
{
	static const struct column columns[] = {
		{ .title = "criterion" },
		{ .title = "could add", .right = true },
		{ .title = "what it is, and how it is settled" },
	};
	const struct standard *standard = explanation->rating->request.standard;
	const struct unit *unit = explanation->unit;
	TABLE(table, columns, page->arena);

	table.indent = 2;
	for (uint32_t i = 0; i < explanation->unknown_count && i < UNKNOWN_SHOWN; i++) {
		uint32_t index = explanation->unknown[i];
		const struct criterion *criterion = &standard->criteria[index];
		double points = criterion_leverage(standard, unit, index) *
				(WORTH_ONE - unit->settlements[index].point);

		table_cell(&table, criterion->id);
		table_cell(&table, gain_text(points, page->arena));
		table_cell(&table, arena_format(page->arena, "%s; %s", criterion->title,
						ways_text(criterion, page->arena)));
	}
	page_heading(page, "What is not known: %s, those that could add most",
		     arena_format(page->arena, "%u of %u criteria", explanation->unknown_count,
				  standard->criterion_count));
	page_table(page, &table);
}

static void add_foot(const struct page *page, const struct explanation *explanation)
{
	const struct rating *rating = explanation->rating;
	char day[DATE_TEXT_SIZE];
	char hash[RECORD_HASH_TEXT];

	page_paragraph(page, "As of %s, %s %s, rating %s. One criterion: assay explain %s %s",
		       date_format(rating->request.as_of, day), rating->request.standard->name,
		       rating->request.standard->version, hash_format(rating->hash, hash),
		       explanation->provider->name,
		       explanation->rating->request.standard->criteria[0].id);
}

static void add_provider(const struct page *page, const struct explanation *explanation)
{
	add_head(page, explanation);
	add_missing(page, explanation);
	gates_add(page, explanation);
	waterfall_add(page, explanation);
	add_side(page, explanation, "Strong", explanation->strong, explanation->strong_count);
	add_side(page, explanation, "Weak", explanation->weak, explanation->weak_count);
	add_path(page, explanation);
	page_heading(page, "Outlook: the grade as what is announced arrives");
	add_days(page, explanation->outlook, explanation->outlook_count, "without a date");
	page_heading(page, "Trend: the grade on each day with what was known then");
	add_days(page, explanation->trend, explanation->trend_count, "");
	add_unknown(page, explanation);
	add_units(page, explanation);
	add_foot(page, explanation);
}

/* One row a criterion. */
static void write_rows(const struct explanation *explanation, int32_t only,
		       const struct report_style *style, struct arena *arena, struct text *into)
{
	static const struct column columns[] = {
		{ .title = "provider" }, { .title = "unit" },     { .title = "criterion" },
		{ .title = "category" }, { .title = "state" },    { .title = "says" },
		{ .title = "worth" },    { .title = "low" },      { .title = "high" },
		{ .title = "points" },   { .title = "strength" }, { .title = "observed" },
	};
	const struct standard *standard = explanation->rating->request.standard;
	const struct unit *unit = explanation->unit;
	TABLE(table, columns, arena);

	for (uint32_t i = 0; i < standard->criterion_count; i++) {
		const struct criterion *criterion = &standard->criteria[i];
		const struct settlement *settlement = &unit->settlements[i];
		bool known = settlement->observed != DATE_NONE;
		char day[DATE_TEXT_SIZE];

		if (only >= 0 && i != (uint32_t)only)
			continue;
		table_cell(&table, explanation->provider->name);
		table_cell(&table, unit->name);
		table_cell(&table, criterion->id);
		table_cell(&table, standard->categories[criterion->category].id);
		table_cell(&table, state_names[settlement->state]);
		table_cell(&table, settlement_text(settlement, arena));
		table_cell(&table, decimal_text(settlement->point / (double)WORTH_ONE, 3, arena));
		table_cell(&table, decimal_text(settlement->low / (double)WORTH_ONE, 3, arena));
		table_cell(&table, decimal_text(settlement->high / (double)WORTH_ONE, 3, arena));
		table_cell(&table,
			   decimal_text(settlement->point * criterion_leverage(standard, unit, i),
					3, arena));
		table_cell(&table, known ? strength_names[settlement->strength] : "");
		table_cell(
			&table,
			known ? arena_string(arena, span_of(date_format(settlement->observed, day)))
			      : "");
	}
	table_write(&table, FORMAT_CSV, style, into);
}

void explain_write(const struct explanation *explanation, int32_t criterion,
		   enum report_format format, const struct report_style *style, struct text *into)
{
	SCOPED_ARENA(arena);
	const struct page page = {
		.format = format, .style = style, .arena = &arena, .into = into
	};

	if (format == FORMAT_JSON && criterion >= 0)
		criterion_json(explanation->rating->request.standard, explanation->rating,
			       (uint32_t)criterion, into);
	else if (format == FORMAT_JSON)
		provider_json(explanation, into);
	else if (format == FORMAT_CSV)
		write_rows(explanation, criterion, style, &arena, into);
	else if (criterion >= 0)
		criterion_view_add(&page, explanation, (uint32_t)criterion);
	else
		add_provider(&page, explanation);
}
