#include "web/feedback_cache.h"

#include <stdlib.h>
#include <string.h>

#include "report/feedback.h"
#include "web/parts.h"

struct told_cache *told_cache_new(void)
{
	struct told_cache *cache = calloc(1, sizeof(*cache));

	if (!cache)
		memory_exhausted(sizeof(*cache));
	cache->lock = (struct lock)LOCK_READY;
	return cache;
}

static void empty(struct told_entry *entry)
{
	free((void *)(uintptr_t)entry->provider);
	text_release(&entry->html);
	text_release(&entry->json);
	*entry = (struct told_entry){ 0 };
}

void told_cache_free(struct told_cache *cache)
{
	for (unsigned i = 0; cache && i < TOLD_PROVIDERS; i++)
		empty(&cache->entries[i]);
	free(cache);
}

/* ---- making ---- */

static bool make(struct web *web, const struct web_request *request, const char *provider,
		 struct told_entry *into, struct error *err)
{
	const struct said_query query = { .provider = provider };
	const struct standard *standard = web_standard(web);
	struct store *store = web_store_take(web, SQL_READ, err);
	SCOPED_ARENA(arena);
	struct opinions opinions;
	struct said_list said;
	struct act_list acts;
	bool good = store && feedback_load(store, standard, &query, &arena, &said, err) &&
		    feedback_acts(store, &query, &arena, &acts, err);

	if (store)
		web_store_end(web, SQL_READ, store, err);
	if (!good)
		return false;
	into->day = date_from_unix(request->now);
	opinions_of(standard, said.items, said.count, into->day, &arena, &opinions);
	const struct opinion_report report = { standard, said.items, said.count, &opinions,
					       into->day };
	const struct said_part part = { provider, standard, &said, &opinions, &acts };

	opinions_json(&report, &into->json);
	said_part_write(&part, &arena, &into->html);
	return true;
}

/* ---- keeping ---- */

static struct told_entry *find(struct told_cache *cache, const char *provider)
{
	for (unsigned i = 0; i < TOLD_PROVIDERS; i++)
		if (cache->entries[i].provider && strcmp(cache->entries[i].provider, provider) == 0)
			return &cache->entries[i];
	return NULL;
}

static bool is_good(const struct told_entry *entry, const struct told_entry *wanted)
{
	bool same = entry->sequence == wanted->sequence && entry->day == wanted->day;
	bool pauses = entry->cost_ms > TOLD_AT_ONCE_MS &&
		      wanted->used_ms - entry->made_ms < TOLD_PAUSE_TIMES * entry->cost_ms;

	return same || pauses || entry->is_busy;
}

static void copy(const struct told_entry *entry, struct arena *arena, struct told *ret_told)
{
	ret_told->html =
		(struct span){ arena_string(arena, text_span(&entry->html)), entry->html.length };
	ret_told->json =
		(struct span){ arena_string(arena, text_span(&entry->json)), entry->json.length };
}

/* The entry may be shown as it is; else it is to be made, and who asks next waits for nothing. */
static bool take_kept(struct told_cache *cache, const struct told_entry *wanted,
		      struct arena *arena, struct told *ret_told)
{
	struct told_entry *entry;
	bool good;

	lock_take(&cache->lock);
	entry = find(cache, wanted->provider);
	good = entry && is_good(entry, wanted);
	if (good) {
		entry->used_ms = wanted->used_ms;
		copy(entry, arena, ret_told);
	} else if (entry) {
		entry->is_busy = true;
	}
	lock_give(&cache->lock);
	return good;
}

/* In place of the older one of that provider, or of the one that nobody asked for the longest. */
static void keep(struct told_cache *cache, struct told_entry *fresh)
{
	struct told_entry *place;

	lock_take(&cache->lock);
	place = find(cache, fresh->provider);
	for (unsigned i = 0; !place && i < TOLD_PROVIDERS; i++)
		if (!cache->entries[i].provider)
			place = &cache->entries[i];
	if (!place) {
		place = &cache->entries[0];
		for (unsigned i = 1; i < TOLD_PROVIDERS; i++)
			if (cache->entries[i].used_ms < place->used_ms)
				place = &cache->entries[i];
	}
	fresh->provider = strdup(fresh->provider);
	if (!fresh->provider)
		memory_exhausted(FEEDBACK_NAME_MAXIMUM);
	empty(place);
	*place = *fresh;
	lock_give(&cache->lock);
}

static void give_up(struct told_cache *cache, const char *provider)
{
	struct told_entry *entry;

	lock_take(&cache->lock);
	entry = find(cache, provider);
	if (entry)
		entry->is_busy = false;
	lock_give(&cache->lock);
}

static bool find_last(struct web *web, int64_t *ret_sequence, struct error *err)
{
	struct store *store = web_store_take(web, SQL_READ, err);
	bool good = store && store_last(store, ret_sequence, err);

	if (store)
		web_store_end(web, SQL_READ, store, err);
	return good;
}

bool feedback_told(struct web *web, const struct web_request *request, const char *provider,
		   struct told *ret_told, struct error *err)
{
	struct told_entry fresh = { .provider = provider,
				    .day = date_from_unix(request->now),
				    .used_ms = web_now_ms() };

	/* Counted first: what comes in between is made once more later. */
	if (!find_last(web, &fresh.sequence, err))
		return false;
	if (take_kept(web->told, &fresh, request->arena, ret_told))
		return true;
	if (!make(web, request, provider, &fresh, err)) {
		text_release(&fresh.html);
		text_release(&fresh.json);
		give_up(web->told, provider);
		return false;
	}
	fresh.made_ms = web_now_ms();
	fresh.cost_ms = fresh.made_ms - fresh.used_ms;
	copy(&fresh, request->arena, ret_told);
	keep(web->told, &fresh);
	return true;
}
