/*
 * Whatever the text, a list of processors holds as many as it counts, and without itself none.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "probe/cpu_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { .at = size > 0 ? (const char *)data : "", .length = size };
	struct cpu_list list, copy;
	unsigned found = 0;

	if (!cpu_list_parse(text, &list))
		return 0;
	for (unsigned cpu = cpu_list_next(&list, 0); cpu < CPU_LIST_MAXIMUM;
	     cpu = cpu_list_next(&list, cpu + 1)) {
		assert(cpu_list_has(&list, cpu));
		found++;
	}
	assert(found == list.count);
	copy = list;
	cpu_list_remove(&copy, &list);
	assert(copy.count == 0 && cpu_list_next(&copy, 0) == CPU_LIST_MAXIMUM);
	return 0;
}
