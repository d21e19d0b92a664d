#include "market/import.h"

#include <stdlib.h>
#include <string.h>

/* Types, and pairs of a type and a region, as numbers: "12\nus-east1". */
struct availability {
	struct names types, pairs;
};

enum {
	PAIR_MAXIMUM = NAME_LENGTH_MAXIMUM,
};

/* False when it does not fit. */
static bool make_pair(struct span type, struct span region, char into[static PAIR_MAXIMUM],
		      struct span *ret_pair)
{
	size_t length = type.length + 1 + region.length;

	if (length > PAIR_MAXIMUM || type.length == 0 || region.length == 0)
		return false;
	memcpy(into, type.at, type.length);
	into[type.length] = '\n';
	memcpy(into + type.length + 1, region.at, region.length);
	*ret_pair = (struct span){ .at = into, .length = length };
	return true;
}

bool availability_add(struct availability **regions, struct span type, struct span region)
{
	char text[PAIR_MAXIMUM];
	struct span pair;
	name_t name;

	if (!make_pair(type, region, text, &pair))
		return false;
	if (!*regions) {
		*regions = calloc(1, sizeof(**regions));
		if (!*regions)
			memory_exhausted(sizeof(**regions));
	}
	return names_add(&(*regions)->types, type, &name) &&
	       names_add(&(*regions)->pairs, pair, &name);
}

void availability_free(struct availability *regions)
{
	if (!regions)
		return;
	names_release(&regions->types);
	names_release(&regions->pairs);
	free(regions);
}

bool availability_has(const struct availability *regions, struct span type, struct span region)
{
	char text[PAIR_MAXIMUM];
	struct span pair;

	if (!regions || names_find(&regions->types, type) == NAME_NONE)
		return true;
	return make_pair(type, region, text, &pair) &&
	       names_find(&regions->pairs, pair) != NAME_NONE;
}
