#include "active/object_errand.h"
#include "host/system.h"
#include "probe/vendor_say.h"

enum {
	OBJECT_WINDOWS = 15,
};

/* Puts, reads and removes a handful of objects; how many requests succeeded. */
static size_t mix_once(const struct errand *errand, size_t count)
{
	static const enum object_verb verbs[] = { OBJECT_PUT, OBJECT_GET, OBJECT_DELETE };
	size_t good = 0;

	SCOPED_ARENA(arena);
	struct errand own = *errand;
	own.arena = &arena;
	for (size_t v = 0; v < sizeof(verbs) / sizeof(verbs[0]); v++) {
		struct object_request *requests =
			errand_small(&own, verbs[v], count, OBJECT_ANSWER_MAXIMUM);

		for (unsigned i = 0; i < count && verbs[v] == OBJECT_PUT; i++)
			requests[i].body = errand_small_body(&own, i);
		errand_send(&own, requests, count, own.task->connections);
		for (size_t i = 0; i < count; i++)
			good += object_succeeded(&requests[i]);
		requests_release(requests, count);
	}
	return good;
}

void errand_lasts(struct errand *errand)
{
	const struct object_task *task = errand->task;
	double first = 0, last = 0;

	errand->what = "mixed";
	for (unsigned i = 0; i < OBJECT_WINDOWS; i++) {
		int64_t from_ns = host_boot_ns(task->store.here), now_ns = from_ns;
		size_t good = 0;

		while (now_ns - from_ns < task->window_ns) {
			good += mix_once(errand, task->connections);
			now_ns = host_boot_ns(task->store.here);
		}
		if (i < OBJECT_WINDOWS / 5)
			first += (double)good / (double)(now_ns - from_ns);
		else if (i >= OBJECT_WINDOWS - OBJECT_WINDOWS / 5)
			last += (double)good / (double)(now_ns - from_ns);
	}
	if (first > 0)
		say_value(errand->port, errand_device(errand, "mixed"), NODE_TEST_OBJECT_FALL,
			  last < first ? 100 * (1 - last / first) : 0);
	else
		say_unknown(errand->port, errand_device(errand, "mixed"), NODE_TEST_OBJECT_FALL,
			    "no request succeeded in the first part");
}
