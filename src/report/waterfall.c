#include <math.h>

#include "report/explain.h"
#include "report/phrase.h"

enum {
	BAR_COLUMNS = 24,
	NAMES_SHOWN = 3,
};

/* "########????????........": won for certain, not known, lost for certain. */
static const char *bar_text(double low, double high, struct arena *arena)
{
	char bar[BAR_COLUMNS + 1];
	long won = lround(low * BAR_COLUMNS);
	long open = lround(high * BAR_COLUMNS);

	for (long i = 0; i < BAR_COLUMNS; i++)
		bar[i] = i < won ? '#' : i < open ? '?' : '.';
	bar[BAR_COLUMNS] = '\0';
	return arena_string(arena, span_of(bar));
}

/* The first items of `ranked` that are of the category: "active-checks (none), dashboard (basic)".
 */
static void add_names(const struct explanation *explanation, uint32_t category,
		      const uint32_t *ranked, uint32_t count, struct text *into)
{
	const struct standard *standard = explanation->rating->request.standard;
	SCOPED_ARENA(arena);
	unsigned named = 0;

	for (uint32_t i = 0; i < count && named < NAMES_SHOWN; i++) {
		const struct criterion *criterion = &standard->criteria[ranked[i]];
		const struct settlement *settlement = &explanation->unit->settlements[ranked[i]];

		if (criterion->category != category)
			continue;
		text_format(into, "%s%s (%s)", named > 0 ? ", " : "", criterion_tail(criterion),
			    settlement_text(settlement, &arena));
		named++;
	}
}

static const char *notes_text(const struct explanation *explanation, uint32_t category,
			      struct arena *arena)
{
	SCOPED_TEXT(notes);
	SCOPED_TEXT(weak);

	add_names(explanation, category, explanation->strong, explanation->strong_count, &notes);
	add_names(explanation, category, explanation->weak, explanation->weak_count, &weak);
	if (weak.length > 0)
		text_format(&notes, "%slost by %s", notes.length > 0 ? "; " : "",
			    text_string(&weak));
	if (notes.length == 0)
		text_add(&notes, "nothing is known");
	return arena_string(arena, text_span(&notes));
}

static unsigned weight_sum(const struct standard *standard, const struct unit *unit)
{
	unsigned sum = 0;

	for (uint32_t i = 0; i < standard->category_count; i++)
		sum += unit->categories[i].applies ? standard->categories[i].weight : 0;
	return sum;
}

void waterfall_add(const struct page *page, const struct explanation *explanation)
{
	static const struct column columns[] = {
		{ .title = "category" },
		{ .title = "weight", .right = true },
		{ .title = "score", .right = true },
		{ .title = "points", .right = true },
		{ .title = "known", .right = true },
		{ .title = "won # unknown ? lost ." },
		{ .title = "by" },
	};
	const struct standard *standard = explanation->rating->request.standard;
	const struct unit *unit = explanation->unit;
	unsigned sum = weight_sum(standard, unit);
	struct arena *arena = page->arena;
	TABLE(table, columns, arena);

	table.indent = 2;
	for (uint32_t i = 0; i < standard->category_count; i++) {
		const struct category_score *score = &unit->categories[i];

		if (!score->applies)
			continue;
		double share = standard->categories[i].weight / (double)sum;
		table_cell(&table, standard->categories[i].id);
		table_cell(&table, decimal_text(100 * share, 1, arena));
		table_cell(&table, score_text(score->point, arena));
		table_cell(&table, score_text(score->point * share, arena));
		table_cell(&table, percent_text(score->coverage, arena));
		table_cell(&table, bar_text(score->low, score->high, arena));
		table_cell(&table, notes_text(explanation, i, arena));
	}
	page_heading(page, "Where the points come from");
	page_table(page, &table);
	page_paragraph(page,
		       "The points add up to %s of 100. If all that is not known were bad it would "
		       "be %s, if all were good %s.",
		       score_text(unit->overall, arena), score_text(unit->low, arena),
		       score_text(unit->high, arena));
}
