#include "report/model_training_parts.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "report/phrase.h"

const double law_bandwidths[] = { 2, 0.75, 0.5, 0.25 };

/* Half the bandwidth: -10 %, -15 %, -20 %. */
const struct law_published law_published[] = {
	{ "published, dense 70B", 1.0 / 9 },
	{ "published, 8x7B, low", 3.0 / 17 },
	{ "published, 8x7B, high", 0.25 },
};

/* Sizes of the window that matters to training, MiB. */
static const unsigned curve_mib[] = { 16, 64, 256, 512 };

enum {
	CURVE_SIZES = sizeof(curve_mib) / sizeof(curve_mib[0]),
	BYTES_PER_MIB = 1 << 20,
};

static const double many_bytes = 1e15;

double training_row_share(const struct training_row *row)
{
	double given = training_asides_of(row->training).share.value;

	return isnan(given) ? row->comparison.a.network_share : given;
}

const char *training_change_text(double factor, struct arena *arena)
{
	const char *text = decimal_text(100 * (factor - 1), 1, arena);
	bool is_nothing = strcmp(text, "0.0") == 0 || strcmp(text, "-0.0") == 0;

	if (is_nothing)
		return "0.0%";
	return arena_format(arena, "%s%s%%", text[0] == '-' ? "" : "+", text);
}

static void add_law(struct table *table, const char *name, double share)
{
	table_cell(table, name);
	table_cell(table, decimal_text(share, 3, table->arena));
	for (int i = 0; i < LAW_BANDWIDTHS; i++)
		table_cell(table, training_change_text(training_law(law_bandwidths[i], share),
						       table->arena));
}

void training_add_laws(const struct page *page, const struct training_result *result)
{
	static const struct column columns[] = {
		{ .title = "of" },
		{ .title = "x, share that waits", .right = true },
		{ .title = "b = 2", .right = true },
		{ .title = "0.75", .right = true },
		{ .title = "0.5", .right = true },
		{ .title = "0.25", .right = true },
	};
	TABLE(table, columns, page->arena);

	static_assert(sizeof(columns) / sizeof(columns[0]) == 2 + LAW_BANDWIDTHS,
		      "a column for each bandwidth");
	for (int i = 0; i < LAW_PUBLISHED; i++)
		add_law(&table, law_published[i].name, law_published[i].share);
	for (unsigned i = 0; i < result->row_count; i++) {
		const struct training_row *row = &result->rows[i];

		add_law(&table, arena_format(page->arena, "%s on %s", row->model, row->network_a),
			training_row_share(row));
	}
	page_heading(page, "MFU if collectives were b times as fast: 1 / (1 + x (1/b - 1))");
	page_table(page, &table);
}

static void add_curve(struct table *table, const char *name, const struct network *network,
		      unsigned gpus)
{
	struct rank_group group = network_group(network, gpus, 1);
	struct collective_time time;

	table_cell(table, name);
	table_format(table, "%u", gpus);
	for (int i = 0; i < CURVE_SIZES; i++) {
		collective_time(network, &group, COLLECTIVE_ALL_REDUCE,
				(double)curve_mib[i] * BYTES_PER_MIB, &time);
		table_format(table, "%.0f", time.busbw_gb_per_s);
	}
	table_format(table, "%s, %s", algorithm_names[time.algorithm],
		     protocol_names[time.protocol]);
	collective_time(network, &group, COLLECTIVE_ALL_REDUCE, many_bytes, &time);
	table_format(table, "%.0f", time.bound_gb_per_s);
}

/* Whether an earlier case shows the same network. */
static bool is_shown(const struct training_result *result, unsigned index, const char *name)
{
	unsigned gpus = result->rows[index].comparison.input.training.gpus;

	for (unsigned i = 0; i < index; i++) {
		const struct training_row *row = &result->rows[i];

		if (row->comparison.input.training.gpus == gpus &&
		    (strcmp(row->network_a, name) == 0 || strcmp(row->network_b, name) == 0))
			return true;
	}
	return false;
}

void training_add_curves(const struct page *page, const struct training_result *result)
{
	static const struct column columns[] = {
		{ .title = "network" },
		{ .title = "GPUs", .right = true },
		{ .title = "16 MiB", .right = true },
		{ .title = "64 MiB", .right = true },
		{ .title = "256 MiB", .right = true },
		{ .title = "512 MiB", .right = true },
		{ .title = "512 MiB by" },
		{ .title = "bound", .right = true },
	};
	TABLE(table, columns, page->arena);

	static_assert(sizeof(columns) / sizeof(columns[0]) == 4 + CURVE_SIZES,
		      "a column for each size");
	for (unsigned i = 0; i < result->row_count; i++) {
		const struct training_row *row = &result->rows[i];
		unsigned gpus = row->comparison.input.training.gpus;

		if (!is_shown(result, i, row->network_a))
			add_curve(&table, row->network_a, &row->comparison.network_a, gpus);
		if (!is_shown(result, i, row->network_b) &&
		    strcmp(row->network_a, row->network_b) != 0)
			add_curve(&table, row->network_b, &row->comparison.network_b, gpus);
	}
	page_heading(page, "All-reduce at best: bus bandwidth by size, GB/s");
	page_table(page, &table);
}
