#include "market/ccir.h"

#include <math.h>
#include <string.h>

#include "market/median.h"

const struct ccir_rule ccir_rules[] = {
	{ .name = "ccir-1.1.0", .least_per_day = 10 },
	{ .name = "ccir-1.1.1", .least_per_day = 8 },
	{ .name = NULL },
};

const struct ccir_rule *ccir_rule_find(const char *name)
{
	for (const struct ccir_rule *rule = ccir_rules; rule->name; rule++)
		if (strcmp(rule->name, name) == 0)
			return rule;
	return NULL;
}

static double mean_of(const double *values, size_t count)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += values[i];
	return count > 0 ? sum / (double)count : (double)NAN;
}

/* Of a sample: the divisor is one less. */
static double deviation_of(const double *values, size_t count)
{
	double mean = mean_of(values, count);
	double squares = 0;

	for (size_t i = 0; i < count; i++)
		squares += (values[i] - mean) * (values[i] - mean);
	return count > 1 ? sqrt(squares / (double)(count - 1)) : 0;
}

/* Quotes of one day, and where they stand in the selection. */
struct day_quotes {
	double *usd;
	size_t *places;
	size_t count;
};

struct pool {
	struct eligible *eligible;
	const struct ccir_rule *rule;
	struct day_quotes days[CCIR_WINDOW_DAYS];
	double *usd; /* of all days, those used */
	size_t count;
	double *scratch;
};

static enum refusal judge_quote(const struct quote *quote, date_t day)
{
	date_t observed = quote_day(quote);

	if (observed > day)
		return REFUSAL_NOT_YET;
	if (observed <= day - CCIR_WINDOW_DAYS)
		return REFUSAL_STALE;
	if (quote->stock == STOCK_NO || quote->stock == STOCK_WAITLIST)
		return REFUSAL_OUT_OF_STOCK;
	if (quote->reliability < ELIGIBLE_RELIABILITY) /* false for NAN: not known */
		return REFUSAL_UNRELIABLE;
	return REFUSAL_NONE;
}

static void judge_quotes(struct pool *pool)
{
	struct eligible *eligible = pool->eligible;
	const struct selection *selection = eligible->selection;

	for (size_t i = 0; i < selection->count; i++) {
		const struct quote *quote = &selection->book->quotes[selection->quotes[i]];
		enum refusal verdict = judge_quote(quote, eligible->day);

		eligible->verdicts[i] = (uint8_t)verdict;
		eligible->counts[verdict]++;
		if (verdict == REFUSAL_NONE)
			pool->days[quote_day(quote) - eligible->day + CCIR_WINDOW_DAYS - 1].count++;
	}
}

static void sort_by_day(struct pool *pool, struct arena *arena)
{
	const struct eligible *eligible = pool->eligible;
	const struct selection *selection = eligible->selection;

	for (unsigned d = 0; d < CCIR_WINDOW_DAYS; d++) {
		pool->days[d].usd = ARENA_ARRAY(arena, double, pool->days[d].count);
		pool->days[d].places = ARENA_ARRAY(arena, size_t, pool->days[d].count);
		pool->days[d].count = 0;
	}
	for (size_t i = 0; i < selection->count; i++) {
		const struct quote *quote = &selection->book->quotes[selection->quotes[i]];
		struct day_quotes *day;

		if (eligible->verdicts[i] != REFUSAL_NONE)
			continue;
		day = &pool->days[quote_day(quote) - eligible->day + CCIR_WINDOW_DAYS - 1];
		day->places[day->count] = i;
		day->usd[day->count++] = quote_usd(quote);
	}
}

/* The mean without the lowest and the highest tenth. */
static double trimmed_mean(const struct day_quotes *day, double *scratch)
{
	size_t cut = day->count * CCIR_TRIM_PERCENT / 100;

	memcpy(scratch, day->usd, day->count * sizeof(*scratch));
	(void)quantile_of(scratch, day->count, 0); /* sorts */
	return mean_of(scratch + cut, day->count - 2 * cut);
}

static void use_day(struct pool *pool, const struct day_quotes *day, struct ccir_day *into)
{
	bool filtered = day->count >= CCIR_FILTERED_FROM;
	double center = trimmed_mean(day, pool->scratch);
	double reach = CCIR_SIGMAS * deviation_of(day->usd, day->count);
	double *used = pool->usd + pool->count;

	for (size_t i = 0; i < day->count; i++) {
		if (filtered && fabs(day->usd[i] - center) > reach) {
			eligible_change(pool->eligible, day->places[i], REFUSAL_OUTLIER);
			into->removed++;
		} else {
			used[into->used++] = day->usd[i];
		}
	}
	pool->count += into->used;
	into->mean = mean_of(used, into->used);
	memcpy(pool->scratch, used, into->used * sizeof(*used));
	into->median = median_of(pool->scratch, into->used);
}

static void judge_day(struct pool *pool, unsigned d, struct ccir_day *into)
{
	const struct day_quotes *day = &pool->days[d];

	*into = (struct ccir_day){
		.day = pool->eligible->day - CCIR_WINDOW_DAYS + 1 + (date_t)d,
		.raw = (uint32_t)day->count,
		.median = NAN,
		.mean = NAN,
	};
	if (day->count >= pool->rule->least_per_day) {
		use_day(pool, day, into);
		return;
	}
	for (size_t i = 0; i < day->count; i++)
		eligible_change(pool->eligible, day->places[i], REFUSAL_THIN_DAY);
}

static void summarise(struct pool *pool, struct ccir *ccir)
{
	for (unsigned d = 0; d < CCIR_WINDOW_DAYS; d++)
		ccir->valid_days += ccir->days[d].used > 0;
	ccir->observations = (uint32_t)pool->count;
	ccir->mean = mean_of(pool->usd, pool->count);
	ccir->deviation = pool->count > 0 ? deviation_of(pool->usd, pool->count) : (double)NAN;
	ccir->value = median_of(pool->usd, pool->count);
	ccir->least = quantile_of(pool->usd, pool->count, 0);
	ccir->most = pool->count > 0 ? pool->usd[pool->count - 1] : (double)NAN;
}

void ccir_judge(const struct selection *selection, date_t day, const struct ccir_rule *rule,
		struct arena *arena, struct eligible *ret_eligible, struct ccir *ret_ccir)
{
	SCOPED_ARENA(scratch);
	struct eligible eligible = {
		.selection = selection,
		.day = day,
		.window_days = CCIR_WINDOW_DAYS,
		.verdicts = ARENA_ARRAY(arena, uint8_t, selection->count),
	};
	struct pool pool = {
		.eligible = &eligible,
		.rule = rule,
	};

	eligible.counts[REFUSAL_OTHER_KEY] = selection->other_key;
	eligible.counts[REFUSAL_SERVERLESS] = selection->serverless;
	*ret_ccir = (struct ccir){ 0 };
	judge_quotes(&pool);
	sort_by_day(&pool, &scratch);
	pool.usd = ARENA_ARRAY(&scratch, double, (size_t)eligible.counts[REFUSAL_NONE]);
	pool.scratch = ARENA_ARRAY(&scratch, double, (size_t)eligible.counts[REFUSAL_NONE]);
	for (unsigned d = 0; d < CCIR_WINDOW_DAYS; d++)
		judge_day(&pool, d, &ret_ccir->days[d]);
	summarise(&pool, ret_ccir);
	*ret_eligible = eligible;
}
