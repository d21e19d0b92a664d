#include "report/model_training_parts.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "report/phrase.h"

const double training_uncertainty = 0.1;

/* ---- numbers ---- */

/* "44.1%", or "44.1% [42.0-46.3]". */
static const char *share_text(struct quantity share, struct arena *arena)
{
	const char *value = decimal_text(100 * share.value, 1, arena);
	const char *low = decimal_text(100 * share.low, 1, arena);
	const char *high = decimal_text(100 * share.high, 1, arena);

	if (strcmp(low, high) == 0)
		return arena_format(arena, "%s%%", value);
	return arena_format(arena, "%s%% [%s-%s]", value, low, high);
}

static const char *seconds_text(double seconds, struct arena *arena)
{
	return seconds > 0 ? decimal_text(seconds, 3, arena) : "-";
}

/* ---- the cases ---- */

static void add_cases(const struct page *page, const struct training_result *result)
{
	static const struct column columns[] = {
		{ .title = "model" },
		{ .title = "GPUs", .right = true },
		{ .title = "network a" },
		{ .title = "network b" },
		{ .title = "MFU a, b", .right = true },
		{ .title = "waits a, b", .right = true },
		{ .title = "speed of b", .right = true },
		{ .title = "MFU", .right = true },
		{ .title = "b is worth, of a" },
	};
	struct arena *arena = page->arena;
	TABLE(table, columns, arena);

	for (unsigned i = 0; i < result->row_count; i++) {
		const struct training_row *row = &result->rows[i];
		const struct training_comparison *to = &row->comparison;

		table_cell(&table, row->model);
		table_format(&table, "%u", to->input.training.gpus);
		table_cell(&table, row->network_a);
		table_cell(&table, row->network_b);
		table_format(&table, "%s, %s%%", score_text(to->mfu_a.value, arena),
			     score_text(to->mfu_b.value, arena));
		table_format(&table, "%s, %s%%", score_text(to->wait_a.value, arena),
			     score_text(to->wait_b.value, arena));
		table_cell(&table,
			   isnan(to->speed.value) ? "-" : decimal_text(to->speed.value, 2, arena));
		table_tinted(&table, to->ratio.value < 1 ? TINT_WARN : TINT_NONE,
			     training_change_text(to->ratio.value, arena));
		table_cell(&table, share_text(to->ratio, arena));
	}
	page_table(page, &table);
}

/* What a token costs, of the cases that have a price. */
static void add_prices(const struct page *page, const struct training_result *result)
{
	bool any = false;

	for (unsigned i = 0; i < result->row_count; i++) {
		const struct training_row *row = &result->rows[i];
		const struct training_comparison *to = &row->comparison;
		struct arena *arena = page->arena;

		if (isnan(to->usd_a.value) && isnan(to->usd_b.value))
			continue;
		if (!any)
			page_heading(page, "USD for a billion tokens");
		any = true;
		page_item(page, "%s: %s on %s, %s on %s%s", row->model,
			  isnan(to->usd_a.value) ? "not known"
						 : decimal_text(to->usd_a.value, 2, arena),
			  row->network_a,
			  isnan(to->usd_b.value) ? "not known"
						 : decimal_text(to->usd_b.value, 2, arena),
			  row->network_b,
			  isnan(to->usd_ratio.value)
				  ? ""
				  : arena_format(arena, ": %s [%s to %s]",
						 training_change_text(to->usd_ratio.value, arena),
						 training_change_text(to->usd_ratio.low, arena),
						 training_change_text(to->usd_ratio.high, arena)));
	}
	if (any)
		page_end_list(page);
}

static void add_step(struct table *table, const char *model, const char *network,
		     const struct training_step *step)
{
	struct arena *arena = table->arena;
	const struct communication_cost *data = &step->costs[COMMUNICATION_DATA];

	table_cell(table, model);
	table_cell(table, network);
	table_cell(table, seconds_text(step->compute_s, arena));
	table_cell(table, seconds_text(step->bubble_s, arena));
	for (int i = 0; i < COMMUNICATION_COUNT; i++)
		table_cell(table, seconds_text(step->costs[i].exposed_s, arena));
	table_cell(table, seconds_text(step->time_s, arena));
	table_format(table, "%.0f", step->tokens_per_s);
	table_cell(table, data->time_s > 0 ? algorithm_names[data->algorithm] : "-");
}

static void add_steps(const struct page *page, const struct training_result *result)
{
	static const struct column columns[] = {
		{ .title = "model" },
		{ .title = "network" },
		{ .title = "computes", .right = true },
		{ .title = "bubble", .right = true },
		{ .title = "data", .right = true },
		{ .title = "replicas", .right = true },
		{ .title = "tensor", .right = true },
		{ .title = "expert", .right = true },
		{ .title = "pipeline", .right = true },
		{ .title = "step", .right = true },
		{ .title = "tokens/s", .right = true },
		{ .title = "data by" },
	};
	TABLE(table, columns, page->arena);

	static_assert(sizeof(columns) / sizeof(columns[0]) == 7 + COMMUNICATION_COUNT,
		      "a column for each communication");
	for (unsigned i = 0; i < result->row_count; i++) {
		const struct training_row *row = &result->rows[i];

		add_step(&table, row->model, row->network_a, &row->comparison.a);
		add_step(&table, row->model, row->network_b, &row->comparison.b);
	}
	page_heading(page, "Where a step goes: seconds of one GPU that computing does not hide");
	page_table(page, &table);
}

/* ---- the whole ---- */

static const char *overlap_text(const struct training_row *row, struct arena *arena)
{
	const struct parameters *parameters = row->training;
	SCOPED_TEXT(text);

	for (unsigned i = 0; i < parameters->table->count; i++) {
		const char *name = parameters->table->rows[i].name;
		char value[100];

		if (strncmp(name, "overlap_", 8) == 0)
			text_format(&text, "%s%s %s", text.length > 0 ? ", " : "", name + 8,
				    quantity_format(parameters->values[i], value));
	}
	return arena_string(arena, text_span(&text));
}

static void add_assumptions(const struct page *page, const struct training_result *result)
{
	struct arena *arena = page->arena;

	page_heading(page, "What it rests on");
	for (unsigned i = 0; i < result->row_count; i++) {
		const struct training_row *row = &result->rows[i];
		const struct training_input *input = &row->comparison.input;
		const struct training *training = &input->training;

		page_item(
			page,
			"%s: %s billion parameters, a token meets %s; %.0f tokens of each GPU in a "
			"step; %u x %u x %u GPUs for tensor, pipeline and expert; peak %.0f "
			"TFLOPS, MFU %s%% without waiting; hidden by computing: %s.",
			row->model,
			decimal_text(transformer_parameters(&input->transformer) / 1e9, 1, arena),
			decimal_text(transformer_active_parameters(&input->transformer) / 1e9, 1,
				     arena),
			training->tokens, training->tensor, training->pipeline, training->expert,
			training->tflops, score_text(training->compute_mfu, arena),
			overlap_text(row, arena));
	}
	page_item(
		page,
		"The intervals in brackets are those of the ranges among the parameters. Besides "
		"them the model itself is uncertain by about %.0f%% of the ratio. An absolute MFU "
		"is not foretold: software moves it more than a network does.",
		100 * training_uncertainty);
	page_end_list(page);
}

static void write_rows(const struct training_result *result, const struct report_style *style,
		       struct arena *arena, struct text *into)
{
	static const struct column columns[] = {
		{ .title = "model" },          { .title = "gpus" },
		{ .title = "network_a" },      { .title = "network_b" },
		{ .title = "mfu_a" },          { .title = "mfu_b" },
		{ .title = "ratio" },          { .title = "ratio_low" },
		{ .title = "ratio_high" },     { .title = "wait_a" },
		{ .title = "wait_b" },         { .title = "step_a_s" },
		{ .title = "step_b_s" },       { .title = "tokens_per_s_a" },
		{ .title = "tokens_per_s_b" }, { .title = "speed" },
		{ .title = "usd_ratio" },
	};
	TABLE(table, columns, arena);

	for (unsigned i = 0; i < result->row_count; i++) {
		const struct training_row *row = &result->rows[i];
		const struct training_comparison *to = &row->comparison;
		const double numbers[] = {
			to->mfu_a.value,     to->mfu_b.value,    to->ratio.value,
			to->ratio.low,       to->ratio.high,     to->wait_a.value,
			to->wait_b.value,    to->a.time_s,       to->b.time_s,
			to->a.tokens_per_s,  to->b.tokens_per_s, to->speed.value,
			to->usd_ratio.value,
		};

		table_cell(&table, row->model);
		table_format(&table, "%u", to->input.training.gpus);
		table_cell(&table, row->network_a);
		table_cell(&table, row->network_b);
		for (size_t k = 0; k < sizeof(numbers) / sizeof(numbers[0]); k++)
			table_cell(&table,
				   isnan(numbers[k]) ? "" : decimal_text(numbers[k], 4, arena));
	}
	table_write(&table, FORMAT_CSV, style, into);
}

void training_write(const struct training_result *result, enum report_format format,
		    const struct report_style *style, struct text *into)
{
	SCOPED_ARENA(arena);
	const struct page page = {
		.format = format, .style = style, .arena = &arena, .into = into
	};

	if (format == FORMAT_JSON) {
		training_json(result, into);
		return;
	}
	if (format == FORMAT_CSV && result->row_count > 0) {
		write_rows(result, style, &arena, into);
		return;
	}
	if (format == FORMAT_CSV) {
		training_write_fits(result, style, &arena, into);
		return;
	}
	page_title(&page, "What a network does to training");
	if (result->row_count > 0)
		page_paragraph(&page,
			       "MFU: network b beside network a. Speed of b: of the communication "
			       "that shows, that of a as 1. b is worth, of a: the most that a "
			       "GPU-hour with network b may cost, of one with network a.");
	else
		page_paragraph(&page, "What the measured curves tell.");
	if (result->row_count > 0) {
		add_cases(&page, result);
		add_prices(&page, result);
		add_steps(&page, result);
		training_add_laws(&page, result);
		training_add_curves(&page, result);
	}
	training_add_fits(&page, result);
	if (result->row_count > 0)
		add_assumptions(&page, result);
}
