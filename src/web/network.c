#include "web/network.h"

#include <stdio.h>
#include <string.h>

enum {
	GROUPS = 8,
	GROUPS_EACH = 4, /* of those that an owner is given as one */
	GROUP_DIGITS = 4,
};

static struct span copy(const char *text, char into[static NETWORK_SIZE])
{
	(void)snprintf(into, NETWORK_SIZE, "%s", text);
	return span_of(into);
}

/* Groups up to the end or to a "::", behind which *ret_rest then is; else it is NULL. */
static unsigned read_groups(const char *text, struct span groups[static GROUPS],
			    const char **ret_rest)
{
	unsigned count = 0;

	*ret_rest = NULL;
	while (*text && count < GROUPS) {
		size_t length = strspn(text, "0123456789abcdef");

		if (length > 0)
			groups[count++] = (struct span){ text, length };
		text += length;
		if (strncmp(text, "::", 2) == 0) {
			*ret_rest = text + 2;
			return count;
		}
		if (*text != ':')
			break;
		text++;
	}
	return count;
}

struct span network_of(const char *address, char into[static NETWORK_SIZE])
{
	struct span front[GROUPS], back[GROUPS];
	unsigned front_count, back_count = 0;
	const char *rest, *last = strrchr(address, ':');
	size_t length = 0;

	if (!last)
		return copy(address, into);
	if (strchr(last, '.'))
		return copy(last + 1, into);
	front_count = read_groups(address, front, &rest);
	if (rest)
		back_count = read_groups(rest, back, &rest);
	for (unsigned i = 0; i < GROUPS_EACH; i++) {
		struct span group = SPAN("0");

		if (i < front_count)
			group = front[i];
		else if (i >= GROUPS - back_count)
			group = back[i - (GROUPS - back_count)];
		if (group.length > GROUP_DIGITS)
			group.length = GROUP_DIGITS;
		length += (size_t)snprintf(into + length, NETWORK_SIZE - length, "%s%.*s",
					   i ? ":" : "", SPAN_ARGS(group));
	}
	return (struct span){ into, length };
}
