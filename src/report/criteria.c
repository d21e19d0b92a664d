#include "report/explain.h"
#include "report/json_twin.h"
#include "report/phrase.h"

static const char *gate_text(const struct standard *standard, uint32_t criterion,
			     struct arena *arena)
{
	int32_t gate = standard_gate_of(standard, criterion);

	return gate < 0 ? ""
			: arena_format(arena, "caps at %s", grade_names[standard->gates[gate].cap]);
}

static void add_grades(const struct page *page, const struct standard *standard)
{
	static const struct column columns[] = {
		{ .title = "grade" },
		{ .title = "score", .right = true }, /* while nothing is known, and once all is */
		{ .title = "known", .right = true },
		{ .title = "demands besides, and promises" },
	};
	struct arena *arena = page->arena;
	TABLE(table, columns, arena);

	for (int grade = GRADE_COUNT - 1; grade >= 0; grade--) {
		const struct grade_bar *bar = &standard->bars[grade];
		SCOPED_TEXT(besides);

		for (uint32_t i = 0; i < standard->category_count; i++) {
			if (bar->category_permille[i] > 0)
				text_format(
					&besides, "%s %s, ", standard->categories[i].id,
					decimal_text(bar->category_permille[i] / 10.0, 0, arena));
		}
		if (bar->strength_permille > 0)
			text_format(&besides, "%s of the weight settled by %s or stronger; ",
				    percent_text(bar->strength_permille / 1000.0, arena),
				    strength_names[bar->strength]);
		text_add(&besides, bar->promise);
		table_tinted(&table, grade_tint((enum grade)grade), grade_names[grade]);
		table_cell(&table, arena_format(arena, "%s to %s",
						decimal_text(bar->overall_from / 10.0, 0, arena),
						decimal_text(bar->overall_to / 10.0, 0, arena)));
		table_cell(&table, percent_text(bar->coverage_permille / 1000.0, arena));
		table_cell(&table, arena_string(arena, text_span(&besides)));
	}
	page_table(page, &table);
	page_paragraph(page,
		       "score: what a grade demands rises from the first figure while nothing "
		       "is known of a cloud to the second once everything is.");
}

static void add_category(const struct page *page, const struct standard *standard, uint32_t index)
{
	static const struct column columns[] = {
		{ .title = "criterion" },
		{ .title = "weight", .right = true },
		{ .title = "gate" },
		{ .title = "what it is" },
	};
	const struct category *category = &standard->categories[index];
	TABLE(table, columns, page->arena);

	table.indent = 2;
	for (uint32_t i = 0; i < category->criteria_count; i++) {
		uint32_t at = category->criteria_first + i;

		table_cell(&table, standard->criteria[at].id);
		table_format(&table, "%u", standard->criteria[at].weight);
		table_cell(&table, gate_text(standard, at, page->arena));
		table_cell(&table, standard->criteria[at].title);
	}
	page_heading(page, "%s, weight %u: %s", category->title, category->weight,
		     category->reason);
	page_table(page, &table);
}

static void add_all(const struct page *page, const struct standard *standard)
{
	char day[DATE_TEXT_SIZE];
	char hash[RECORD_HASH_TEXT];

	page_title(page, "%s %s of %s: %u criteria in %u categories", standard->name,
		   standard->version, date_format(standard->date, day), standard->criterion_count,
		   standard->category_count);
	page_paragraph(page, "%s. One of them: assay criteria %s",
		       hash_format(standard->hash, hash), standard->criteria[0].id);
	add_grades(page, standard);
	for (uint32_t i = 0; i < standard->category_count; i++)
		add_category(page, standard, i);
}

static void add_one(const struct page *page, const struct standard *standard, uint32_t index)
{
	page_title(page, "%s: %s", standard->criteria[index].id, standard->criteria[index].title);
	page_paragraph(page, "%s", standard->criteria[index].question);
	criterion_add(page, standard, index, NULL);
}

static void write_rows(const struct standard *standard, int32_t only,
		       const struct report_style *style, struct arena *arena, struct text *into)
{
	static const struct column columns[] = {
		{ .title = "criterion" },   { .title = "category" }, { .title = "title" },
		{ .title = "weight" },      { .title = "gate" },     { .title = "strength" },
		{ .title = "expiry_days" }, { .title = "effort" },   { .title = "parent" },
		{ .title = "question" },
	};
	TABLE(table, columns, arena);

	for (uint32_t i = 0; i < standard->criterion_count; i++) {
		const struct criterion *criterion = &standard->criteria[i];
		int32_t gate = standard_gate_of(standard, i);

		if (only >= 0 && i != (uint32_t)only)
			continue;
		table_cell(&table, criterion->id);
		table_cell(&table, standard->categories[criterion->category].id);
		table_cell(&table, criterion->title);
		table_format(&table, "%u", criterion->weight);
		table_cell(&table, gate < 0 ? "" : standard->gates[gate].id);
		table_cell(&table, strength_names[criterion->strength]);
		table_format(&table, "%u", criterion->expiry_days);
		table_format(&table, "%u", criterion->effort);
		table_cell(&table,
			   criterion->parent < 0 ? "" : standard->criteria[criterion->parent].id);
		table_cell(&table, criterion->question);
	}
	table_write(&table, FORMAT_CSV, style, into);
}

void criteria_write(const struct standard *standard, int32_t criterion, enum report_format format,
		    const struct report_style *style, struct text *into)
{
	SCOPED_ARENA(arena);
	const struct page page = {
		.format = format, .style = style, .arena = &arena, .into = into
	};

	if (format == FORMAT_JSON && criterion >= 0)
		criterion_json(standard, NULL, (uint32_t)criterion, into);
	else if (format == FORMAT_JSON)
		criteria_json(standard, into);
	else if (format == FORMAT_CSV)
		write_rows(standard, criterion, style, &arena, into);
	else if (criterion >= 0)
		add_one(&page, standard, (uint32_t)criterion);
	else
		add_all(&page, standard);
}
