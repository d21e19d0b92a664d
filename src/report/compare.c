#include <math.h>
#include <stdlib.h>

#include "report/contrast.h"
#include "report/json_twin.h"
#include "report/page.h"
#include "report/phrase.h"

enum {
	CONTRASTS_SHOWN = 16,
};

static int by_points(const void *left, const void *right)
{
	const struct contrast *a = left;
	const struct contrast *b = right;
	double more = fabs(a->points) - fabs(b->points);

	if (more > 0 || more < 0)
		return more > 0 ? -1 : 1;
	return a->criterion < b->criterion ? -1 : a->criterion > b->criterion;
}

static bool is_known(const struct settlement *settlement)
{
	return settlement->state != STATE_UNSETTLED && settlement->state != STATE_OUT_OF_PROFILE;
}

void contrasts_of(const struct standard *standard, const struct unit *a, const struct unit *b,
		  struct arena *arena, struct contrast **ret_items, uint32_t *ret_count)
{
	struct contrast *items = ARENA_ARRAY(arena, struct contrast, standard->criterion_count);
	uint32_t count = 0;

	for (uint32_t i = 0; i < standard->criterion_count; i++) {
		const struct settlement *left = &a->settlements[i];
		const struct settlement *right = &b->settlements[i];

		if (!is_known(left) && !is_known(right))
			continue;
		if (left->state == right->state && left->point == right->point)
			continue;
		items[count++] = (struct contrast){
			.criterion = i,
			.points = left->point * criterion_leverage(standard, a, i) -
				  right->point * criterion_leverage(standard, b, i),
		};
	}
	if (count > 0)
		qsort(items, count, sizeof(*items), by_points);
	*ret_items = items;
	*ret_count = count;
}

static const char *signed_text(double points, struct arena *arena)
{
	return arena_format(arena, "%s%s", points > 0 ? "+" : "", decimal_text(points, 1, arena));
}

static void add_heads(const struct page *page, const struct rating *rating,
		      const struct provider *const pair[2])
{
	static const struct column columns[] = {
		{ .title = "provider" },
		{ .title = "grade" },
		{ .title = "P", .right = true },
		{ .title = "rank" },
		{ .title = "score", .right = true },
		{ .title = "known", .right = true },
		{ .title = "why it has this grade, and what would change it" },
	};
	struct arena *arena = page->arena;
	TABLE(table, columns, arena);

	for (int i = 0; i < 2; i++) {
		const struct unit *unit = provider_unit(pair[i]);
		bool drawn = unit->rated && rating->request.draws > 0;
		struct explanation explanation;

		explanation_make(rating, pair[i], arena, &explanation);
		table_tinted(&table, TINT_STRONG, unit->name);
		table_tinted(&table, unit->rated ? grade_tint(unit->grade) : TINT_DIM,
			     unit_grade_text(unit));
		table_cell(&table,
			   drawn ? percent_text(pair[i]->probability[unit->grade], arena) : "-");
		table_cell(&table, rank_text(pair[i], arena));
		table_cell(&table, score_text(unit->overall, arena));
		table_cell(&table, percent_text(unit->coverage, arena));
		table_cell(&table, explanation_line(&explanation, arena));
	}
	page_table(page, &table);
}

static void add_categories(const struct page *page, const struct standard *standard,
			   const struct provider *const pair[2])
{
	const struct column columns[] = {
		{ .title = "category" },
		{ .title = pair[0]->name, .right = true },
		{ .title = "known", .right = true },
		{ .title = pair[1]->name, .right = true },
		{ .title = "known", .right = true },
		{ .title = "difference", .right = true },
	};
	struct arena *arena = page->arena;
	TABLE(table, columns, arena);

	for (uint32_t i = 0; i < standard->category_count; i++) {
		const struct category_score *a = &provider_unit(pair[0])->categories[i];
		const struct category_score *b = &provider_unit(pair[1])->categories[i];
		double more = 100 * (a->point - b->point);

		table_cell(&table, standard->categories[i].id);
		table_cell(&table, a->applies ? score_text(a->point, arena) : "-");
		table_cell(&table, a->applies ? percent_text(a->coverage, arena) : "-");
		table_cell(&table, b->applies ? score_text(b->point, arena) : "-");
		table_cell(&table, b->applies ? percent_text(b->coverage, arena) : "-");
		table_cell(&table, a->applies && b->applies ? signed_text(more, arena) : "-");
	}
	page_heading(page, "By category");
	page_table(page, &table);
}

static void add_contrasts(const struct page *page, const struct standard *standard,
			  const struct provider *const pair[2])
{
	const struct column columns[] = {
		{ .title = "criterion" },
		{ .title = "points", .right = true },
		{ .title = pair[0]->name },
		{ .title = pair[1]->name },
	};
	const struct unit *a = provider_unit(pair[0]);
	const struct unit *b = provider_unit(pair[1]);
	struct contrast *contrasts = NULL;
	uint32_t count = 0;
	TABLE(table, columns, page->arena);

	contrasts_of(standard, a, b, page->arena, &contrasts, &count);
	for (uint32_t i = 0; i < count && i < CONTRASTS_SHOWN; i++) {
		uint32_t criterion = contrasts[i].criterion;

		table_cell(&table, standard->criteria[criterion].id);
		table_cell(&table, signed_text(contrasts[i].points, page->arena));
		table_cell(&table, settlement_text(&a->settlements[criterion], page->arena));
		table_cell(&table, settlement_text(&b->settlements[criterion], page->arena));
	}
	page_heading(page, "What tells them apart");
	page_table(page, &table);
	if (count > CONTRASTS_SHOWN)
		page_paragraph(page, "And %u more, each of fewer points; --format csv has all.",
			       count - CONTRASTS_SHOWN);
	page_paragraph(page,
		       "points: of the overall score, that %s has more. What is not known is "
		       "presumed, as in each rating.",
		       pair[0]->name);
}

static void write_rows(const struct standard *standard, const struct provider *const pair[2],
		       const struct report_style *style, struct arena *arena, struct text *into)
{
	const struct column columns[] = {
		{ .title = "criterion" },
		{ .title = "points" },
		{ .title = pair[0]->name },
		{ .title = pair[1]->name },
	};
	const struct unit *a = provider_unit(pair[0]);
	const struct unit *b = provider_unit(pair[1]);
	struct contrast *contrasts = NULL;
	uint32_t count = 0;
	TABLE(table, columns, arena);

	contrasts_of(standard, a, b, arena, &contrasts, &count);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t criterion = contrasts[i].criterion;

		table_cell(&table, standard->criteria[criterion].id);
		table_cell(&table, decimal_text(contrasts[i].points, 3, arena));
		table_cell(&table, settlement_text(&a->settlements[criterion], arena));
		table_cell(&table, settlement_text(&b->settlements[criterion], arena));
	}
	table_write(&table, FORMAT_CSV, style, into);
}

void compare_write(const struct rating *rating, const struct provider *a, const struct provider *b,
		   enum report_format format, const struct report_style *style, struct text *into)
{
	SCOPED_ARENA(arena);
	const struct page page = {
		.format = format, .style = style, .arena = &arena, .into = into
	};
	const struct provider *const pair[2] = { a, b };

	if (format == FORMAT_JSON) {
		comparison_json(rating, a, b, into);
	} else if (format == FORMAT_CSV) {
		write_rows(rating->request.standard, pair, style, &arena, into);
	} else {
		page_title(&page, "%s and %s", a->name, b->name);
		add_heads(&page, rating, pair);
		add_categories(&page, rating->request.standard, pair);
		add_contrasts(&page, rating->request.standard, pair);
	}
}
