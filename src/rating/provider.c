#include <stdlib.h>
#include <string.h>

#include "rating/rule.h"

/* Step 5: which unit stands for a provider, and the order of providers. */

int compare_units(const void *a, const void *b)
{
	const struct unit *left = *(const struct unit *const *)a;
	const struct unit *right = *(const struct unit *const *)b;

	if (left->rated != right->rated)
		return left->rated ? 1 : -1;
	if (left->grade != right->grade)
		return left->grade > right->grade ? 1 : -1;
	if (left->overall < right->overall)
		return -1;
	if (left->overall > right->overall)
		return 1;
	return strcmp(left->name, right->name);
}

/* True when the same source has said something else about the same subject since. */
static bool taken_back(const struct rating_request *request, const struct folder *folder,
		       const struct record *record)
{
	for (uint32_t i = 0; i < folder->count; i++) {
		const struct record *other = folder->filed[i].record;

		if (folder->filed[i].topic == TOPIC_SHARE && record_counts(request, other) &&
		    other->observed > record->observed &&
		    strcmp(other->source.name, record->source.name) == 0 &&
		    subject_covers(&other->subject, &record->subject, SUBJECT_PART_COUNT) &&
		    subject_covers(&record->subject, &other->subject, SUBJECT_PART_COUNT))
			return true;
	}
	return false;
}

/* The one unit that a majority uses, -1 when none or several claim it. */
static int32_t find_majority(const struct rating_request *request, const struct folder *folder,
			     const struct provider *provider)
{
	int32_t majority = -1;

	for (uint32_t i = 0; i < folder->count; i++) {
		const struct filed *filed = &folder->filed[i];

		if (filed->topic != TOPIC_SHARE || !record_counts(request, filed->record) ||
		    strcmp(filed->record->text, "majority") != 0 ||
		    taken_back(request, folder, filed->record))
			continue;
		for (uint32_t u = 0; u < provider->unit_count; u++) {
			if (!subject_covers(&filed->record->subject, &provider->units[u].subject,
					    SUBJECT_UNIT_PARTS))
				continue;
			if (majority >= 0 && majority != (int32_t)u)
				return -1;
			majority = (int32_t)u;
		}
	}
	return majority;
}

static uint32_t find_median(const struct provider *provider)
{
	const struct unit **sorted = calloc(provider->unit_count, sizeof(*sorted));
	uint32_t median;

	if (!sorted)
		abort();
	for (uint32_t i = 0; i < provider->unit_count; i++)
		sorted[i] = &provider->units[i];
	qsort(sorted, provider->unit_count, sizeof(*sorted), compare_units);
	median = (uint32_t)(sorted[(provider->unit_count - 1) / 2] - provider->units);
	free(sorted);
	return median;
}

void choose_units(const struct rating_request *request, const struct folder *folder,
		  struct provider *provider)
{
	int32_t majority = find_majority(request, folder, provider);

	for (uint32_t i = 0; i < folder->count; i++)
		if (folder->filed[i].topic == TOPIC_VOLUME &&
		    record_counts(request, folder->filed[i].record) &&
		    folder->filed[i].record->value > provider->gpu_volume)
			provider->gpu_volume = folder->filed[i].record->value;
	if (provider->unit_count == 1) {
		provider->chosen_why = "its only unit";
	} else if (majority >= 0) {
		provider->chosen = (uint32_t)majority;
		provider->majority = true;
		provider->chosen_why = "most customers use it";
	} else {
		provider->chosen = find_median(provider);
		provider->chosen_why = "the lower median of its units";
	}
}

const struct unit *provider_unit(const struct provider *provider)
{
	return &provider->units[provider->chosen];
}

enum grade provider_grade(const struct provider *provider)
{
	return provider_unit(provider)->grade;
}

/* The best first, unrated last, equal ones by name. */
static int compare_providers(const void *a, const void *b)
{
	const struct provider *left = a, *right = b;
	const struct unit *of_left = provider_unit(left), *of_right = provider_unit(right);

	if (of_left->rated != of_right->rated)
		return of_left->rated ? -1 : 1;
	if (of_left->rated && of_left->grade != of_right->grade)
		return of_left->grade > of_right->grade ? -1 : 1;
	if (of_left->rated && of_left->overall > of_right->overall)
		return -1;
	if (of_left->rated && of_left->overall < of_right->overall)
		return 1;
	return strcmp(left->name, right->name);
}

static bool same_place(const struct provider *a, const struct provider *b)
{
	return provider_unit(a)->grade == provider_unit(b)->grade &&
	       !(provider_unit(a)->overall < provider_unit(b)->overall) &&
	       !(provider_unit(a)->overall > provider_unit(b)->overall);
}

void rank_providers(struct rating *rating)
{
	struct provider *all = rating->providers;

	if (rating->provider_count > 0)
		qsort(all, rating->provider_count, sizeof(*all), compare_providers);
	for (uint32_t i = 0; i < rating->provider_count; i++) {
		if (!provider_unit(&all[i])->rated)
			continue;
		all[i].rank = i > 0 && same_place(&all[i - 1], &all[i]) ? all[i - 1].rank : i + 1;
		all[i].rank_low = all[i].rank_high = all[i].rank;
	}
}
