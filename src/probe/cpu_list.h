/*
 * Lists of processors as the kernel writes them: "0-3,8".
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

enum {
	CPU_LIST_MAXIMUM = 8192, /* processors: what the kernel can be built for */
};

struct cpu_list {
	uint64_t words[CPU_LIST_MAXIMUM / 64];
	unsigned count;
};

/* Numbers and ranges that rise, joined by commas, with blanks around them; an empty text is an
 * empty list. False for anything else, and for a number of CPU_LIST_MAXIMUM or above. */
bool cpu_list_parse(struct span text, struct cpu_list *ret_list);

bool cpu_list_has(const struct cpu_list *list, unsigned cpu);

/* The first processor at or above `from`; CPU_LIST_MAXIMUM when there is none. */
unsigned cpu_list_next(const struct cpu_list *list, unsigned from);

/* Takes those of `other` out of the list. */
void cpu_list_remove(struct cpu_list *list, const struct cpu_list *other);
