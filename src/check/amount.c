#include <math.h>
#include <string.h>

#include "check/reference.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *scaled(double value, const char *unit, struct arena *arena)
{
	static const struct {
		double factor;
		const char *prefix;
	} prefixes[] = { { 1e15, "P" }, { 1e12, "T" }, { 1e9, "G" }, { 1e6, "M" }, { 1e3, "k" } };

	for (size_t i = 0; i < COUNT(prefixes); i++) {
		if (fabs(value) >= prefixes[i].factor)
			return arena_format(arena, "%.4g %s%s", value / prefixes[i].factor,
					    prefixes[i].prefix, unit);
	}
	return arena_format(arena, "%.4g %s", value, unit);
}

static const char *seconds(double value, struct arena *arena)
{
	if (value != 0 && fabs(value) < 1e-3)
		return arena_format(arena, "%.4g us", value * 1e6);
	if (value != 0 && fabs(value) < 1)
		return arena_format(arena, "%.4g ms", value * 1e3);
	return arena_format(arena, "%.4g s", value);
}

const char *amount_text(double value, const char *unit, struct arena *arena)
{
	static const char *const scalable[] = { "B/s", "FLOP/s", "OP/s", "b/s", "B" };

	if (!unit || unit[0] == '\0')
		return arena_format(arena, "%.4g", value);
	if (strcmp(unit, "s") == 0)
		return seconds(value, arena);
	for (size_t i = 0; i < COUNT(scalable); i++) {
		if (strcmp(unit, scalable[i]) == 0)
			return scaled(value, unit, arena);
	}
	return arena_format(arena, "%.4g %s", value, unit);
}
