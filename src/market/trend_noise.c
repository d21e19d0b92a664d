#include <math.h>

#include "base/random.h"
#include "market/trend_fit.h"

enum {
	SETTLING = 64, /* values before the first: by then the start is forgotten */
};

static const double link_most = 0.97; /* beyond it noise and path are one */

/* How much of a value is in the next. */
static double link_of(const double *residue, size_t count, unsigned columns)
{
	double squares = 0, products = 0, link, undone;

	for (size_t i = 0; i < count; i++) {
		squares += residue[i] * residue[i];
		products += i > 0 ? residue[i] * residue[i - 1] : 0;
	}
	if (!(squares > 0))
		return 0;
	link = products / squares;
	undone = link + (columns + (columns + 2) * link) / (double)count;
	return fmin(fmax(undone, 0), link_most);
}

void noise_draw_init(struct noise_draw *noise, const double *residue, size_t count,
		     unsigned columns, uint64_t seed, struct arena *arena)
{
	double mean = 0;

	*noise = (struct noise_draw){
		.news = ARENA_ARRAY(arena, double, count),
		.count = count,
		.link = link_of(residue, count, columns),
		.seed = seed,
	};
	for (size_t i = 0; i + 1 < count; i++) {
		noise->news[i] = residue[i + 1] - noise->link * residue[i];
		mean += noise->news[i] / (double)(count - 1);
	}
	for (size_t i = 0; i + 1 < count; i++)
		noise->news[i] -= mean;
}

void noise_draw_take(const struct noise_draw *noise, uint32_t draw, double *ret_values)
{
	uint32_t key = (uint32_t)(random_join(noise->seed, draw) >> 32);
	uint64_t choices = noise->count - 1;
	double value = 0;

	for (uint32_t i = 0; i < SETTLING + noise->count; i++) {
		value = noise->link * value + noise->news[random_u32(key, i) * choices >> 32];
		if (i >= SETTLING)
			ret_values[i - SETTLING] = value;
	}
}
