#include <math.h>

#include "base/random.h"
#include "market/trend_fit.h"

enum {
	SETTLING = 64, /* values before the first: by then the start is forgotten */
	LINE_COLUMNS = 2,
	BEND_COSTS = 3, /* columns, because its place is searched for: Friedman 1991, section 3.6 */
	NORMAL_TERMS = 12,
};

static const double link_most = 0.97; /* beyond it noise and path are one */

/* How much of a value is in the next. */
static double link_of(const double *residue, size_t count, unsigned columns)
{
	double costs = LINE_COLUMNS + BEND_COSTS * (double)(columns - LINE_COLUMNS);
	double squares = 0, products = 0, link, undone;

	for (size_t i = 0; i < count; i++) {
		squares += residue[i] * residue[i];
		products += i > 0 ? residue[i] * residue[i - 1] : 0;
	}
	if (!(squares > 0))
		return 0;
	link = products / squares;
	undone = link + (costs + (costs + 2) * link) / (double)count;
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
	noise->doubt = sqrt((1 - noise->link * noise->link) / (double)count);
	for (size_t i = 0; i + 1 < count; i++) {
		noise->news[i] = residue[i + 1] - noise->link * residue[i];
		mean += noise->news[i] / (double)(count - 1);
	}
	for (size_t i = 0; i + 1 < count; i++)
		noise->news[i] -= mean;
}

/* The link that the noise of one draw has. Of about normal error: the sum of twelve uniform
 * numbers. */
static double draw_link(const struct noise_draw *noise, uint64_t key)
{
	double error = -NORMAL_TERMS / 2.0;

	for (uint32_t k = 0; k < NORMAL_TERMS; k++)
		error += (double)(random_u64(key, k) >> 11) * 0x1p-53;
	return fmin(fmax(noise->link + error * noise->doubt, 0), link_most);
}

void noise_draw_take(const struct noise_draw *noise, uint32_t draw, double *ret_values)
{
	uint64_t drawn = random_join(noise->seed, draw);
	uint32_t key = (uint32_t)(drawn >> 32);
	uint64_t choices = noise->count - 1;
	double link = draw_link(noise, drawn);
	double value = 0;

	for (uint32_t i = 0; i < SETTLING + noise->count; i++) {
		value = link * value + noise->news[random_u32(key, i) * choices >> 32];
		if (i >= SETTLING)
			ret_values[i - SETTLING] = value;
	}
}
