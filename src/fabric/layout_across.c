/* Links between switches of one tier, as in dragonflies: within a group of siblings each pair has
 * as many, and each pair of groups has as many. */
#include <stdlib.h>

#include "fabric/layout_parts.h"

static const double pairs_agree = 0.75;

/* Two switches, or two groups of them, and how many links they have. */
struct pair {
	uint32_t low, high, links;
	bool is_inner; /* two switches of one group */
};

struct pairing {
	struct layout_work *work;
	struct pair *pairs;
	uint32_t count;
};

static int compare_pairs(const void *a, const void *b)
{
	const struct pair *left = a, *right = b;

	if (left->is_inner != right->is_inner)
		return left->is_inner ? -1 : 1;
	if (left->low != right->low)
		return left->low < right->low ? -1 : 1;
	return left->high < right->high ? -1 : left->high > right->high;
}

/* Links of the switch to others of its tier, each link from its first port. */
static void gather_of(struct pairing *pairing, uint32_t one)
{
	const struct layout *layout = pairing->work->layout;
	const struct layout_switch *its = &layout->switches[one];
	uint32_t port, end = layout_ports(layout, one, &port);

	for (; port < end; port++) {
		uint32_t other = layout_peer_switch(layout, port), a, b;
		bool is_inner;

		if (other == LAYOUT_NONE || layout->switches[other].tier != its->tier ||
		    layout->graph->ports[port].peer < port)
			continue;
		is_inner = its->siblings == layout->switches[other].siblings;
		a = is_inner ? one : its->siblings;
		b = is_inner ? other : layout->switches[other].siblings;
		pairing->pairs[pairing->count++] = (struct pair){
			.low = a < b ? a : b,
			.high = a < b ? b : a,
			.links = 1,
			.is_inner = is_inner,
		};
	}
}

static void gather_pairs(struct pairing *pairing)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < pairing->work->layout->switch_count; i++)
		gather_of(pairing, i);
	qsort(pairing->pairs, pairing->count, sizeof(*pairing->pairs), compare_pairs);
	for (uint32_t i = 0; i < pairing->count; i++) {
		struct pair *last = kept > 0 ? &pairing->pairs[kept - 1] : NULL;

		if (last && compare_pairs(last, &pairing->pairs[i]) == 0)
			last->links++;
		else
			pairing->pairs[kept++] = pairing->pairs[i];
	}
	pairing->count = kept;
}

static void say_missing(const struct pairing *pairing, const struct pair *pair, uint32_t usual)
{
	struct layout *layout = pairing->work->layout;
	const char *low = layout_node_name(layout, layout->switches[pair->low].node, layout->arena);
	const char *high =
		layout_node_name(layout, layout->switches[pair->high].node, layout->arena);
	struct layout_finding *finding =
		pair->is_inner
			? layout_say(layout, FAULT_LINK_MISSING,
				     "%u of %u link%s to %s, as other pairs of its group have",
				     pair->links, usual, usual == 1 ? "" : "s", high)
			: layout_say(layout, FAULT_LINK_MISSING,
				     "%u of %u link%s between the group of this switch and that "
				     "of %s, as other pairs of groups have",
				     pair->links, usual, usual == 1 ? "" : "s", high);

	if (!finding)
		return;
	finding->node = layout->switches[pair->low].node;
	finding->place = low;
	finding->size = pair->links;
	finding->expected = usual;
}

/* Which of the pairs has too few; the pairs are of one kind, and `possible` of them could be. Pairs
 * without a link are not among them and are looked for where only few can be missing. */
static void judge_pairs(struct pairing *pairing, const struct pair *pairs, uint32_t count,
			const uint32_t *items, uint32_t item_count)
{
	uint64_t possible = (uint64_t)item_count * (item_count - 1) / 2;
	uint32_t *links = ARENA_ARRAY(pairing->work->scratch, uint32_t, count + 1);
	const bool is_inner = count > 0 && pairs[0].is_inner;
	uint32_t usual, at = 0;
	double share;

	for (uint32_t i = 0; i < count; i++)
		links[i] = pairs[i].links;
	usual = layout_most(links, count, &share);
	if (item_count < 3 || share * count < pairs_agree * (double)possible)
		return;
	for (uint32_t i = 0; i < item_count; i++)
		for (uint32_t j = i + 1; j < item_count; j++) {
			struct pair wanted = { items[i], items[j], 0, is_inner };

			while (at < count && compare_pairs(&pairs[at], &wanted) < 0)
				at++;
			if (at < count && compare_pairs(&pairs[at], &wanted) == 0)
				wanted.links = pairs[at].links;
			if (wanted.links < usual)
				say_missing(pairing, &wanted, usual);
		}
}

/* The switches of each label that has inner pairs: they stand in the pairs themselves. */
static uint32_t gather_items(const struct pair *pairs, uint32_t count, struct arena *scratch,
			     uint32_t **ret_items)
{
	uint32_t *items = ARENA_ARRAY(scratch, uint32_t, 2 * (size_t)count);
	uint32_t *each = ARENA_ARRAY(scratch, uint32_t, 2 * (size_t)count);
	uint32_t kept = 0;
	double share;

	for (uint32_t i = 0; i < count; i++) {
		items[2 * i] = pairs[i].low;
		items[2 * i + 1] = pairs[i].high;
	}
	(void)layout_most(items, 2 * count, &share); /* sorts */
	for (uint32_t i = 0; i < 2 * count; i++)
		if (i == 0 || items[i] != items[i - 1])
			each[kept++] = items[i];
	*ret_items = each;
	return kept;
}

struct by_label {
	uint32_t label;
	struct pair pair;
};

static int compare_labels(const void *a, const void *b)
{
	const struct by_label *left = a, *right = b;

	if (left->label != right->label)
		return left->label < right->label ? -1 : 1;
	return compare_pairs(&left->pair, &right->pair);
}

/* Groups of pairs that are held against each other: those within one label, and all between labels
 * of one tier and fabric. */
static uint32_t label_of(const struct layout *layout, const struct pair *pair)
{
	const struct layout_switch *low = &layout->switches[pair->low];

	return pair->is_inner
		       ? low->siblings
		       : layout->switch_count + low->fabric * LAYOUT_TIERS_MAXIMUM + low->tier;
}

void layout_find_across(struct layout_work *work)
{
	const struct layout *layout = work->layout;
	struct pairing pairing = {
		.work = work,
		.pairs = ARENA_ARRAY(work->scratch, struct pair, layout->graph->port_count),
	};
	struct by_label *sorted;
	struct pair *pairs;
	uint32_t start = 0;

	gather_pairs(&pairing);
	sorted = ARENA_ARRAY(work->scratch, struct by_label, pairing.count);
	pairs = ARENA_ARRAY(work->scratch, struct pair, pairing.count);
	for (uint32_t i = 0; i < pairing.count; i++)
		sorted[i] = (struct by_label){
			.label = label_of(layout, &pairing.pairs[i]),
			.pair = pairing.pairs[i],
		};
	if (pairing.count > 1)
		qsort(sorted, pairing.count, sizeof(*sorted), compare_labels);
	for (uint32_t i = 0; i < pairing.count; i++)
		pairs[i] = sorted[i].pair;
	for (uint32_t i = 1; i <= pairing.count; i++) {
		uint32_t *items, item_count;

		if (i < pairing.count && sorted[i].label == sorted[start].label)
			continue;
		item_count = gather_items(pairs + start, i - start, work->scratch, &items);
		judge_pairs(&pairing, pairs + start, i - start, items, item_count);
		start = i;
	}
}
