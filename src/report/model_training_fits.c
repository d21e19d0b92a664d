#include "report/model_training_parts.h"

#include <assert.h>

#include "report/phrase.h"

enum {
	BYTES_PER_MIB = 1 << 20,
};

static const char *band_text(const struct training_fit *fit, struct arena *arena)
{
	switch (fit->meaning.band) {
	case BAND_ABOVE:
		return "so more than a chain through the NICs: the library goes by stages, or the "
		       "network is not the one described";
	case BAND_AT:
		return "all that there is: what smaller sizes lack is latency, not bandwidth";
	case BAND_RAILS:
		return arena_format(arena,
				    "as with %u NICs of a node: look for dead or shared ones",
				    fit->meaning.rails);
	case BAND_HALF:
		return "half: look at PCIe generation and width, whether two GPUs share a NIC, and "
		       "at oversubscription";
	case BAND_THIRD:
		return "a third: look whether GPUDirect RDMA is off";
	case BAND_BETWEEN:
	case BAND_COUNT:
		break;
	}
	return "short of it: look at oversubscription, congestion and routing";
}

static const char *shape_text(enum residual_shape shape)
{
	switch (shape) {
	case SHAPE_STRAIGHT:
		return "a straight line";
	case SHAPE_CURVED:
		return "curved, as where the protocol changes";
	case SHAPE_ROUGH:
	case SHAPE_COUNT:
		break;
	}
	return "rough, as under congestion or with few iterations";
}

static const char *latency_text(const struct alpha_beta_meaning *meaning, double alpha_us)
{
	if (alpha_us < 0)
		return "no latency shows: the points are no straight line";
	if (alpha_us > meaning->most_us)
		return "more than the library's own constants allow: look for TCP, or for slow "
		       "ranks";
	return "within what the library's own constants give";
}

static const struct column fit_columns[] = {
	{ .title = "curve" },
	{ .title = "collective" },
	{ .title = "GPUs", .right = true },
	{ .title = "network" },
	{ .title = "alpha, us", .right = true },
	{ .title = "GB/s of many bytes", .right = true },
	{ .title = "bound, GB/s", .right = true },
	{ .title = "half at, MiB", .right = true },
	{ .title = "worst residual, %", .right = true },
};

static void add_fit_rows(struct table *table, const struct training_result *result)
{
	struct arena *arena = table->arena;

	for (unsigned i = 0; i < result->fit_count; i++) {
		const struct training_fit *fit = &result->fits[i];

		table_cell(table, fit->title);
		table_cell(table, collective_names[fit->collective]);
		table_format(table, "%u", fit->gpus);
		table_cell(table, fit->network);
		table_cell(table, decimal_text(fit->fit.alpha_us, 0, arena));
		table_cell(table, decimal_text(fit->fit.busbw_gb_per_s, 0, arena));
		table_cell(table, decimal_text(fit->meaning.bound_gb_per_s, 0, arena));
		table_cell(table, decimal_text(fit->fit.half_bytes / BYTES_PER_MIB, 0, arena));
		table_cell(table, decimal_text(100 * fit->fit.worst, 1, arena));
	}
}

void training_add_fits(const struct page *page, const struct training_result *result)
{
	struct arena *arena = page->arena;
	TABLE(table, fit_columns, arena);

	if (result->fit_count == 0)
		return;
	add_fit_rows(&table, result);
	page_heading(page, "Measured curves: time = alpha + bytes / rate");
	page_table(page, &table);
	for (unsigned i = 0; i < result->fit_count; i++) {
		const struct training_fit *fit = &result->fits[i];
		const struct alpha_beta_meaning *meaning = &fit->meaning;

		page_item(page,
			  "%s: %s%% of the %s GB/s that %s, %s. Alpha is %s us for each step of a "
			  "ring, %s "
			  "(%s to %s us in all). The residuals are %s. 90%% of it takes %s MiB.",
			  fit->title, score_text(meaning->share, arena),
			  decimal_text(meaning->reference_gb_per_s, 0, arena),
			  meaning->reference_gb_per_s < meaning->bound_gb_per_s ? "the NICs give"
										: "are possible",
			  band_text(fit, arena), decimal_text(meaning->step_us, 2, arena),
			  latency_text(meaning, fit->fit.alpha_us),
			  decimal_text(meaning->least_us, 0, arena),
			  decimal_text(meaning->most_us, 0, arena), shape_text(meaning->shape),
			  decimal_text(9 * fit->fit.half_bytes / BYTES_PER_MIB, 0, arena));
	}
	page_end_list(page);
}

void training_write_fits(const struct training_result *result, const struct report_style *style,
			 struct arena *arena, struct text *into)
{
	static const struct column columns[] = {
		{ .title = "curve" },          { .title = "collective" },
		{ .title = "gpus" },           { .title = "network" },
		{ .title = "alpha_us" },       { .title = "busbw_gb_per_s" },
		{ .title = "bound_gb_per_s" }, { .title = "half_mib" },
		{ .title = "worst_percent" },
	};
	TABLE(table, columns, arena);

	static_assert(sizeof(columns) == sizeof(fit_columns), "the rows of a page");

	add_fit_rows(&table, result);
	table_write(&table, FORMAT_CSV, style, into);
}
