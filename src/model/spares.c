#include "model/spares.h"

#include <math.h>

#include "model/poisson.h"

double spares_away(const struct spare_inputs *inputs)
{
	return inputs->failures_per_h * inputs->nodes * inputs->repair_h;
}

double spares_ready(const struct spare_inputs *inputs, uint32_t spares)
{
	/* Groups that may be away before this one, so that it still finds its nodes. */
	double groups = floor(spares / fmax(inputs->nodes, 1)) - 1;

	return poisson_cumulative(groups, inputs->failures_per_h * inputs->repair_h);
}

double spares_never_wait(const struct spare_inputs *inputs, uint32_t spares, double hours)
{
	double groups = floor(spares / fmax(inputs->nodes, 1));
	double enough = poisson_cumulative(groups - 1, inputs->failures_per_h * inputs->repair_h);

	return exp(-hours * inputs->failures_per_h * (1 - enough));
}

uint32_t spares_needed(const struct spare_inputs *inputs, double hours, double probability,
		       uint32_t most)
{
	uint32_t low = 0;
	uint32_t high = most;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (spares_never_wait(inputs, middle, hours) >= probability)
			high = middle;
		else
			low = middle + 1;
	}
	return high;
}
