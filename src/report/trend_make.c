#include "report/trend_make.h"

#include <math.h>

/* What one call has in hand. */
struct making {
	const struct trend_wish *wish;
	struct arena *arena;
	unsigned step_days;
};

/* The values of all steps that have one of their own. */
static bool make_values(const struct making *making, const struct selection *selection,
			struct trend_key *key, struct error *err)
{
	const struct trend_wish *wish = making->wish;
	date_t last = wish->last != DATE_NONE ? wish->last : selection->last;
	struct index_value *values;
	date_t *days = NULL;
	size_t count = 0;

	index_days(selection->first, last, making->step_days, making->arena, &days, &count);
	if (count > TREND_POINTS_MAXIMUM)
		return fail(err, ERROR_LIMIT,
			    "%zu steps of %u days: at most %d; give a longer --step", count,
			    making->step_days, TREND_POINTS_MAXIMUM);
	values = ARENA_ARRAY(making->arena, struct index_value, count);
	for (size_t i = 0; i < count; i++) {
		struct index_value *value = &values[key->value_count];

		index_make(selection, wish->request, days[i], making->arena, value);
		key->value_count += value->value_day == value->day;
	}
	key->values = values;
	key->passed_over = count - key->value_count;
	return true;
}

/* What the same offers cost at each value, on the level of the last. */
static void match_values(const struct making *making, const struct selection *selection,
			 struct trend_key *key)
{
	double *usd = ARENA_ARRAY(making->arena, double, key->value_count);
	SCOPED_ARENA(scratch);
	date_t *days = ARENA_ARRAY(&scratch, date_t, key->value_count);
	struct period *periods = NULL;

	for (size_t i = 0; i < key->value_count; i++) {
		days[i] = key->values[i].day;
		usd[i] = key->values[i].usd;
	}
	key->usd = usd;
	if (key->value_count == 0 || !making->wish->matched)
		return;
	index_periods(selection, making->wish->request, days, key->value_count, &scratch, &periods);
	change_backwards(periods, key->value_count, key->values[key->value_count - 1].usd, usd);
}

static void find_trend(const struct making *making, struct trend_key *key)
{
	const struct trend_request request = { .draws = making->wish->request->draws,
					       .seed = making->wish->request->seed };
	SCOPED_ARENA(scratch);
	struct trend_point *points = ARENA_ARRAY(&scratch, struct trend_point, key->value_count);
	size_t count = 0;

	for (size_t i = 0; i < key->value_count; i++) {
		if (!isnan(key->usd[i]))
			points[count++] = (struct trend_point){ .day = key->values[i].day,
								.usd = key->usd[i] };
	}
	trend_find(points, count, &request, &key->trend);
}

static bool add_key(const struct making *making, const struct key *key, struct trend_key *keys,
		    size_t *count, struct error *err)
{
	struct trend_key *into = &keys[*count];
	SCOPED_ARENA(scratch);
	struct selection selection;

	selection_make(making->wish->book, key, making->wish->filter, &scratch, &selection);
	*into = (struct trend_key){ .key = *key };
	if (selection.count == 0)
		return true;
	if (!make_values(making, &selection, into, err))
		return false;
	match_values(making, &selection, into);
	find_trend(making, into);
	(*count)++;
	return true;
}

/* The least step that no key makes too many points of. */
static unsigned step_of(const struct trend_wish *wish)
{
	date_t first = DATE_NONE, last = wish->last;
	unsigned step = TREND_STEP_DAYS;

	if (wish->step_days > 0)
		return wish->step_days;
	for (size_t i = 0; i < wish->book->count; i++) {
		date_t day = quote_day(&wish->book->quotes[i]);
		date_t until = date_from_unix(wish->book->quotes[i].until);

		if (first == DATE_NONE || day < first)
			first = day;
		if (wish->last == DATE_NONE && (last == DATE_NONE || until > last))
			last = until;
	}
	while (first != DATE_NONE && last > first &&
	       (unsigned)(last - first) / step >= TREND_POINTS_MAXIMUM)
		step *= 2;
	return step;
}

bool trend_make(const struct trend_wish *wish, struct arena *arena, struct trend_report *ret_report,
		struct error *err)
{
	const struct making making = { .wish = wish, .arena = arena, .step_days = step_of(wish) };
	struct trend_key *trends;
	struct key *keys = NULL;
	size_t count = 0, made = 0;

	key_list(wish->book, wish->filter, arena, &keys, &count);
	trends = ARENA_ARRAY(arena, struct trend_key, count + 1);
	for (size_t i = 0; i < count; i++)
		if (!add_key(&making, &keys[i], trends, &made, err))
			return false;
	*ret_report = (struct trend_report){
		.book = wish->book,
		.request = wish->request,
		.step_days = making.step_days,
		.matched = wish->matched,
		.scope = "",
		.keys = trends,
		.count = made,
	};
	return true;
}
