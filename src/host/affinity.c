#define _GNU_SOURCE /* CPU_ALLOC, sched_getcpu */

#include "host/affinity.h"

#include <errno.h>
#include <sched.h>
#include <string.h>

/* A set that holds every number there may be. */
struct threads {
	unsigned long bits[AFFINITY_MAXIMUM / (8 * sizeof(unsigned long))];
};

static cpu_set_t *set_of(struct threads *threads)
{
	return (cpu_set_t *)threads->bits;
}

size_t affinity_list(unsigned *ret_threads, size_t room)
{
	struct threads threads = { { 0 } };
	size_t count = 0;

	if (sched_getaffinity(0, sizeof(threads), set_of(&threads)) != 0)
		return 0;
	for (unsigned i = 0; i < AFFINITY_MAXIMUM; i++) {
		if (!CPU_ISSET_S(i, sizeof(threads), set_of(&threads)))
			continue;
		if (count < room)
			ret_threads[count] = i;
		count++;
	}
	return count;
}

bool affinity_set(const unsigned *threads, size_t count, struct error *err)
{
	struct threads set = { { 0 } };

	for (size_t i = 0; i < count; i++) {
		if (threads[i] >= AFFINITY_MAXIMUM)
			return fail(err, ERROR_LIMIT, "hardware thread %u: %d is the most",
				    threads[i], AFFINITY_MAXIMUM - 1);
		CPU_SET_S(threads[i], sizeof(set), set_of(&set));
	}
	if (sched_setaffinity(0, sizeof(set), set_of(&set)) == 0)
		return true;
	return fail(err, ERROR_IO, "running on hardware thread %u alone: %s",
		    count > 0 ? threads[0] : 0, strerror(errno));
}

bool affinity_pin(unsigned thread, struct error *err)
{
	return affinity_set(&thread, 1, err);
}

int affinity_here(void)
{
	return sched_getcpu();
}
