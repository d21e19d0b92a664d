#include <math.h>
#include <stdlib.h>

#include "market/cell.h"
#include "market/importers.h"

/*
 * A log of changes: a row says what the four prices of a machine type in a region are from its day
 * on, until the next row of both. So the whole log is held, rows in any order.
 */

enum {
	ROWS_MAXIMUM = 1 << 18,
	PAIRS_MAXIMUM = 1 << 13, /* of machine type and region */
	PRICES = 4,
};

enum column {
	DATE,
	TYPE,
	REGION,
	PRICE, /* the first of the four */
	COLUMNS = PRICE + PRICES,
};

static const char *const columns[COLUMNS] = {
	[DATE] = "date",
	[TYPE] = "machine_type",
	[REGION] = "region",
	[PRICE] = "usd_hour",
	[PRICE + 1] = "usd_hour_spot",
	[PRICE + 2] = "usd_month_cud1y",
	[PRICE + 3] = "usd_month_cud3y",
};

static const struct {
	enum rental rental;
	enum price_unit unit;
	uint16_t term_months;
} rentals[PRICES] = {
	{ RENTAL_ON_DEMAND, UNIT_HOUR, 0 },
	{ RENTAL_SPOT, UNIT_HOUR, 0 },
	{ RENTAL_CONTRACT, UNIT_MONTH, 12 },
	{ RENTAL_CONTRACT, UNIT_MONTH, 36 },
};

static const struct csv_form form = {
	.separator = ',',
	.columns = columns,
	.column_count = COLUMNS,
	.required = PRICE + 1,
};

struct change {
	struct span type, region, prices[PRICES];
	const struct product_row *product; /* NULL unknown */
	double usd;                        /* of one GPU for an hour on demand; NAN unknown */
	uint64_t line;
	date_t day, until;
	name_t pair;
	bool component;
};

struct log {
	const struct import *import;
	struct change *changes;
	size_t count, room;
	struct names pairs;
	struct change **latest; /* by pair, while the days are walked */
};

static bool claims(const char *file, struct span head)
{
	(void)file;
	return csv_claims(&form, head);
}

/* The other products of a GPU in parts are of another trade: g4-standard-48 has one GPU whole,
 * those with fewer processors have an eighth to a half of one. */
static bool is_part_of_gpu(struct span type)
{
	static const char family[] = "g4-standard-";
	struct span rest = type;
	uint64_t processors;

	if (!span_starts(type, family))
		return false;
	rest.at += sizeof(family) - 1;
	rest.length -= sizeof(family) - 1;
	return span_to_u64(rest, &processors) && processors < 48;
}

static struct span keep(const struct log *log, struct span text)
{
	return (struct span){ .at = arena_string(log->import->arena, text), .length = text.length };
}

static bool name_pair(struct log *log, struct change *change)
{
	struct text key = { .maximum = NAME_LENGTH_MAXIMUM + 1 };

	text_add_span(&key, change->type);
	text_add_char(&key, '\n');
	text_add_span(&key, change->region);
	bool fine = names_add(&log->pairs, text_span(&key), &change->pair);
	text_release(&key);
	return fine;
}

static void grow(struct log *log)
{
	size_t room = log->room ? log->room * 2 : 1024;
	struct change *changes = reallocarray(log->changes, room, sizeof(*changes));

	if (!changes)
		memory_exhausted(room * sizeof(*changes));
	log->changes = changes;
	log->room = room;
}

/* What one of its four drafts says. */
static void fill(const struct log *log, const struct change *change, unsigned price,
		 struct draft *draft)
{
	draft_init(draft);
	draft->provider = SPAN("gcp");
	draft->product = change->type;
	draft->region = change->region;
	draft->rental = rentals[price].rental;
	draft->unit = rentals[price].unit;
	draft->term_months = rentals[price].term_months;
	draft->price = change->prices[price];
	draft->currency = SPAN("USD");
	draft->includes = draft->told = INCLUDES_HOST;
	draft->source = SPAN("https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator");
	draft->licence = SPAN("Apache-2.0");
	draft->line = change->line;
	draft->observed = cell_day(change->day);
	draft->until = cell_day(change->until);
	draft->component = change->component;
	if (is_part_of_gpu(change->type))
		draft->refused = REFUSAL_GPU_FRACTION;
	else if (!change->product)
		draft->refused = REFUSAL_GPU_UNKNOWN;
	else if (!availability_has(*log->import->regions, change->type, change->region))
		draft->refused = REFUSAL_PHANTOM_REGION;
}

/* Where no commitment is sold, the source repeats the price on demand. */
static bool repeats_on_demand(const struct change *change, unsigned price)
{
	const double hours = 730, near = 0.001;
	double hour = cell_number(change->prices[0]), month = cell_number(change->prices[price]);

	return rentals[price].unit == UNIT_MONTH && fabs(month / (hour * hours) - 1) < near;
}

/* Four drafts of a row, all refused for `why` unless it is REFUSAL_NONE. */
static bool hand_over(const struct log *log, const struct change *change, enum refusal why,
		      struct error *err)
{
	struct draft draft;

	for (unsigned price = 0; price < PRICES; price++) {
		fill(log, change, price, &draft);
		if (why != REFUSAL_NONE)
			draft.refused = why;
		else if (draft.refused == REFUSAL_NONE && !draft.component &&
			 repeats_on_demand(change, price))
			draft.refused = REFUSAL_PRICE_ABSENT;
		if (!book_take(log->import->book, log->import->file, &draft, err))
			return false;
	}
	return true;
}

static bool take(const struct csv_reader *reader, void *context, struct error *err)
{
	struct log *log = context;
	struct change change = {
		.type = csv_cell(reader, TYPE),
		.region = csv_cell(reader, REGION),
		.line = reader->lines.line,
		.day = DATE_NONE,
		.until = DATE_NONE,
	};

	for (unsigned i = 0; i < PRICES; i++)
		change.prices[i] = csv_cell(reader, PRICE + i);
	if (!date_parse(csv_cell(reader, DATE), &change.day))
		return hand_over(log, &change, REFUSAL_NO_DATE, err);
	if (!name_pair(log, &change))
		return hand_over(log, &change, REFUSAL_TOO_LONG, err);
	if (log->count == ROWS_MAXIMUM || change.pair > PAIRS_MAXIMUM)
		return fail(err, ERROR_LIMIT,
			    "%s: more than %d changes, or %d machine types and regions; split it",
			    log->import->file, ROWS_MAXIMUM, PAIRS_MAXIMUM);
	change.type = keep(log, change.type);
	change.region = keep(log, change.region);
	for (unsigned i = 0; i < PRICES; i++)
		change.prices[i] = keep(log, change.prices[i]);
	change.product = catalogue_product(log->import->book->catalogue, SPAN("gcp"), change.type);
	change.usd = cell_number(change.prices[0]);
	if (change.product && change.product->gpus > 0)
		change.usd /= change.product->gpus;
	if (log->count == log->room)
		grow(log);
	log->changes[log->count++] = change;
	return true;
}

static int by_day(const void *left, const void *right)
{
	const struct change *a = left, *b = right;

	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	return (a->line > b->line) - (a->line < b->line);
}

static int by_value(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

static bool is_alike(const struct change *a, const struct change *b)
{
	return a->product && b->product && a->product->gpu == b->product->gpu &&
	       a->product->memory_gb == b->product->memory_gb && isfinite(a->usd) &&
	       isfinite(b->usd);
}

/* The median of what the GPU costs on demand, over all machine types and regions that have it. */
static double median_alike(const struct log *log, const struct change *change, double *values)
{
	size_t count = 0;

	for (name_t pair = 1; pair < log->pairs.count; pair++) {
		if (log->latest[pair] && is_alike(change, log->latest[pair]))
			values[count++] = log->latest[pair]->usd;
	}
	if (count == 0)
		return NAN;
	qsort(values, count, sizeof(*values), by_value);
	return count % 2 == 1 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* A price that leaves the GPU out is 0.10 to 0.30 of the median of what the same GPU costs on
 * demand on that day, a whole one at least 0.58, over all rows of 2023 to 2026
 * (docs/market-sources.md): half of the median tells them apart. The four prices of a row are made
 * the same way, so that one judgement holds for all; a spot price alone may well be a tenth. */
static void judge_day(const struct log *log, struct change *from, const struct change *end,
		      double *values)
{
	const struct change *judged = NULL;
	double median = NAN;

	for (struct change *change = from; change < end; change++) {
		if (!judged || !is_alike(judged, change)) {
			median = median_alike(log, change, values);
			judged = change;
		}
		change->component = change->usd < median / 2;
	}
}

static void settle(struct log *log)
{
	struct change *end = log->changes + log->count;
	double *values = ARENA_ARRAY(log->import->arena, double, log->pairs.count + 1);

	log->latest = ARENA_ARRAY(log->import->arena, struct change *, log->pairs.count + 1);
	qsort(log->changes, log->count, sizeof(*log->changes), by_day);
	for (struct change *day = log->changes, *next; day < end; day = next) {
		for (next = day; next < end && next->day == day->day; next++) {
			struct change *before = log->latest[next->pair];

			if (before)
				before->until = before->day < day->day ? day->day - 1 : day->day;
			log->latest[next->pair] = next;
			next->until = end[-1].day;
		}
		judge_day(log, day, next, values);
	}
}

static bool read_log(const struct import *import, struct error *err)
{
	struct log log = { .import = import };
	bool fine = csv_each(&form, import, take, &log, err);

	if (fine && log.count > 0)
		settle(&log);
	for (size_t i = 0; fine && i < log.count; i++)
		fine = hand_over(&log, &log.changes[i], REFUSAL_NONE, err);
	names_release(&log.pairs);
	free(log.changes);
	return fine;
}

const struct importer from_gcp = {
	.name = "gcp",
	.title = "changes of Google's prices by machine type and region (CSV)",
	.claims = claims,
	.read = read_log,
};
