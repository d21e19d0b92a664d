/*
 * Small fabrics for unit tests, wired as they should be: groups of nodes, a leaf for each rail of a
 * group or one for the group, spines above them. Tests then break what they look at.
 */
#pragma once

#include "fabric/graph.h"

struct wires {
	unsigned groups; /* of nodes below the same leaves */
	unsigned nodes;  /* of one group */
	unsigned rails;  /* adapters of a node */
	unsigned spines; /* 0: the leaves do not meet */
	unsigned cables; /* between a leaf and a spine */
	bool is_classic; /* one leaf for a group, with all its adapters */
};

/* Switches first. Nodes are "n1", "n2" …, their adapters "n1 mlx5_0"; leaves "leaf-1-0" by group
 * and rail, spines "spine-1". Everything is 4 lanes of NDR. Port of a node at its leaf: its place
 * in the group from 1, of a classic leaf (place - 1) × rails + rail + 1; cables to spines follow.
 */
void wires_make(struct graph *graph, const struct wires *wires);

/* Nodes of the graph, counted from 0. */
uint32_t wires_leaf(const struct graph *graph, unsigned group, unsigned rail);
uint32_t wires_spine(const struct graph *graph, unsigned spine);
uint32_t wires_adapter(const struct graph *graph, unsigned node, unsigned rail);

/* Takes the cable of the port away. */
void wires_cut(struct graph *graph, uint32_t port);
