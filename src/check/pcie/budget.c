#include "check/pcie/budget.h"

#include <math.h>
#include <stddef.h>

static const struct {
	double speed; /* GT/s */
	double per_lane;
} generations[] = {
	{ 2.5, 0.15 }, { 5.0, 0.3 }, { 8.0, 0.48 }, { 16.0, 0.96 }, { 32.0, 1.92 }, { 64.0, 3.84 },
};

bool pcie_budget(double speed, double lanes, double *ret_per_minute)
{
	for (size_t i = 0; i < sizeof(generations) / sizeof(generations[0]); i++) {
		if (fabs(speed - generations[i].speed) > 0.1 || lanes < 1.0 || lanes > 32.0)
			continue;
		*ret_per_minute = ceil(generations[i].per_lane * lanes);
		return true;
	}
	return false;
}
