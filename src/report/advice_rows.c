#include "report/advice.h"

#include <math.h>

#include "report/phrase.h"
#include "report/table.h"

static void add_number(struct table *table, bool known, double value, unsigned decimals)
{
	table_cell(table,
		   known && isfinite(value) ? decimal_text(value, decimals, table->arena) : "");
}

static void add_range(struct table *table, bool known, struct quantity range, unsigned decimals)
{
	add_number(table, known, range.value, decimals);
	add_number(table, known, range.low, decimals);
	add_number(table, known, range.high, decimals);
}

static void add_offer(struct table *table, const struct advice *advice, const struct offer *offer)
{
	char day[DATE_TEXT_SIZE];

	table_cell(table, offer->provider);
	table_cell(table, offer->product);
	table_cell(table, offer->region);
	table_cell(table, advice->bench.catalogue->gpus[offer->gpu].name);
	table_cell(table, form_names[offer->form]);
	table_cell(table, rental_names[offer->rental]);
	table_cell(table, offer->rental == RENTAL_CONTRACT
				  ? arena_format(table->arena, "%u", offer->term_months)
				  : "");
	table_cell(table, stock_names[offer->stock]);
	table_cell(table, arena_string(table->arena, span_of(date_format(offer->observed, day))));
}

static void add_row(struct table *table, const struct advice *advice, size_t index)
{
	const struct candidate *candidate = &advice->candidates[index];
	const struct estimate *estimate = &candidate->estimate;
	const struct unit *unit = candidate->rated.unit;
	bool known = candidate->estimated;
	bool fits = index < advice->fit_count;

	table_cell(table, fits ? arena_format(table->arena, "%zu", index + 1) : "");
	add_offer(table, advice, candidate->offer);
	table_cell(table, fits                                      ? "fits"
			  : candidate->obstacle >= OBSTACLE_UNKNOWN ? "would fit"
								    : "excluded");
	table_cell(table, fits ? "" : obstacle_names[candidate->obstacle]);
	table_cell(table, candidate->why);
	table_cell(table, unit && unit->rated ? grade_names[unit->grade] : "");
	add_number(table, known, estimate->price.value, 4);
	add_range(table, known, estimate->usd, 2);
	add_range(table, known, estimate->hours, 2);
	add_number(table, known, estimate->gpu_hours, 1);
	add_number(table, known, estimate->in_time, 4);
	add_number(table, known, estimate->survival, 4);
	add_number(table, known, estimate->interruptions, 3);
}

void advice_rows(const struct advice *advice, const struct report_style *style, struct text *into)
{
	static const struct column columns[] = {
		{ .title = "rank" },          { .title = "provider" },
		{ .title = "product" },       { .title = "region" },
		{ .title = "gpu" },           { .title = "form" },
		{ .title = "rental" },        { .title = "term_months" },
		{ .title = "stock" },         { .title = "observed" },
		{ .title = "standing" },      { .title = "obstacle" },
		{ .title = "why" },           { .title = "grade" },
		{ .title = "usd_gpu_hour" },  { .title = "usd" },
		{ .title = "usd_low" },       { .title = "usd_high" },
		{ .title = "hours" },         { .title = "hours_low" },
		{ .title = "hours_high" },    { .title = "gpu_hours" },
		{ .title = "in_time" },       { .title = "kept" },
		{ .title = "interruptions" },
	};
	SCOPED_ARENA(arena);
	TABLE(table, columns, &arena);

	for (size_t i = 0; i < advice->count; i++)
		add_row(&table, advice, i);
	table_write(&table, FORMAT_CSV, style, into);
}
