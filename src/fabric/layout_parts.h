/*
 * The steps of layout_find, in their order; each a walk or two over what those before it left.
 */
#pragma once

#include "fabric/layout.h"

struct layout_work {
	struct layout *layout;
	struct arena *scratch;
	uint32_t *host_links;         /* of a switch: to hosts */
	uint32_t *first_link_of_leaf; /* switch_count + 1 */
	uint32_t *links_of_leaf;      /* indices of links, by their leaf */
	bool *is_miswired;            /* of a host: one of its cables is not where it belongs */
	uint32_t *probable_links; /* of a host: links of unnamed adapters that are probably its */
};

void layout_find_links(struct layout_work *work);
void layout_find_fabrics(struct layout_work *work);
void layout_find_tiers(struct layout_work *work);
void layout_find_groups(struct layout_work *work);
void layout_find_siblings(struct layout_work *work);
/* Parts of layout_find_swaps. */
void layout_find_expected(struct layout_work *work);
void layout_expect_blocks(struct layout_work *work);

void layout_find_swaps(struct layout_work *work);
void layout_find_uplinks(struct layout_work *work);
void layout_find_across(struct layout_work *work);
void layout_find_slow(struct layout_work *work);
void layout_find_adapters(struct layout_work *work);
void layout_find_styles(struct layout_work *work);
void layout_find_notes(struct layout_work *work);
void layout_name_groups(struct layout_work *work);

/* Adds a finding. `text` and `place` live in the layout's arena. NULL when it is beyond the maximum
 * and only counted. */
struct layout_finding *layout_say(struct layout *layout, enum layout_fault fault,
				  const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The switch at the other end of a port; LAYOUT_NONE for hosts, routers and nothing. */
static inline uint32_t layout_peer_switch(const struct layout *layout, uint32_t port)
{
	return layout->peer_switch[port];
}

/* The ports of a switch that cables can be in: from *ret_first up to the returned one. */
static inline uint32_t layout_ports(const struct layout *layout, uint32_t one, uint32_t *ret_first)
{
	const struct graph_node *node = &layout->graph->nodes[layout->switches[one].node];

	*ret_first = node->first_port + 1;
	return node->first_port + node->port_count + 1;
}

/* "4xNDR", "400 Gb/s", "an unknown rate". */
const char *layout_rate_name(const struct graph_port *port, struct arena *arena);

/* What most have: the value that comes most often, of equals the greater; *ret_share how many of
 * them have it. `values` is sorted in place. */
uint32_t layout_most(uint32_t *values, uint32_t count, double *ret_share);
