/*
 * How often chance alone deceives the trend: series of noise about a level that never moves, whose
 * neighbours correlate. Prints how many of them were said to turn, and how many to be heading up or
 * down: "turned 7 directed 3".
 *
 * usage: trend-chance SERIES CORRELATION
 */
#include <math.h>
#include <stdio.h>

#include "base/random.h"
#include "base/span.h"
#include "market/trend.h"

enum {
	POINTS = 120,
	WEEK = 7,
	SERIES_MAXIMUM = 100000,
};

static const struct trend_request request = { .draws = 2000, .seed = 1 };

/* About normal with a deviation of 1: the sum of twelve uniform numbers. */
static double normal_at(uint64_t series, uint32_t i)
{
	uint64_t key = random_join(series, 41);
	double sum = -6;

	for (uint32_t k = 0; k < 12; k++)
		sum += (double)(random_u64(key, (uint64_t)i * 12 + k) >> 11) * 0x1p-53;
	return sum;
}

static struct trend trend_of_noise(uint64_t series, double correlation)
{
	const double deviation = 0.1;
	struct trend_point points[POINTS];
	struct trend trend;
	double noise = normal_at(series, 0);

	for (uint32_t i = 0; i < POINTS; i++) {
		if (i > 0)
			noise = correlation * noise +
				sqrt(1 - correlation * correlation) * normal_at(series, i);
		points[i] = (struct trend_point){ .day = 20000 + WEEK * (date_t)i,
						  .usd = exp(deviation * noise) };
	}
	trend_find(points, POINTS, &request, &trend);
	return trend;
}

int main(int count, char **words)
{
	uint64_t series = 0;
	double correlation = 0;
	unsigned turned = 0;
	unsigned directed = 0;

	if (count != 3 || !span_to_u64(span_of(words[1]), &series) || series > SERIES_MAXIMUM ||
	    !span_to_double(span_of(words[2]), &correlation) || fabs(correlation) >= 1) {
		(void)fprintf(stderr, "usage: trend-chance SERIES CORRELATION\n");
		return 64;
	}
	for (uint64_t i = 0; i < series; i++) {
		struct trend trend = trend_of_noise(i, correlation);

		turned += trend.turn_count > 0;
		directed += trend.direction == DIRECTION_UP || trend.direction == DIRECTION_DOWN;
	}
	(void)printf("turned %u directed %u\n", turned, directed);
	return 0;
}
