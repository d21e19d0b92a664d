#include "active/gemm_walk.h"

/* Edges of the grid, each with each: ends of what is sold as one product, and the middle. */
static const uint64_t edges[] = { 1024, 2048, 4096, 8192, 16384 };

enum {
	EDGES = sizeof(edges) / sizeof(edges[0]),
	GRID = EDGES * EDGES * EDGES,
	SIDES = 6, /* three edges, each longer and shorter */
	STEP_FIRST = 2048,
};

void gemm_walk_begin(struct gemm_walk *walk)
{
	*walk = (struct gemm_walk){ .step = STEP_FIRST };
}

static bool is_seen(const struct gemm_walk *walk, const struct gemm_shape *shape)
{
	for (unsigned i = 0; i < walk->tried; i++)
		if (walk->seen[i].m == shape->m && walk->seen[i].n == shape->n &&
		    walk->seen[i].k == shape->k)
			return true;
	return false;
}

/* The best shape with one edge changed; false when that is out of bounds. */
static bool step_aside(const struct gemm_walk *walk, unsigned side, struct gemm_shape *ret_shape)
{
	struct gemm_shape shape = walk->best;
	uint64_t *edge = side / 2 == 0 ? &shape.m : side / 2 == 1 ? &shape.n : &shape.k;

	if (side % 2 == 0 ? *edge + walk->step > GEMM_WALK_MOST
			  : *edge < GEMM_WALK_LEAST + walk->step)
		return false;
	*edge = side % 2 == 0 ? *edge + walk->step : *edge - walk->step;
	*ret_shape = shape;
	return true;
}

static bool next_of_grid(struct gemm_walk *walk, struct gemm_shape *ret_shape)
{
	unsigned at = walk->grid++;

	if (at >= GRID)
		return false;
	/* The middle of each edge comes first: a walk that is cut short has been where it counts.
	 */
	at = (at + GRID / 2) % GRID;
	*ret_shape = (struct gemm_shape){ edges[at % EDGES], edges[at / EDGES % EDGES],
					  edges[at / EDGES / EDGES] };
	return true;
}

static bool next_step(struct gemm_walk *walk, struct gemm_shape *ret_shape)
{
	while (walk->step >= GEMM_WALK_GRAIN) {
		for (; walk->side < SIDES; walk->side++)
			if (step_aside(walk, walk->side, ret_shape) && !is_seen(walk, ret_shape))
				return true;
		if (!walk->moved)
			walk->step /= 2;
		walk->moved = false;
		walk->side = 0;
	}
	return false;
}

bool gemm_walk_next(struct gemm_walk *walk, struct gemm_shape *ret_shape)
{
	if (walk->tried == GEMM_WALK_TRIED)
		return false;
	if (!next_of_grid(walk, &walk->next) &&
	    (walk->best_value <= 0 || !next_step(walk, &walk->next)))
		return false;
	walk->seen[walk->tried++] = walk->next;
	*ret_shape = walk->next;
	return true;
}

void gemm_walk_tell(struct gemm_walk *walk, double value)
{
	if (!(value > walk->best_value))
		return;
	walk->best = walk->next;
	walk->best_value = value;
	walk->moved = true;
}
