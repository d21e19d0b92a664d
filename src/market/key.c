#include "market/key.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"

static const char all_tiers[] = "all-tiers";

enum {
	TERM_MAXIMUM_MONTHS = 120,
};

static bool read_gpu(const char *word, const struct catalogue *catalogue, struct key_filter *filter,
		     struct error *err)
{
	struct gpu_said said;

	if (!word)
		return true;
	gpu_read(catalogue, span_of(word), &said);
	if (said.gpu == GPU_NONE)
		return fail(err, ERROR_INVALID,
			    "--gpu %s: no GPU of the catalogue, data/market/gpu.tsv", word);
	filter->gpu = said.gpu;
	if (said.memory_gb > 0)
		filter->memory_gb = (int32_t)said.memory_gb;
	if (said.form != FORM_UNKNOWN)
		filter->form = (int32_t)said.form;
	return true;
}

static void list_names(const char *const *names, unsigned count, struct text *into)
{
	for (unsigned i = 0; i < count; i++)
		text_format(into, "%s%s", i == 0 ? "" : ", ", names[i]);
}

static bool fail_word(const char *option, const char *word, const char *const *names,
		      unsigned count, struct error *err)
{
	SCOPED_TEXT(known);

	list_names(names, count, &known);
	return fail(err, ERROR_INVALID, "--%s %s: it is one of %s", option, word,
		    text_string(&known));
}

static bool read_form(const char *word, struct key_filter *filter, struct error *err)
{
	enum form form = FORM_UNKNOWN;

	if (!word)
		return true;
	if (strcmp(word, form_names[FORM_UNKNOWN]) != 0 && !form_find(span_of(word), &form))
		return fail_word("form", word, form_names, FORM_COUNT, err);
	filter->form = (int32_t)form;
	return true;
}

static bool read_rental(const char *word, struct key_filter *filter, struct error *err)
{
	enum rental rental = RENTAL_UNKNOWN;

	if (!word)
		return true;
	if (!rental_find(span_of(word), &rental))
		return fail_word("rental", word, rental_names, RENTAL_COUNT, err);
	filter->rental = (int32_t)rental;
	return true;
}

static bool read_term(const char *word, struct key_filter *filter, struct error *err)
{
	uint64_t months = 0;

	if (!word)
		return true;
	if (!span_to_u64(span_of(word), &months) || months == 0 || months > TERM_MAXIMUM_MONTHS)
		return fail(err, ERROR_INVALID, "--term %s: give whole months from 1 to %d", word,
			    TERM_MAXIMUM_MONTHS);
	filter->term_months = (int32_t)months;
	return true;
}

static bool read_tier(const char *word, struct key_filter *filter, struct error *err)
{
	enum tier tier = TIER_UNKNOWN;

	if (!word || strcmp(word, "all") == 0 || strcmp(word, all_tiers) == 0)
		return true;
	if (strcmp(word, "each") == 0) {
		filter->tier = KEY_ANY;
		return true;
	}
	if (strcmp(word, tier_names[TIER_UNKNOWN]) != 0 && !tier_find(span_of(word), &tier))
		return fail(err, ERROR_INVALID,
			    "--tier %s: it is hyperscaler, neocloud, marketplace, unknown, all or "
			    "each",
			    word);
	filter->tier = (int32_t)tier;
	return true;
}

/* A provider by any of its names, else as written. */
static name_t find_provider(const struct book *book, const char *word)
{
	const struct provider_row *row = catalogue_provider(book->catalogue, span_of(word));

	return names_find(&book->names, row ? span_of(row->name) : span_of(word));
}

static void read_names(const struct key_words *words, const struct book *book,
		       struct key_filter *filter)
{
	filter->by_provider = words->provider;
	filter->by_product = words->product;
	filter->by_region = words->region;
	if (words->provider)
		filter->provider = find_provider(book, words->provider);
	if (words->product)
		filter->product = names_find(&book->names, span_of(words->product));
	if (words->region)
		filter->region = names_find(&book->names, span_of(words->region));
}

bool key_filter_read(const struct key_words *words, const struct book *book,
		     struct key_filter *ret_filter, struct error *err)
{
	struct key_filter filter = {
		.gpu = KEY_ANY,
		.memory_gb = KEY_ANY,
		.term_months = KEY_ANY,
		.form = KEY_ANY,
		.rental = KEY_ANY,
		.tier = KEY_ALL_TIERS,
	};

	if (!read_gpu(words->gpu, book->catalogue, &filter, err) ||
	    !read_form(words->form, &filter, err) || !read_rental(words->rental, &filter, err) ||
	    !read_term(words->term, &filter, err) || !read_tier(words->tier, &filter, err))
		return false;
	read_names(words, book, &filter);
	*ret_filter = filter;
	return true;
}

static bool fits(int32_t wanted, int32_t is)
{
	return wanted == KEY_ANY || wanted == is;
}

/* A name that was asked for and is in no quote is NAME_NONE, and so is a quote without one: such a
 * quote was not asked for. */
static bool names_fit(bool asked, name_t wanted, name_t is)
{
	return !asked || (wanted != NAME_NONE && wanted == is);
}

bool key_filter_takes(const struct key_filter *filter, const struct quote *quote)
{
	bool tier_fits = filter->tier == KEY_ALL_TIERS || fits(filter->tier, quote->tier);

	return tier_fits && fits(filter->gpu, quote->gpu) && fits(filter->form, quote->form) &&
	       fits(filter->memory_gb, quote->memory_gb) && fits(filter->rental, quote->rental) &&
	       fits(filter->term_months, quote->term_months) &&
	       names_fit(filter->by_provider, filter->provider, quote->provider) &&
	       names_fit(filter->by_product, filter->product, quote->product) &&
	       names_fit(filter->by_region, filter->region, quote->region);
}

bool key_filter_narrows(const struct key_filter *filter)
{
	return filter->by_provider || filter->by_product || filter->by_region;
}

bool key_takes(const struct key *key, const struct quote *quote)
{
	return key->gpu == quote->gpu && key->memory_gb == quote->memory_gb &&
	       key->form == quote->form && key->rental == quote->rental &&
	       key->term_months == quote->term_months &&
	       (key->tier == KEY_ALL_TIERS || key->tier == quote->tier);
}

static uint64_t key_number(const struct key *key)
{
	return (uint64_t)key->gpu << 48 | (uint64_t)key->form << 42 |
	       (uint64_t)key->memory_gb << 26 | (uint64_t)key->rental << 22 |
	       (uint64_t)key->term_months << 6 | key->tier;
}

int key_compare(const struct key *a, const struct key *b)
{
	uint64_t left = key_number(a), right = key_number(b);

	return (left > right) - (left < right);
}

static int by_key(const void *left, const void *right)
{
	return key_compare(left, right);
}

static struct key key_of(const struct quote *quote, const struct key_filter *filter)
{
	return (struct key){
		.gpu = quote->gpu,
		.memory_gb = quote->memory_gb,
		.term_months = quote->term_months,
		.form = quote->form,
		.rental = quote->rental,
		.tier = filter->tier == KEY_ALL_TIERS ? (uint8_t)KEY_ALL_TIERS : quote->tier,
	};
}

/* Keys that were met, and where each is by its number: open addressing, at most half full. */
struct key_set {
	struct key *keys;
	uint32_t *slots; /* place in `keys` + 1; 0 is free */
	size_t count, slot_count;
	struct arena *arena;
};

static size_t slot_of(const struct key_set *set, const struct key *key)
{
	size_t mask = set->slot_count - 1;
	size_t slot = random_join(key_number(key), 0) & mask;

	while (set->slots[slot] != 0 && key_compare(&set->keys[set->slots[slot] - 1], key) != 0)
		slot = (slot + 1) & mask;
	return slot;
}

static void set_grow(struct key_set *set)
{
	struct key_set grown = {
		.slot_count = set->slot_count ? 2 * set->slot_count : 256,
		.arena = set->arena,
		.count = set->count,
	};

	grown.slots = ARENA_ARRAY(set->arena, uint32_t, grown.slot_count);
	grown.keys = ARENA_ARRAY(set->arena, struct key, grown.slot_count / 2);
	for (size_t i = 0; i < set->count; i++) {
		grown.keys[i] = set->keys[i];
		grown.slots[slot_of(&grown, &grown.keys[i])] = (uint32_t)i + 1;
	}
	*set = grown;
}

static void set_add(struct key_set *set, const struct key *key)
{
	size_t slot;

	if (2 * set->count >= set->slot_count)
		set_grow(set);
	slot = slot_of(set, key);
	if (set->slots[slot] != 0)
		return;
	set->keys[set->count++] = *key;
	set->slots[slot] = (uint32_t)set->count;
}

void key_list(const struct book *book, const struct key_filter *filter, struct arena *arena,
	      struct key **ret_keys, size_t *ret_count)
{
	struct key_set set = { .arena = arena };

	for (size_t i = 0; i < book->count; i++) {
		const struct quote *quote = &book->quotes[i];
		struct key key = key_of(quote, filter);

		if (!key_filter_takes(filter, quote) ||
		    (quote->rental == RENTAL_SERVERLESS && filter->rental != RENTAL_SERVERLESS))
			continue;
		set_add(&set, &key);
	}
	if (set.count > 0)
		qsort(set.keys, set.count, sizeof(*set.keys), by_key);
	*ret_keys = set.keys;
	*ret_count = set.count;
}

const char *key_tier_name(const struct key *key)
{
	return key->tier == KEY_ALL_TIERS ? all_tiers : tier_names[key->tier];
}

void key_format(const struct key *key, const struct catalogue *catalogue, struct text *into)
{
	text_format(into, "%s/", catalogue->gpus[key->gpu].name);
	if (key->memory_gb > 0)
		text_format(into, "%ugb/", key->memory_gb);
	else
		text_add(into, "unknown/");
	text_format(into, "%s/%s", form_names[key->form], rental_names[key->rental]);
	if (key->term_months > 0)
		text_format(into, "-%um", key->term_months);
	text_format(into, "/%s", key_tier_name(key));
}
