/*
 * Pages of nodes, which a server shows to whose nodes they are: the grid by rack and rail, and one
 * node with its life, its findings and its curves. Beside each stands a twin in JSON.
 */
#pragma once

#include "report/node_brief.h"
#include "report/site_page.h"

/* The nodes of one place in the order of provider, cluster, rack and name; those whose rack is not
 * known are the last of their cluster. */
struct node_grid {
	const char *title; /* "crusoe / eu-1" */
	const struct node_brief *nodes;
	uint32_t count;
	bool is_partial; /* more are there than are shown */
	int64_t now;
};

void node_grid_sort(struct node_brief *nodes, uint32_t count);

/* Nodes that stand side by side in a grid: of one rack, or of one cluster without a known rack. */
struct node_rack {
	const char *provider;
	const char *cluster, *name; /* "" when not known */
	const struct node_brief *nodes;
	uint32_t count;
	/* The worst of the n-th GPU of each node: what they share stands out. */
	enum verdict rails[NODE_RAILS_MAXIMUM];
	uint32_t rail_count;
};

/* The rack that the node at `first` is the first of. */
struct node_rack node_rack_from(const struct node_grid *grid, uint32_t first);

void site_nodes(const struct site_page *page, const struct node_grid *grid);
void node_grid_json(const struct node_grid *grid, struct text *into);

/* A time in a node's life. */
struct node_period {
	enum node_life life;
	int64_t from;
	const char *reason; /* "" when none was given */
};

/* A curve that a page shows and a script may fetch. */
struct node_curve {
	const char *title;   /* "busbw of all_reduce", "temperature of GPU 3" */
	const char *address; /* of the JSON twin, assay/curve/v1 */
	const char *unit;
	bool by_size; /* against message size in bytes, else against time */
	const double *x, *y;
	size_t count;
	/* What others measured at the same places, NAN where nobody did; NULL: nowhere. */
	const double *low, *high;
	const char *reference; /* where that is from; NULL without */
};

struct node_view {
	const struct node_brief *brief;
	const struct checkup *checkup;  /* NULL: no records of a look */
	const struct node_period *life; /* oldest first */
	uint32_t life_count;
	const struct node_curve *curves;
	uint32_t curve_count;
	int64_t now;
};

void site_node(const struct site_page *page, const struct node_view *view);
void node_view_json(const struct node_view *view, const struct handbook *handbook,
		    struct text *into);

/* assay/curve/v1: { x: { unit, values }, lines: [{ name, unit, values }], band? }. */
void node_curve_json(const struct node_curve *curve, struct text *into);

/* ---- parts ---- */

void site_life(const struct site_page *page, enum node_life life);
void site_verdict(const struct site_page *page, enum verdict verdict);

/* "5 min", "3 d"; "now" below two seconds. */
const char *site_elapsed_text(int64_t then, int64_t now, struct arena *arena);
