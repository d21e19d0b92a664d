/* On one leaf with several links of each host, a host's ports stand side by side; a port within
 * another host's block is where that host is expected. */
#include <stdlib.h>
#include <string.h>

#include "fabric/layout_parts.h"

enum {
	BLOCK_LEAST = 3, /* links of a host on one leaf, below which no block shows */
};

/* A leaf of which more ports lie outside the blocks was not cabled in blocks. */
static const double outside_most = 0.2;

/* The block of one host on one leaf. */
struct block {
	uint32_t first, last; /* numbers of ports */
	uint32_t host;
	uint32_t inside, links;
};

struct leaf_blocks {
	struct layout *layout;
	const uint32_t *links; /* of the leaf, those of one host together */
	uint32_t link_count;
	struct block *blocks;
	uint32_t block_count;
	uint32_t length; /* of a block: links that most hosts have here */
	bool are_whole;  /* blocks begin at port 1, one after the other */
	uint32_t *numbers;
	uint32_t *owner; /* of a port: index of the block that it is in, plus 1 */
};

static uint32_t number_of(const struct leaf_blocks *leaf, uint32_t at)
{
	const struct layout *layout = leaf->layout;

	return layout->graph->ports[layout->links[leaf->links[at]].peer].number;
}

static int compare_numbers(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

/* The window as long as most hosts have links here that holds most of its ports; of equals one that
 * starts where whole blocks from port 1 would. */
static struct block find_block(const struct leaf_blocks *leaf, uint32_t from, uint32_t count)
{
	const uint32_t length = leaf->length;
	struct block best = { .host = leaf->layout->links[leaf->links[from]].host, .links = count };

	for (uint32_t i = 0; i < count; i++)
		leaf->numbers[i] = number_of(leaf, from + i);
	qsort(leaf->numbers, count, sizeof(*leaf->numbers), compare_numbers);
	for (uint32_t i = 0; i < 2 * count; i++) {
		/* Windows that begin at one of its ports, and whole ones that hold it. */
		uint32_t number = leaf->numbers[i / 2];
		bool is_whole = leaf->are_whole || i % 2 != 0;
		uint32_t first = is_whole ? number - (number - 1) % length : number;
		uint32_t inside = 0;

		for (uint32_t j = 0; j < count; j++)
			inside += leaf->numbers[j] >= first && leaf->numbers[j] < first + length;
		if (inside < best.inside || (inside == best.inside && !is_whole))
			continue;
		best.first = first;
		best.last = first + length - 1;
		best.inside = inside;
	}
	return best;
}

/* Where the links of the next host begin. */
static uint32_t next_host(const struct leaf_blocks *leaf, uint32_t at)
{
	const struct layout_link *links = leaf->layout->links;
	uint32_t host = links[leaf->links[at]].host;

	while (at < leaf->link_count && links[leaf->links[at]].host == host)
		at++;
	return at;
}

static void find_blocks(struct leaf_blocks *leaf)
{
	uint32_t count = 0;
	double share;

	for (uint32_t at = 0, next; at < leaf->link_count; at = next) {
		next = next_host(leaf, at);
		if (next - at >= BLOCK_LEAST)
			leaf->numbers[count++] = next - at;
	}
	leaf->length = layout_most(leaf->numbers, count, &share);
	leaf->block_count = 0;
	for (uint32_t at = 0, next; at < leaf->link_count; at = next) {
		next = next_host(leaf, at);
		if (next - at >= BLOCK_LEAST)
			leaf->blocks[leaf->block_count++] = find_block(leaf, at, next - at);
	}
}

static bool are_in_blocks(const struct leaf_blocks *leaf)
{
	uint32_t inside = 0, links = 0;

	for (uint32_t i = 0; i < leaf->block_count; i++) {
		inside += leaf->blocks[i].inside;
		links += leaf->blocks[i].links;
	}
	return leaf->block_count >= 2 && links - inside <= outside_most * links;
}

static void expect_in_blocks(struct leaf_blocks *leaf)
{
	memset(leaf->owner, 0, sizeof(*leaf->owner) * (GRAPH_PORT_MAXIMUM + 1));
	for (uint32_t i = 0; i < leaf->block_count; i++)
		for (uint32_t number = leaf->blocks[i].first;
		     number <= leaf->blocks[i].last && number <= GRAPH_PORT_MAXIMUM; number++)
			leaf->owner[number] = i + 1;
	for (uint32_t i = 0; i < leaf->link_count; i++) {
		struct layout_link *link = &leaf->layout->links[leaf->links[i]];
		uint32_t owner = leaf->owner[number_of(leaf, i)];

		if (owner > 0)
			link->expected = leaf->blocks[owner - 1].host;
	}
}

/* What is expected stays only where two hosts have each other's: one port alone may have been
 * cabled so because another was broken. */
static void forget_singles(struct layout *layout, const bool *is_judged)
{
	for (uint32_t i = 0; i < layout->link_count; i++) {
		struct layout_link *link = &layout->links[i];
		bool has_partner = false;

		if (!is_judged[link->leaf] || link->expected == LAYOUT_NONE ||
		    link->expected == link->host ||
		    layout->hosts->hosts[link->host].naming == HOST_NAMED_BY_GUID)
			continue;
		for (uint32_t j = layout->first_link[link->expected];
		     j < layout->first_link[link->expected + 1]; j++)
			has_partner |= layout->links[j].expected == link->host;
		if (!has_partner)
			link->expected = LAYOUT_NONE;
	}
}

void layout_expect_blocks(struct layout_work *work)
{
	struct layout *layout = work->layout;
	bool *is_judged = ARENA_ARRAY(work->scratch, bool, layout->switch_count);
	struct leaf_blocks leaf = {
		.layout = layout,
		.blocks = ARENA_ARRAY(work->scratch, struct block, layout->link_count),
		.numbers = ARENA_ARRAY(work->scratch, uint32_t, layout->link_count),
		.owner = ARENA_ARRAY(work->scratch, uint32_t, GRAPH_PORT_MAXIMUM + 1),
	};

	for (uint32_t i = 0; i < layout->switch_count; i++) {
		uint32_t group = layout->switches[i].group;

		/* Where a group has several leaves, those are what each is held against. */
		if (group == LAYOUT_NONE || layout->groups[group].leaf_count > 1)
			continue;
		leaf.links = work->links_of_leaf + work->first_link_of_leaf[i];
		leaf.link_count = work->host_links[i];
		leaf.are_whole = true;
		find_blocks(&leaf);
		if (!are_in_blocks(&leaf)) {
			leaf.are_whole = false;
			find_blocks(&leaf);
		}
		is_judged[i] = are_in_blocks(&leaf);
		if (is_judged[i])
			expect_in_blocks(&leaf);
	}
	forget_singles(layout, is_judged);
}
