/*
 * The inner loops of the draws. Integers, and doubles one operation at a time in each draw's own
 * lane: any vector width gives the same bytes.
 */
#pragma once

#include "rating/rule.h"

enum {
	BLOCK_DRAWS = 512, /* draws at a time: what is touched stays in the first-level cache */
};

/* The random bits of a block, 16 for each draw, two draws in a number. */
union block_bits {
	uint32_t numbers[BLOCK_DRAWS / 2];
	uint16_t draws[BLOCK_DRAWS];
};

/* The bits of draws first … first + 511 of a stream; `first` is a multiple of 512. */
void kernel_bits(uint32_t key, uint32_t first, union block_bits *bits);

/* values[d] = the law at bits[d], 0 to 200. */
void kernel_values(const struct law *law, const uint16_t bits[static BLOCK_DRAWS],
		   int16_t values[static BLOCK_DRAWS]);

/* sums[d] += weights[d] · values[d]. */
void kernel_add(const int16_t weights[static BLOCK_DRAWS], const int16_t values[static BLOCK_DRAWS],
		int32_t sums[static BLOCK_DRAWS]);

/* hits[d] += weights[d] where bits[d] < below: a law that is all or nothing, in one narrow pass.
 * The caller sees to it that no hits pass 32,767. */
void kernel_add_hits(const int16_t weights[static BLOCK_DRAWS],
		     const uint16_t bits[static BLOCK_DRAWS], uint16_t below,
		     int16_t hits[static BLOCK_DRAWS]);

/* weights[d] = weight · (256 − spread + ((bits[d] · (2·spread + 1)) >> 16)). */
void kernel_weights(uint16_t weight, uint32_t spread, const uint16_t bits[static BLOCK_DRAWS],
		    int16_t weights[static BLOCK_DRAWS]);

/* caps[d] = the lesser of caps[d] and `cap` where values[d] < below. */
void kernel_cap_below(const int16_t values[static BLOCK_DRAWS], int16_t below, uint8_t cap,
		      uint8_t caps[static BLOCK_DRAWS]);

/* caps[d] = the lesser of caps[d] and `cap` where bits[d] >= from. */
void kernel_cap_from(const uint16_t bits[static BLOCK_DRAWS], uint32_t from, uint8_t cap,
		     uint8_t caps[static BLOCK_DRAWS]);

/* sums[d] += weights[d], or -= when `away`. */
void kernel_sum(const int16_t weights[static BLOCK_DRAWS], bool away,
		int32_t sums[static BLOCK_DRAWS]);

/* scores[d] = (sums[d] + 200 · hits[d]) / (200 · whole[d]). */
void kernel_scores(const int32_t sums[static BLOCK_DRAWS], const int32_t hits[static BLOCK_DRAWS],
		   const int32_t whole[static BLOCK_DRAWS], double scores[static BLOCK_DRAWS]);

/* numerator[d] += weights[d] · scores[d]; denominator[d] += weights[d]. */
void kernel_gather(const int32_t weights[static BLOCK_DRAWS],
		   const double scores[static BLOCK_DRAWS], double numerator[static BLOCK_DRAWS],
		   double denominator[static BLOCK_DRAWS]);

/* fits[d] becomes false where scores[d] < bar. */
void kernel_fit(const double scores[static BLOCK_DRAWS], double bar,
		uint8_t fits[static BLOCK_DRAWS]);

/* grades[d] = grade where it fits and overall[d] >= bar. */
void kernel_grade(const uint8_t fits[static BLOCK_DRAWS], const double overall[static BLOCK_DRAWS],
		  double bar, uint8_t grade, uint8_t grades[static BLOCK_DRAWS]);

/* The rank of whichever has the smaller key grows by one, 0 being the best. */
void kernel_rank(const uint32_t a[static BLOCK_DRAWS], const uint32_t b[static BLOCK_DRAWS],
		 uint16_t rank_a[static BLOCK_DRAWS], uint16_t rank_b[static BLOCK_DRAWS]);

/* numerator[d] /= denominator[d], which is 0 for no draw. */
void kernel_divide(double numerator[static BLOCK_DRAWS],
		   const double denominator[static BLOCK_DRAWS]);
