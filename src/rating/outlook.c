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

void outlook_of(const struct rating *rating, const char *provider, struct arena *arena,
		struct dated_grade **ret_items, uint32_t *ret_count)
{
	struct rating_request request = rating->request;
	SCOPED_ARENA(scratch);
	const struct evidence_set own = records_of(request.evidence, provider, &scratch);
	date_t *dates = ARENA_ARRAY(&scratch, date_t, own.count + 1);
	uint32_t count = 0;
	bool undated = false;

	for (size_t i = 0; i < own.count; i++) {
		const struct record *record = &own.records[i];

		if (!record->announced || record->observed > request.as_of)
			continue;
		if (record->due != DATE_NONE)
			dates[count++] = record->due;
		undated = undated || record->due == DATE_NONE;
	}
	count = sort_dates(dates, count);
	if (undated)
		dates[count++] = DATE_NONE;
	*ret_items = ARENA_ARRAY(arena, struct dated_grade, count);
	*ret_count = count;
	request.only = provider;
	request.evidence = &own;
	request.draws = 0;
	for (uint32_t i = 0; i < count; i++) {
		request.undated = dates[i] == DATE_NONE;
		request.arrived_by = request.undated ? INT32_MAX : dates[i];
		(*ret_items)[i] = grade_at(&request, dates[i]);
		(*ret_items)[i].announced = count_arrived(&request);
	}
}

void trend_of(const struct rating *rating, const char *provider, struct arena *arena,
	      struct dated_grade **ret_items, uint32_t *ret_count)
{
	struct rating_request request = rating->request;
	SCOPED_ARENA(scratch);
	const struct evidence_set own = records_of(request.evidence, provider, &scratch);
	date_t *dates = ARENA_ARRAY(&scratch, date_t, own.count + 1);
	uint32_t count = 0;

	for (size_t i = 0; i < own.count; i++) {
		const struct record *record = &own.records[i];

		if (!record->announced && record->observed <= request.as_of)
			dates[count++] = record->observed;
	}
	count = sort_dates(dates, count);
	*ret_items = ARENA_ARRAY(arena, struct dated_grade, count);
	*ret_count = count;
	request.only = provider;
	request.evidence = &own;
	request.draws = 0;
	for (uint32_t i = 0; i < count; i++) {
		request.as_of = dates[i];
		(*ret_items)[i] = grade_at(&request, dates[i]);
	}
}
