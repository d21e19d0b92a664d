#include "check/object/store.h"

#include <string.h>

const char *store_of(const char *device, const char *what)
{
	size_t length = strlen(what);

	if (!device || strncmp(device, "object:", 7) != 0 ||
	    strncmp(device + 7, what, length) != 0 || device[7 + length] != ':')
		return NULL;
	return device + 7 + length + 1;
}

const struct record *object_find(const struct tally *tally, enum measure measure, const char *what,
				 const char *store)
{
	const char *device = arena_format(tally->found->arena, "object:%s:%s", what, store);
	const struct record *one = machine_find(tally->machine, measure, device);

	return one && one->says != SAYS_UNKNOWN ? one : NULL;
}
