/*
 * One model on two networks: what the difference costs, and what the second may cost.
 */
#pragma once

#include "model/training_parameters.h"

enum {
	COMPARISON_RANGES_MAXIMUM = 12,
};

struct training_comparison {
	struct training_input input; /* at the values */
	struct network network_a, network_b;
	struct training_step a, b;

	/* Over all ends of all ranges; each is monotone in each parameter that may be a range, so
	 * the ends bound it. */
	struct quantity mfu_a, mfu_b;
	struct quantity ratio; /* MFU b over MFU a: b is worth at most so much of a's price */
	struct quantity wait_a, wait_b; /* shares of the step that wait for the network */

	/* How fast the communication of b that shows is, with a's as 1: the b of the law. NAN when
	 * none shows. With it and the x of a, the law gives the ratio. */
	struct quantity speed;

	/* USD for a billion tokens, and that of b over that of a; NAN without a price. */
	struct quantity usd_a, usd_b, usd_ratio;
};

/* Fails when a value is wrong, a network does not hold the GPUs, or there are more ranges than
 * COMPARISON_RANGES_MAXIMUM. `ret_comparison` must stay in place. */
bool training_compare(const struct parameters *training, const struct parameters *a,
		      const struct parameters *b, struct training_comparison *ret_comparison,
		      struct error *err);
