/*
 * For unit tests: what of a rating stands lower in another rating of the same clouds.
 */
#pragma once

#include "test/facts.h"

enum falls {
	FALL_POINTS = 1 << 0, /* of criteria, categories and units */
	FALL_LOWS = 1 << 1,   /* the low ends of the same */
	FALL_GRADES = 1 << 2, /* of units and providers */
	FALL_UNCAPPED = 1 << 3,
	FALL_COVERAGE = 1 << 4,
	FALL_CHANCES = 1 << 5, /* of each grade above the lowest, or a better one */
};

/* Names the first thing that fell, NULL when nothing did. Units and providers that are not in
 * both are left out, and so are criteria and categories that do not apply in both; providers of
 * other units than before are too.*/
const char *what_falls(const struct rated *before, const struct rated *after, unsigned falls,
		       struct arena *arena);
