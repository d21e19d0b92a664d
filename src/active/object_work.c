#include "active/object_work.h"

#include <string.h>

#include "active/object_errand.h"
#include "probe/vendor_say.h"

static void test(struct errand *errand)
{
	if (!errand_tests_small(errand))
		return;
	errand_tests_large(errand);
	errand_lasts(errand);
	if (errand->task->may_lock)
		errand_tries_lock(errand);
	say_value(errand->port, errand_device(errand, "all"), NODE_TEST_OBJECT_CORRUPT,
		  (double)errand->corrupt);
}

void object_work(struct worker_port *port, const char *request, void **state, const void *context)
{
	SCOPED_ARENA(arena);
	struct errand errand = { .task = context, .port = port, .arena = &arena, .what = "start" };

	(void)state;
	if (strcmp(request, "clean") == 0)
		errand_cleans(&errand);
	else
		test(&errand);
}
