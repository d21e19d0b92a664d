/*
 * What the rating says of an offer: which rated unit it is, whether that unit holds a grade, and
 * whether it shows what a need asks for. What nothing shows is unknown, never a pass.
 */
#pragma once

#include "advise/need.h"
#include "advise/offer.h"

struct rated {
	const struct provider *provider; /* NULL: nothing is known of it */
	const struct unit *unit;         /* NULL likewise */
	bool stands_in; /* no unit is this product: the one that stands for the provider */
};

enum shown {
	SHOWN_YES,
	SHOWN_NO,
	SHOWN_NOT, /* nothing shows it */
};

/* The unit whose parts the offer has, the narrowest first, else the provider's own. `rating` may be
 * NULL: then nothing is known. */
struct rated rated_find(const struct rating *rating, const struct catalogue *catalogue,
			const struct offer *offer);

/* Whether the unit holds at least the grade; a unit that is not rated does not show it. */
enum shown rated_holds(const struct rated *rated, enum grade minimum);

/* Probability that it does; NAN without draws or grade. */
double rated_probability(const struct rated *rated, enum grade minimum);

/* Whether the unit shows all that is asked for; *ret_word is the first that it does not. */
enum shown rated_complies(const struct rated *rated, const struct standard *standard,
			  unsigned compliance, enum compliance *ret_word);

/* How a criterion stands in the unit: -1 index when the standard does not have it. */
const struct settlement *rated_settlement(const struct rated *rated,
					  const struct standard *standard, const char *criterion,
					  int32_t *ret_index);
