#include "active/lasting.h"

#include <assert.h>
#include <math.h>

void lasting_add(struct lasting *lasting, double rate, double seconds)
{
	assert(lasting->count < LASTING_PARTS_MAXIMUM);
	lasting->rates[lasting->count++] = rate;
	lasting->seconds += seconds;
}

static double mean_of_end(const struct lasting *lasting, bool is_last)
{
	unsigned count = lasting->count / LASTING_ENDS;
	unsigned from = is_last ? lasting->count - count : 0;
	double sum = 0;

	for (unsigned i = 0; i < count; i++)
		sum += lasting->rates[from + i];
	return count > 0 ? sum / count : 0;
}

double lasting_first(const struct lasting *lasting)
{
	return mean_of_end(lasting, false);
}

double lasting_last(const struct lasting *lasting)
{
	return mean_of_end(lasting, true);
}

double lasting_worst(const struct lasting *lasting)
{
	double worst = lasting_first(lasting);

	for (unsigned i = 0; i < lasting->count; i++)
		worst = fmin(worst, lasting->rates[i]);
	return worst;
}

bool lasting_fall(const struct lasting *lasting, struct arena *arena, double *ret_percent,
		  const char **ret_why)
{
	double first = lasting_first(lasting);

	if (lasting->seconds < LASTING_LEAST_S) {
		*ret_why = arena_format(arena,
					"nothing to compare: the load lasted %.1f s, at least %d s "
					"are needed",
					lasting->seconds, LASTING_LEAST_S);
		return false;
	}
	if (!(first > 0)) {
		*ret_why = "nothing to compare: nothing succeeded at the start of the load";
		return false;
	}
	*ret_percent = fmax(0, 100 * (1 - lasting_last(lasting) / first));
	return true;
}
