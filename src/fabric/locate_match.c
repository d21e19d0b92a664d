#include "fabric/locate_match.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"

enum {
	TRIES = 64, /* other partners looked at, when the first one was met before */
};

/* Who met whom: the partners of each endpoint, one after the other. */
struct meetings {
	uint32_t *first; /* count + 1: where the partners of an endpoint begin */
	uint32_t *partners;
};

static struct meetings meetings_of(const struct locate *locate, struct arena *scratch)
{
	struct meetings met = {
		.first = ARENA_ARRAY(scratch, uint32_t, (size_t)locate->count + 2),
		.partners = ARENA_ARRAY(scratch, uint32_t, 2 * locate->result_count + 1),
	};
	uint32_t *at = met.first + 1;

	for (size_t i = 0; i < locate->result_count; i++) {
		at[locate->results[i].a]++;
		at[locate->results[i].b]++;
	}
	for (uint32_t i = 1; i <= locate->count; i++)
		met.first[i] += met.first[i - 1];
	uint32_t *next = ARENA_ARRAY(scratch, uint32_t, (size_t)locate->count + 1);

	memcpy(next, met.first, locate->count * sizeof(*next));
	for (size_t i = 0; i < locate->result_count; i++) {
		met.partners[next[locate->results[i].a]++] = locate->results[i].b;
		met.partners[next[locate->results[i].b]++] = locate->results[i].a;
	}
	return met;
}

static bool have_met(const struct meetings *met, uint32_t a, uint32_t b)
{
	for (uint32_t i = met->first[a]; i < met->first[a + 1]; i++)
		if (met->partners[i] == b)
			return true;
	return false;
}

static void shuffle(uint32_t *list, uint32_t count, uint64_t key)
{
	for (uint32_t i = count; i > 1; i--) {
		uint32_t j = (uint32_t)(random_u64(key, i) % i);
		uint32_t kept = list[i - 1];

		list[i - 1] = list[j];
		list[j] = kept;
	}
}

static uint32_t group_of(const struct locate *locate, uint32_t endpoint)
{
	return locate->groups ? locate->groups[endpoint] : 0;
}

/* Those who have been measured least come first, so that whoever is left over is another one each
 * time. */
struct candidate {
	uint32_t endpoint, group, tests, chance;
};

static int compare(const void *a, const void *b)
{
	const struct candidate *first = a;
	const struct candidate *second = b;

	if (first->group != second->group)
		return first->group < second->group ? -1 : 1;
	if (first->tests != second->tests)
		return first->tests < second->tests ? -1 : 1;
	return first->chance < second->chance ? -1 : first->chance > second->chance;
}

/* Swaps partners while a pair has met before and another partner would not have. */
static void part(struct locate_pair *pairs, uint32_t count, const struct meetings *met,
		 uint64_t key)
{
	for (uint32_t i = 0; i < count; i++) {
		for (uint32_t try = 0; try < TRIES && have_met(met, pairs[i].a, pairs[i].b);
		     try++) {
			struct locate_pair *other =
				&pairs[random_u64(key, (uint64_t)i * TRIES + try) % count];
			uint32_t kept = pairs[i].b;

			if (have_met(met, pairs[i].a, other->b) ||
			    have_met(met, other->a, pairs[i].b))
				continue;
			pairs[i].b = other->b;
			other->b = kept;
		}
	}
}

static uint64_t key_of(const struct locate *locate)
{
	return random_join(locate->options.seed, locate->round);
}

/* Pairs all of a list that is one group, the fewest tests first; the last of an odd one is left
 * over. */
static uint32_t pair_up(const struct candidate *list, uint32_t count, const struct meetings *met,
			uint64_t key, struct arena *scratch, struct locate_pair *pairs)
{
	uint32_t *order = ARENA_ARRAY(scratch, uint32_t, (size_t)count + 1);
	uint32_t even = count - count % 2;

	for (uint32_t i = 0; i < count; i++)
		order[i] = list[i].endpoint;
	shuffle(order, even, key);
	for (uint32_t i = 0; i + 1 < even; i += 2)
		pairs[i / 2] = (struct locate_pair){ order[i], order[i + 1] };
	part(pairs, even / 2, met, random_join(key, 1));
	return even / 2;
}

uint32_t locate_match_all(const struct locate *locate, struct arena *scratch,
			  struct locate_pair *ret_pairs)
{
	struct meetings met = meetings_of(locate, scratch);
	struct candidate *list = ARENA_ARRAY(scratch, struct candidate, (size_t)locate->count + 1);
	uint64_t key = key_of(locate);
	uint32_t count = 0;
	uint32_t pairs = 0;

	for (uint32_t i = 0; i < locate->count; i++)
		if (!locate->is_away[i])
			list[count++] = (struct candidate){
				.endpoint = i,
				.group = group_of(locate, i),
				.tests = met.first[i + 1] - met.first[i],
				.chance = (uint32_t)random_u64(key, i),
			};
	qsort(list, count, sizeof(*list), compare);
	for (uint32_t i = 0; i < count;) {
		uint32_t end = i;

		while (end < count && list[end].group == list[i].group)
			end++;
		pairs += pair_up(list + i, end - i, &met, random_join(key, list[i].group + 2),
				 scratch, ret_pairs + pairs);
		i = end;
	}
	return pairs;
}

/* Sound partners by group, in random order; a partner that was taken is LOCATE_NONE. */
struct partners {
	struct candidate *list;
	uint32_t count;
};

/* The first of the group that this one has not met, else the first of it; LOCATE_NONE. */
static uint32_t take_partner(struct partners *partners, uint32_t from, uint32_t group,
			     const struct meetings *met, uint32_t endpoint)
{
	uint32_t best = LOCATE_NONE;

	for (uint32_t i = from, looked = 0;
	     i < partners->count && partners->list[i].group == group && looked < TRIES; i++) {
		uint32_t other = partners->list[i].endpoint;

		if (other == LOCATE_NONE || other == endpoint)
			continue;
		looked++;
		if (best == LOCATE_NONE)
			best = i;
		if (have_met(met, endpoint, other))
			continue;
		best = i;
		break;
	}
	if (best == LOCATE_NONE)
		return best;
	uint32_t taken = partners->list[best].endpoint;

	partners->list[best].endpoint = LOCATE_NONE;
	return taken;
}

static uint32_t first_of(const struct partners *partners, uint32_t group)
{
	uint32_t low = 0;
	uint32_t high = partners->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (partners->list[middle].group < group)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Splits those who take part: sound ones into partners, undecided ones into the other list, each
 * sorted by group and then at random. What is faulty is left in peace. */
static uint32_t split(const struct locate *locate, struct partners *partners,
		      struct candidate *undecided)
{
	uint64_t key = key_of(locate);
	uint32_t count = 0;

	for (uint32_t i = 0; i < locate->count; i++) {
		struct candidate one = {
			.endpoint = i,
			.group = group_of(locate, i),
			.chance = (uint32_t)random_u64(key, i),
		};

		if (locate->is_away[i])
			continue;
		if (!locate_is_decided(locate, i))
			undecided[count++] = one;
		else if (locate_verdict_of(locate, i) == LOCATE_SOUND)
			partners->list[partners->count++] = one;
	}
	qsort(partners->list, partners->count, sizeof(*partners->list), compare);
	qsort(undecided, count, sizeof(*undecided), compare);
	return count;
}

uint32_t locate_match_undecided(const struct locate *locate, struct arena *scratch,
				struct locate_pair *ret_pairs)
{
	struct meetings met = meetings_of(locate, scratch);
	size_t room = (size_t)locate->count + 1;
	struct partners partners = { .list = ARENA_ARRAY(scratch, struct candidate, room) };
	struct candidate *undecided = ARENA_ARRAY(scratch, struct candidate, room);
	struct candidate *left = ARENA_ARRAY(scratch, struct candidate, room);
	uint32_t count = split(locate, &partners, undecided);
	uint32_t left_count = 0;
	uint32_t pairs = 0;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t group = undecided[i].group;
		uint32_t partner = take_partner(&partners, first_of(&partners, group), group, &met,
						undecided[i].endpoint);

		if (partner == LOCATE_NONE)
			left[left_count++] = undecided[i];
		else
			ret_pairs[pairs++] = (struct locate_pair){ undecided[i].endpoint, partner };
	}
	for (uint32_t i = 0; i < left_count;) {
		uint32_t end = i;

		while (end < left_count && left[end].group == left[i].group)
			end++;
		pairs += pair_up(left + i, end - i, &met, random_join(key_of(locate), 1 + i),
				 scratch, ret_pairs + pairs);
		i = end;
	}
	return pairs;
}
