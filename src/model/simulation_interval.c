#include <math.h>

#include "model/simulation.h"

enum {
	GRID_SIDE = 7,
	GRID = 2 * GRID_SIDE + 1,
};

static const double GRID_STEP = 1.15;

struct grid {
	double interval_h[GRID];
	double mean[GRID], error[GRID];
};

static void fill(const struct simulation_request *request, double around_h, struct arena *arena,
		 struct grid *grid, uint64_t *events)
{
	struct simulation_inputs inputs = *request->inputs;
	struct simulation_request one = *request;
	struct simulation_result result;

	one.inputs = &inputs;
	for (int i = 0; i < GRID; i++) {
		inputs.interval_h = around_h * pow(GRID_STEP, i - GRID_SIDE);
		simulate(&one, arena, &result);
		grid->interval_h[i] = inputs.interval_h;
		grid->mean[i] = result.mean;
		grid->error[i] = result.error;
		*events += result.events;
	}
}

/* Steps of the grid from `best` to the top of the parabola through it and its neighbours. */
static double top(const struct grid *grid, int best)
{
	if (best == 0 || best == GRID - 1)
		return 0;

	double left = grid->mean[best - 1];
	double middle = grid->mean[best];
	double right = grid->mean[best + 1];
	double bend = left - 2 * middle + right;

	return bend < 0 ? (left - right) / (2 * bend) : 0;
}

void simulation_find_interval(const struct simulation_request *request, double around_h,
			      struct arena *arena, struct simulation_optimum *ret_optimum)
{
	struct grid grid;
	uint64_t events = 0;
	int best = 0;
	int low;
	int high;

	fill(request, around_h, arena, &grid, &events);
	for (int i = 1; i < GRID; i++)
		best = grid.mean[i] > grid.mean[best] ? i : best;

	double bar = grid.mean[best] - 2 * grid.error[best];
	for (low = best; low > 0 && grid.mean[low - 1] >= bar; low--)
		continue;
	for (high = best; high < GRID - 1 && grid.mean[high + 1] >= bar; high++)
		continue;
	*ret_optimum = (struct simulation_optimum){
		.interval_h = grid.interval_h[best] * pow(GRID_STEP, top(&grid, best)),
		.mean = grid.mean[best],
		.error = grid.error[best],
		.low_h = grid.interval_h[low],
		.high_h = grid.interval_h[high],
		.events = events,
	};
}
