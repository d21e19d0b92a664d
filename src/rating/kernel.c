#include "rating/kernel.h"

#include <assert.h>

#include "base/random.h"

static_assert(BLOCK_DRAWS % 2 == 0, "a number serves two draws");
static_assert(WEIGHT_MAXIMUM * (256 + 64) <= INT16_MAX, "drawn weights fit 16 bits");
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the low half of a number comes first");

/* Wider vectors where the machine has them; the compiler may not fuse a product with a sum. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
	!defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

WIDE void kernel_bits(uint32_t key, uint32_t first, union block_bits *bits)
{
	for (uint32_t i = 0; i < BLOCK_DRAWS / 2; i++)
		bits->numbers[i] = random_u32(key, first / 2 + i);
}

WIDE void kernel_values(const struct law *law, const uint16_t bits[static BLOCK_DRAWS],
			int16_t values[static BLOCK_DRAWS])
{
	uint16_t first = law->step_count > 0 ? law->at[0] : UINT16_MAX;
	int16_t change = law->step_count > 0 ? law->delta[0] : 0;

	for (unsigned d = 0; d < BLOCK_DRAWS; d++)
		values[d] = (int16_t)(law->start + (bits[d] >= first ? change : 0));
	for (unsigned k = 1; k < law->step_count; k++) {
		uint16_t at = law->at[k];
		int16_t delta = law->delta[k];

		for (unsigned d = 0; d < BLOCK_DRAWS; d++)
			values[d] = (int16_t)(values[d] + (bits[d] >= at ? delta : 0));
	}
}

WIDE void kernel_add(const int16_t weights[static BLOCK_DRAWS],
		     const int16_t values[static BLOCK_DRAWS], int32_t sums[static BLOCK_DRAWS])
{
	for (unsigned d = 0; d < BLOCK_DRAWS; d++)
		sums[d] += weights[d] * values[d];
}

WIDE void kernel_add_hits(const int16_t weights[static BLOCK_DRAWS],
			  const uint16_t bits[static BLOCK_DRAWS], uint16_t below,
			  int16_t hits[static BLOCK_DRAWS])
{
	for (unsigned d = 0; d < BLOCK_DRAWS; d++) {
		int16_t mask = bits[d] >= below ? 0 : -1;

		hits[d] = (int16_t)(hits[d] + (mask & weights[d]));
	}
}

WIDE void kernel_weights(uint16_t weight, uint32_t spread, const uint16_t bits[static BLOCK_DRAWS],
			 int16_t weights[static BLOCK_DRAWS])
{
	for (unsigned d = 0; d < BLOCK_DRAWS; d++)
		weights[d] =
			(int16_t)(weight * (256 - spread + ((bits[d] * (2 * spread + 1)) >> 16)));
}

WIDE void kernel_cap_below(const int16_t values[static BLOCK_DRAWS], int16_t below, uint8_t cap,
			   uint8_t caps[static BLOCK_DRAWS])
{
	for (unsigned d = 0; d < BLOCK_DRAWS; d++)
		caps[d] = values[d] < below && cap < caps[d] ? cap : caps[d];
}

WIDE void kernel_cap_from(const uint16_t bits[static BLOCK_DRAWS], uint32_t from, uint8_t cap,
			  uint8_t caps[static BLOCK_DRAWS])
{
	for (unsigned d = 0; d < BLOCK_DRAWS; d++)
		caps[d] = bits[d] >= from && cap < caps[d] ? cap : caps[d];
}

WIDE void kernel_sum(const int16_t weights[static BLOCK_DRAWS], bool away,
		     int32_t sums[static BLOCK_DRAWS])
{
	if (away)
		for (unsigned d = 0; d < BLOCK_DRAWS; d++)
			sums[d] -= weights[d];
	else
		for (unsigned d = 0; d < BLOCK_DRAWS; d++)
			sums[d] += weights[d];
}

WIDE void kernel_scores(const int32_t sums[static BLOCK_DRAWS],
			const int32_t hits[static BLOCK_DRAWS],
			const int32_t whole[static BLOCK_DRAWS], double scores[static BLOCK_DRAWS])
{
	for (unsigned d = 0; d < BLOCK_DRAWS; d++)
		scores[d] =
			(double)(sums[d] + WORTH_ONE * hits[d]) / (double)(WORTH_ONE * whole[d]);
}

WIDE void kernel_gather(const int32_t weights[static BLOCK_DRAWS],
			const double scores[static BLOCK_DRAWS],
			double numerator[static BLOCK_DRAWS],
			double denominator[static BLOCK_DRAWS])
{
	for (unsigned d = 0; d < BLOCK_DRAWS; d++)
		numerator[d] += weights[d] * scores[d];
	for (unsigned d = 0; d < BLOCK_DRAWS; d++)
		denominator[d] += weights[d];
}

WIDE void kernel_fit(const double scores[static BLOCK_DRAWS], double bar,
		     uint8_t fits[static BLOCK_DRAWS])
{
	for (unsigned d = 0; d < BLOCK_DRAWS; d++)
		fits[d] &= scores[d] >= bar;
}

WIDE void kernel_grade(const uint8_t fits[static BLOCK_DRAWS],
		       const double overall[static BLOCK_DRAWS], double bar, uint8_t grade,
		       uint8_t grades[static BLOCK_DRAWS])
{
	for (unsigned d = 0; d < BLOCK_DRAWS; d++)
		grades[d] = ((fits[d] != 0) & (overall[d] >= bar)) ? grade : grades[d];
}

WIDE void kernel_rank(const uint32_t a[static BLOCK_DRAWS], const uint32_t b[static BLOCK_DRAWS],
		      uint16_t rank_a[static BLOCK_DRAWS], uint16_t rank_b[static BLOCK_DRAWS])
{
	for (unsigned d = 0; d < BLOCK_DRAWS; d++) {
		rank_a[d] = (uint16_t)(rank_a[d] + (a[d] < b[d]));
		rank_b[d] = (uint16_t)(rank_b[d] + (b[d] < a[d]));
	}
}

WIDE void kernel_divide(double numerator[static BLOCK_DRAWS],
			const double denominator[static BLOCK_DRAWS])
{
	for (unsigned d = 0; d < BLOCK_DRAWS; d++)
		numerator[d] /= denominator[d];
}
