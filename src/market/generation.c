#include "market/generation.h"

#include <string.h>

enum column {
	COLUMN_GPU,
	COLUMN_AGAINST,
	COLUMN_WORK,
	COLUMN_LOW,
	COLUMN_VALUE,
	COLUMN_HIGH,
	COLUMN_SOFTWARE,
	COLUMN_SOURCE,
	COLUMN_DATE,
	COLUMN_COUNT,
};

static const char *const columns[COLUMN_COUNT] = {
	"gpu", "against", "work", "low", "value", "high", "software", "source", "date",
};

static const struct table_format format = {
	.schema = "assay/generation/v1",
	.columns = columns,
	.column_count = COLUMN_COUNT,
};

static bool read_gpu(const struct table_reader *reader, enum column column,
		     const struct catalogue *catalogue, uint16_t *ret_gpu, struct error *err)
{
	const char *name = NULL;

	if (!table_required(reader, column, &name, err))
		return false;
	for (size_t i = 0; i < catalogue->gpu_count; i++) {
		if (strcmp(catalogue->gpus[i].name, name) == 0) {
			*ret_gpu = (uint16_t)i;
			return true;
		}
	}
	return table_fail(reader, column, err, "no GPU of gpu.tsv: '%s'", name);
}

static bool read_row(const struct table_reader *reader, const struct catalogue *catalogue,
		     struct generation_row *row, struct error *err)
{
	if (!read_gpu(reader, COLUMN_GPU, catalogue, &row->gpu, err) ||
	    !read_gpu(reader, COLUMN_AGAINST, catalogue, &row->against, err) ||
	    !table_required(reader, COLUMN_WORK, &row->work, err) ||
	    !table_number(reader, COLUMN_LOW, &row->low, err) ||
	    !table_number(reader, COLUMN_VALUE, &row->value, err) ||
	    !table_number(reader, COLUMN_HIGH, &row->high, err) ||
	    !table_required(reader, COLUMN_SOFTWARE, &row->software, err) ||
	    !table_required(reader, COLUMN_SOURCE, &row->source, err) ||
	    !table_date(reader, COLUMN_DATE, &row->date, err))
		return false;
	if (!(row->low > 0) || row->value < row->low || row->high < row->value)
		return table_fail(reader, COLUMN_LOW, err,
				  "low, value and high are positive and ascend");
	return true;
}

bool generation_read(struct span text, const char *file, const struct catalogue *catalogue,
		     struct arena *arena, struct generations *ret_generations, struct error *err)
{
	struct generations generations = { 0 };
	struct table_reader reader;
	enum table_step step;

	if (!table_open(&reader, &format, file, text, arena, err))
		return false;
	generations.rows = ARENA_ARRAY(arena, struct generation_row, table_rows_at_most(&reader));
	while ((step = table_next(&reader, err)) == TABLE_ROW)
		if (!read_row(&reader, catalogue, &generations.rows[generations.count++], err))
			return false;
	if (step == TABLE_FAULT)
		return false;
	*ret_generations = generations;
	return true;
}

struct comparing {
	const struct generation_side *of, *against;
	struct generation_price *prices;
	size_t count;
};

/* The ratio as it stands in `price` becomes what `of` has to cost. */
static void add(struct comparing *comparing, const struct generation_price *price)
{
	struct generation_price *into;

	if (comparing->count == GENERATION_RATIOS_MAXIMUM)
		return;
	into = &comparing->prices[comparing->count++];
	*into = *price;
	into->usd = comparing->against->usd / price->value;
	into->usd_low = comparing->against->usd / price->high;
	into->usd_high = comparing->against->usd / price->low;
	into->gap = into->usd / comparing->of->usd - 1;
}

static void add_cited(struct comparing *comparing, const struct generation_row *row)
{
	struct generation_price price = {
		.work = row->work,
		.cited = true,
		.low = row->low,
		.value = row->value,
		.high = row->high,
		.software = row->software,
		.source = row->source,
		.date = row->date,
	};

	if (row->gpu == comparing->of->gpu && row->against == comparing->against->gpu) {
		add(comparing, &price);
	} else if (row->gpu == comparing->against->gpu && row->against == comparing->of->gpu) {
		price.low = 1 / row->high;
		price.value = 1 / row->value;
		price.high = 1 / row->low;
		add(comparing, &price);
	}
}

static void add_peak(struct comparing *comparing, const char *work, double own, double other)
{
	double ratio = own > 0 ? other / own : 0;

	if (ratio > 0)
		add(comparing, &(struct generation_price){ .work = work,
							   .low = ratio,
							   .value = ratio,
							   .high = ratio,
							   .date = DATE_NONE });
}

void generation_compare(const struct generations *generations, const struct catalogue *catalogue,
			const struct generation_side *of, const struct generation_side *against,
			struct generation_price ret_prices[static GENERATION_RATIOS_MAXIMUM],
			size_t *ret_count)
{
	const struct gpu_row *own = &catalogue->gpus[of->gpu];
	const struct gpu_row *other = &catalogue->gpus[against->gpu];
	struct comparing comparing = { .of = of, .against = against, .prices = ret_prices };

	for (size_t i = 0; i < generations->count; i++)
		add_cited(&comparing, &generations->rows[i]);
	add_peak(&comparing, "dense peak", own->dense_tflops, other->dense_tflops);
	add_peak(&comparing, "memory bandwidth", own->memory_gb_per_s, other->memory_gb_per_s);
	*ret_count = comparing.count;
}
