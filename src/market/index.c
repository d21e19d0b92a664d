#include "market/index.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Wider than half of the value says little more than the order of magnitude: ours. */
static const double wide = 0.5;

const struct index_method_row index_methods[INDEX_METHOD_COUNT] = {
	[INDEX_LEVEL] = { "level", "assay-level/1", "one provider, one vote" },
	[INDEX_RAW] = { "raw", "assay-raw/1", "the median of all listings, for comparison" },
	[INDEX_CCIR_1_1_0] = { "ccir-1.1.0", "ccir-1.1.0",
			       "pooled median of a week, days of 10 quotes at least" },
	[INDEX_CCIR_1_1_1] = { "ccir-1.1.1", "ccir-1.1.1",
			       "pooled median of a week, days of 8 quotes at least" },
	[INDEX_JEVONS] = { "jevons", "assay-jevons/1", "change of matched offers, chained" },
	[INDEX_HEDONIC] = { "hedonic", "assay-hedonic/1",
			    "change with what tells offers apart held fixed" },
};

const char *const index_flag_names[INDEX_FLAG_COUNT] = {
	"few-providers", "wide", "stale", "few-days", "carried", "suppressed",
};

const char *const index_flag_reasons[INDEX_FLAG_COUNT] = {
	"fewer than 4 providers",
	"the interval is wider than half of the value",
	"more than half of the providers have no fresh quote",
	"fewer than 3 valid days",
	"no quote counts on the day, the value is of an earlier one",
	"no quote counts, nor did one in the 7 days before",
};

bool index_method_find(const char *word, enum index_method *ret_method, struct error *err)
{
	SCOPED_TEXT(known);

	if (strcmp(word, "ccir") == 0) {
		*ret_method = INDEX_CCIR_1_1_1;
		return true;
	}
	for (unsigned i = 0; i < INDEX_METHOD_COUNT; i++) {
		if (strcmp(word, index_methods[i].word) == 0 ||
		    strcmp(word, index_methods[i].version) == 0) {
			*ret_method = (enum index_method)i;
			return true;
		}
		text_format(&known, "%s%s", i == 0 ? "" : ", ", index_methods[i].word);
	}
	return fail(err, ERROR_INVALID, "--method %s: it is one of %s", word, text_string(&known));
}

static const struct ccir_rule *rule_of(enum index_method method)
{
	return ccir_rule_find(index_methods[method].word);
}

static unsigned window_of(const struct index_request *request)
{
	return request->window_days > 0 ? request->window_days : ELIGIBLE_WINDOW_DAYS;
}

/* The value of the day's own quotes; its `usd` is NAN when none counts. */
static void make_own(const struct selection *selection, const struct index_request *request,
		     date_t day, struct arena *arena, struct index_value *value)
{
	const struct ccir_rule *rule = rule_of(request->method);
	SCOPED_ARENA(scratch);
	struct eligible eligible;

	if (rule)
		ccir_judge(selection, day, rule, &scratch, &eligible, &value->ccir);
	else
		eligible_judge(selection, day, window_of(request), &scratch, &eligible);
	votes_make(&eligible, request->with_change, request->threads, arena, &value->votes);
	if (rule)
		value->usd = value->ccir.value;
	else if (request->method == INDEX_RAW)
		value->usd = level_raw(&eligible, &scratch);
	else
		value->usd = level_of(&value->votes);
	memcpy(value->counts, eligible.counts, sizeof(value->counts));
	value->providers_seen = eligible.providers_seen;
	value->providers_stale = eligible.providers_stale;
	value->window_days = eligible.window_days;
	value->value_day = day;
	if (!isnan(value->usd))
		selection_hash(selection, eligible_taken(&eligible, &scratch), request->threads,
			       value->input);
}

/* Nothing counts: the last value there was, while it is not too old. */
static void carry(const struct selection *selection, const struct index_request *request,
		  struct arena *arena, struct index_value *value)
{
	for (int back = 1; back <= INDEX_CARRY_DAYS; back++) {
		struct index_value earlier = { .usd = NAN };

		if (value->day - back < selection->first)
			break;
		make_own(selection, request, value->day - back, arena, &earlier);
		if (isnan(earlier.usd))
			continue;
		value->usd = earlier.usd;
		value->votes = earlier.votes;
		value->ccir = earlier.ccir;
		memcpy(value->input, earlier.input, sizeof(value->input));
		value->value_day = earlier.value_day;
		value->flags |= INDEX_CARRIED;
		return;
	}
	value->value_day = DATE_NONE;
	value->flags |= INDEX_SUPPRESSED;
}

static unsigned flags_of(const struct index_value *value)
{
	bool pooled = rule_of(value->method);
	unsigned flags = 0;

	if (isnan(value->usd))
		return 0;
	if (!pooled && value->votes.count < LEVEL_PROVIDERS_WANTED)
		flags |= INDEX_FEW_PROVIDERS;
	if (value->interval.high - value->interval.low > wide * value->usd) /* false for NAN */
		flags |= INDEX_WIDE;
	if (2 * value->providers_stale > value->providers_seen)
		flags |= INDEX_STALE;
	if (pooled && value->ccir.valid_days < CCIR_DAYS_WANTED)
		flags |= INDEX_FEW_DAYS;
	return flags;
}

static void offers_on(const struct selection *selection, const struct index_request *request,
		      date_t day, struct arena *arena, struct period *into)
{
	SCOPED_ARENA(scratch);
	struct eligible eligible;
	struct votes votes;

	eligible_judge(selection, day, window_of(request), &scratch, &eligible);
	votes_make(&eligible, true, request->threads, arena, &votes);
	*into = (struct period){ .day = day, .offers = votes.offers, .count = votes.offer_count };
}

/* From the offers of so many days before to those that stand, `now`. */
static void change_since(const struct selection *selection, const struct index_request *request,
			 const struct period *now, int back, struct change *ret_change)
{
	SCOPED_ARENA(scratch);
	struct period before = { 0 };

	if (now->day - back >= selection->first)
		offers_on(selection, request, now->day - back, &scratch, &before);
	change_between(before.offers, before.count, now->offers, now->count, ret_change);
}

/* A carried value is not held against earlier days: nothing stands. CCIR's quotes of a week are no
 * offers that stand. */
static void measure_change(const struct selection *selection, const struct index_request *request,
			   struct index_value *value)
{
	SCOPED_ARENA(scratch);
	struct period now = { .day = value->day };

	if (rule_of(value->method))
		offers_on(selection, request, value->day, &scratch, &now);
	else if (value->value_day == value->day)
		now = (struct period){ .day = value->day,
				       .offers = value->votes.offers,
				       .count = value->votes.offer_count };
	change_since(selection, request, &now, INDEX_CHANGE_DAYS, &value->week);
	change_since(selection, request, &now, INDEX_CHANGE_FAR_DAYS, &value->month);
}

void index_make(const struct selection *selection, const struct index_request *request, date_t day,
		struct arena *arena, struct index_value *ret_value)
{
	struct index_value value = {
		.key = selection->key,
		.method = request->method,
		.day = day,
		.usd = NAN,
		.interval = { .low = NAN, .high = NAN },
		.week = { .ratio = NAN },
		.month = { .ratio = NAN },
	};

	assert(request->method != INDEX_JEVONS && request->method != INDEX_HEDONIC);
	make_own(selection, request, day, arena, &value);
	if (isnan(value.usd))
		carry(selection, request, arena, &value);
	if (request->method == INDEX_LEVEL)
		level_interval(&value.votes, request->draws, request->seed, request->threads,
			       &value.interval);
	if (request->with_change)
		measure_change(selection, request, &value);
	value.flags |= flags_of(&value);
	*ret_value = value;
}

void index_days(date_t first, date_t last, unsigned step_days, struct arena *arena,
		date_t **ret_days, size_t *ret_count)
{
	size_t count = 1;

	if (step_days > 0 && last > first)
		count += (size_t)(last - first) / step_days;
	*ret_days = ARENA_ARRAY(arena, date_t, count);
	for (size_t i = 0; i < count; i++)
		(*ret_days)[i] = last - (date_t)((count - 1 - i) * step_days);
	*ret_count = count;
}

void index_periods(const struct selection *selection, const struct index_request *request,
		   const date_t *days, size_t count, struct arena *arena,
		   struct period **ret_periods)
{
	struct period *periods = ARENA_ARRAY(arena, struct period, count);

	for (size_t i = 0; i < count; i++)
		offers_on(selection, request, days[i], arena, &periods[i]);
	*ret_periods = periods;
}
