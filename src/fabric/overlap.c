#include "fabric/overlap.h"

#include <string.h>

enum {
	WINDOW = 256, /* items after an item, in the list of one member, that it is held against */
};

uint32_t *forest_start(struct arena *arena, uint32_t count)
{
	uint32_t *forest = ARENA_ARRAY(arena, uint32_t, count);

	for (uint32_t i = 0; i < count; i++)
		forest[i] = i;
	return forest;
}

uint32_t forest_root(uint32_t *forest, uint32_t item)
{
	while (forest[item] != item) {
		forest[item] = forest[forest[item]];
		item = forest[item];
	}
	return item;
}

void forest_join(uint32_t *forest, uint32_t item, uint32_t other)
{
	item = forest_root(forest, item);
	other = forest_root(forest, other);
	/* The lowest stays the root, so that labels do not depend on the order of joining. */
	if (item < other)
		forest[other] = item;
	else
		forest[item] = other;
}

/* The items that each member is in, in their order. */
struct holders {
	uint32_t *first;
	uint32_t *items;
	uint32_t *at; /* of each membership: where its item stands in the member's list */
};

static void find_holders(const struct overlap_sets *sets, struct arena *scratch,
			 struct holders *holders)
{
	uint32_t total = sets->first[sets->item_count];
	uint32_t *next = ARENA_ARRAY(scratch, uint32_t, sets->member_count + 1);

	holders->first = ARENA_ARRAY(scratch, uint32_t, sets->member_count + 1);
	holders->items = ARENA_ARRAY(scratch, uint32_t, total);
	holders->at = ARENA_ARRAY(scratch, uint32_t, total);
	for (uint32_t i = 0; i < total; i++)
		holders->first[sets->members[i] + 1]++;
	for (uint32_t i = 0; i < sets->member_count; i++)
		holders->first[i + 1] += holders->first[i];
	memcpy(next, holders->first, sizeof(*next) * sets->member_count);
	for (uint32_t item = 0; item < sets->item_count; item++)
		for (uint32_t i = sets->first[item]; i < sets->first[item + 1]; i++) {
			holders->at[i] = next[sets->members[i]]++;
			holders->items[holders->at[i]] = item;
		}
}

struct joining {
	const struct overlap_sets *sets;
	struct holders holders;
	uint32_t *common;  /* of the item at hand with each other one */
	uint32_t *touched; /* those that `common` is not 0 for */
	uint32_t touched_count;
	uint32_t *forest;
};

static uint32_t set_size(const struct overlap_sets *sets, uint32_t item)
{
	return sets->first[item + 1] - sets->first[item];
}

static void count_common(struct joining *joining, uint32_t item)
{
	const struct overlap_sets *sets = joining->sets;

	for (uint32_t i = sets->first[item]; i < sets->first[item + 1]; i++) {
		uint32_t end = joining->holders.first[sets->members[i] + 1];
		uint32_t at = joining->holders.at[i] + 1;

		if (end > at + WINDOW)
			end = at + WINDOW;
		for (; at < end; at++) {
			uint32_t other = joining->holders.items[at];

			if (joining->common[other]++ == 0)
				joining->touched[joining->touched_count++] = other;
		}
	}
}

static void join_item(struct joining *joining, uint32_t item)
{
	const struct overlap_sets *sets = joining->sets;

	joining->touched_count = 0;
	count_common(joining, item);
	for (uint32_t i = 0; i < joining->touched_count; i++) {
		uint32_t other = joining->touched[i];
		uint32_t smaller = set_size(sets, item) < set_size(sets, other)
					   ? set_size(sets, item)
					   : set_size(sets, other);

		if (joining->common[other] * 2 >= smaller &&
		    (!sets->colours || sets->colours[item] == sets->colours[other]))
			forest_join(joining->forest, item, other);
		joining->common[other] = 0;
	}
}

void overlap_join(const struct overlap_sets *sets, struct arena *scratch, uint32_t *ret_label)
{
	struct joining joining = {
		.sets = sets,
		.common = ARENA_ARRAY(scratch, uint32_t, sets->item_count),
		.touched = ARENA_ARRAY(scratch, uint32_t, sets->item_count),
		.forest = forest_start(scratch, sets->item_count),
	};

	find_holders(sets, scratch, &joining.holders);
	for (uint32_t i = 0; i < sets->item_count; i++)
		join_item(&joining, i);
	for (uint32_t i = 0; i < sets->item_count; i++)
		ret_label[i] = forest_root(joining.forest, i);
}
