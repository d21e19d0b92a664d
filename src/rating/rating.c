#include "rating/rating.h"

#include <string.h>

#include "base/text.h"
#include "rating/rule.h"

enum {
	THREADS_MAXIMUM = 16, /* each has its own counts, which cost memory */
};

/* The units of every folder, in one array so that a provider's lie side by side. */
static void collect_units(const struct rating_request *request, const struct folder *folders,
			  uint32_t folder_count, struct arena *arena, struct rating *rating)
{
	struct unit **made = ARENA_ARRAY(arena, struct unit *, folder_count);
	uint32_t *counts = ARENA_ARRAY(arena, uint32_t, folder_count);
	uint32_t total = 0, providers = 0;

	for (uint32_t f = 0; f < folder_count; f++) {
		make_units(request, &folders[f], arena, &made[f], &counts[f]);
		total += counts[f];
		providers += counts[f] > 0;
	}
	rating->units = ARENA_ARRAY(arena, struct unit, total);
	rating->providers = ARENA_ARRAY(arena, struct provider, providers);
	for (uint32_t f = 0; f < folder_count; f++) {
		struct provider *provider = &rating->providers[rating->provider_count];

		if (counts[f] == 0)
			continue;
		rating->provider_count++;
		provider->name = folders[f].provider;
		provider->units = &rating->units[rating->unit_count];
		provider->unit_count = counts[f];
		memcpy(provider->units, made[f], counts[f] * sizeof(*made[f]));
		rating->unit_count += counts[f];
		for (uint32_t u = 0; u < counts[f]; u++) {
			settle_unit(request, &folders[f], arena, &provider->units[u]);
			score_unit(request->standard, &provider->units[u]);
		}
		choose_units(request, &folders[f], provider);
	}
}

static void cover_market(struct rating *rating)
{
	double known = 0.0, rated = 0.0;

	for (uint32_t p = 0; p < rating->provider_count; p++) {
		known += rating->providers[p].gpu_volume;
		if (provider_unit(&rating->providers[p])->rated)
			rated += rating->providers[p].gpu_volume;
	}
	rating->market_coverage = known > 0.0 ? rated / known : -1.0;
}

/* Everything that decides the result, one thing a line. Threads do not. */
static void hash_rating(struct rating *rating)
{
	const struct rating_request *request = &rating->request;
	SCOPED_TEXT(all);
	char hash[RECORD_HASH_TEXT], day[DATE_TEXT_SIZE];

	text_format(&all, "standard %s\n", hash_format(request->standard->hash, hash));
	text_format(&all, "evidence %s\n", hash_format(request->evidence->hash, hash));
	if (request->handbook)
		text_format(&all, "handbook %s\n", hash_format(request->handbook->hash, hash));
	text_format(&all, "as_of %s\n", date_format(request->as_of, day));
	text_format(&all, "profile %s\n",
		    request->profile < 0 ? "all"
					 : request->standard->profiles[request->profile].id);
	text_format(&all, "seed %llu\n", (unsigned long long)request->seed);
	text_format(&all, "draws %u\n", request->draws);
	text_format(&all, "arrived_by %s\n", date_format(request->arrived_by, day));
	text_format(&all, "undated %d\n", request->undated);
	text_format(&all, "only %s\n", request->only ? request->only : "");
	hash_bytes(text_span(&all), rating->hash);
}

void rating_run(const struct rating_request *request, struct arena *arena,
		struct rating *ret_rating)
{
	struct folder *folders;
	uint32_t folder_count;

	*ret_rating = (struct rating){ .request = *request };
	if (ret_rating->request.threads == 0)
		ret_rating->request.threads = 1;
	if (ret_rating->request.threads > THREADS_MAXIMUM)
		ret_rating->request.threads = THREADS_MAXIMUM;
	file_evidence(request, arena, &folders, &folder_count);
	collect_units(request, folders, folder_count, arena, ret_rating);
	rank_providers(ret_rating);
	cover_market(ret_rating);
	hash_rating(ret_rating);
	if (request->draws > 0 && ret_rating->unit_count > 0)
		draw_rating(ret_rating);
}

const struct provider *rating_find(const struct rating *rating, const char *provider)
{
	for (uint32_t i = 0; i < rating->provider_count; i++)
		if (strcmp(rating->providers[i].name, provider) == 0)
			return &rating->providers[i];
	return NULL;
}

const struct unit *rating_find_unit(const struct rating *rating, const char *name)
{
	for (uint32_t i = 0; i < rating->unit_count; i++)
		if (strcmp(rating->units[i].name, name) == 0)
			return &rating->units[i];
	return NULL;
}
