#include <stdlib.h>
#include <string.h>

#include "rating/rule.h"

static int compare_dates(const void *a, const void *b)
{
	date_t left = *(const date_t *)a, right = *(const date_t *)b;

	return (left > right) - (left < right);
}

/* Distinct days in order; returns how many. */
static uint32_t sort_dates(date_t *dates, uint32_t count)
{
	uint32_t kept = 0;

	qsort(dates, count, sizeof(*dates), compare_dates);
	for (uint32_t i = 0; i < count; i++)
		if (kept == 0 || dates[kept - 1] != dates[i])
			dates[kept++] = dates[i];
	return kept;
}

static bool concerns(const struct record *record, const char *provider)
{
	return strcmp(record->subject.parts[SUBJECT_PROVIDER], provider) == 0;
}

/* What is known of the provider alone: all that its own grades rest on. They are asked for many
 * days, and looking through everybody's records each time would grow with the square of the market.
 */
static struct evidence_set records_of(const struct evidence_set *all, const char *provider,
				      struct arena *arena)
{
	struct evidence_set own = *all;

	own.count = 0;
	for (size_t i = 0; i < all->count; i++)
		own.count += concerns(&all->records[i], provider);
	own.room = own.count;
	own.records = ARENA_ARRAY(arena, struct record, own.count);
	own.count = 0;
	for (size_t i = 0; i < all->count; i++)
		if (concerns(&all->records[i], provider))
			own.records[own.count++] = all->records[i];
	return own;
}

static struct dated_grade grade_at(const struct rating_request *request, date_t date)
{
	SCOPED_ARENA(scratch);
	struct rating rating;
	struct dated_grade dated = { .date = date };

	rating_run(request, &scratch, &rating);
	if (rating.provider_count == 0)
		return dated;
	dated.rated = provider_unit(&rating.providers[0])->rated;
	dated.grade = provider_grade(&rating.providers[0]);
	dated.overall = provider_unit(&rating.providers[0])->overall;
	return dated;
}

static uint32_t count_arrived(const struct rating_request *request)
{
	uint32_t count = 0;

	for (size_t i = 0; i < request->evidence->count; i++) {
		const struct record *record = &request->evidence->records[i];

		count += record->announced && record_counts(request, record);
	}
	return count;
}

/* What the outlook and the trend have in common: the days that a provider's own records name, on
 * each of which the provider is rated. */
struct series {
	struct rating_request request;
	struct evidence_set own;
	date_t *dates; /* room for one a record and one more */
	uint32_t count;
};

static void series_begin(const struct rating *rating, const char *provider, struct arena *scratch,
			 struct series *series)
{
	*series = (struct series){
		.request = rating->request,
		.own = records_of(rating->request.evidence, provider, scratch),
	};
	series->dates = ARENA_ARRAY(scratch, date_t, series->own.count + 1);
	series->request.only = provider;
	series->request.evidence = &series->own;
	series->request.draws = 0;
}

/* What is announced arrives on the days, or else it is the day as of which the rating is. */
static void series_grade(struct series *series, bool arrives, struct arena *arena,
			 struct dated_grade **ret_items, uint32_t *ret_count)
{
	struct dated_grade *items = ARENA_ARRAY(arena, struct dated_grade, series->count);
	struct rating_request *request = &series->request;

	for (uint32_t i = 0; i < series->count; i++) {
		date_t date = series->dates[i];

		if (arrives) {
			request->undated = date == DATE_NONE;
			request->arrived_by = request->undated ? INT32_MAX : date;
		} else {
			request->as_of = date;
		}
		items[i] = grade_at(request, date);
		items[i].announced = arrives ? count_arrived(request) : 0;
	}
	*ret_items = items;
	*ret_count = series->count;
}

void outlook_of(const struct rating *rating, const char *provider, struct arena *arena,
		struct dated_grade **ret_items, uint32_t *ret_count)
{
	SCOPED_ARENA(scratch);
	struct series series;
	bool undated = false;

	series_begin(rating, provider, &scratch, &series);
	for (size_t i = 0; i < series.own.count; i++) {
		const struct record *record = &series.own.records[i];

		if (!record->announced || record->observed > series.request.as_of)
			continue;
		if (record->due != DATE_NONE)
			series.dates[series.count++] = record->due;
		undated = undated || record->due == DATE_NONE;
	}
	series.count = sort_dates(series.dates, series.count);
	if (undated)
		series.dates[series.count++] = DATE_NONE;
	series_grade(&series, true, arena, ret_items, ret_count);
}

void trend_of(const struct rating *rating, const char *provider, struct arena *arena,
	      struct dated_grade **ret_items, uint32_t *ret_count)
{
	SCOPED_ARENA(scratch);
	struct series series;

	series_begin(rating, provider, &scratch, &series);
	for (size_t i = 0; i < series.own.count; i++) {
		const struct record *record = &series.own.records[i];

		if (!record->announced && record->observed <= series.request.as_of)
			series.dates[series.count++] = record->observed;
	}
	series.count = sort_dates(series.dates, series.count);
	series_grade(&series, false, arena, ret_items, ret_count);
}
