#include "active/lasting.h"
#include "active/object_errand.h"
#include "host/system.h"
#include "probe/vendor_say.h"

/* One kind of request about a handful of objects; how many succeeded. */
static size_t do_each(const struct errand *errand, enum object_verb verb, size_t count)
{
	struct object_request *requests = errand_small(errand, verb, count, OBJECT_ANSWER_MAXIMUM);
	size_t good = 0;

	for (unsigned i = 0; i < count && verb == OBJECT_PUT; i++)
		requests[i].body = errand_small_body(errand, i);
	errand_send(errand, requests, count, errand->task->connections);
	for (size_t i = 0; i < count; i++)
		good += object_succeeded(&requests[i]);
	requests_release(requests, count);
	return good;
}

/* Puts, reads, lists and removes a handful of objects; how many requests succeeded. */
static size_t mix_once(const struct errand *errand, size_t count)
{
	struct object_request last;
	size_t good;

	SCOPED_ARENA(arena);
	struct errand own = *errand;
	own.arena = &arena;
	good = do_each(&own, OBJECT_PUT, count) + do_each(&own, OBJECT_GET, count);
	good += errand_lists(&own, &last, errand_passes, NULL) >= 0;
	object_release(&last);
	return good + do_each(&own, OBJECT_DELETE, count);
}

/* What each part may take of what is left until the end. */
static int64_t part_ns(const struct object_task *task)
{
	int64_t left_ns = task->lasts_until_ns - host_boot_ns(task->store.here);
	int64_t each_ns = left_ns / task->windows;

	return each_ns < task->window_ns ? each_ns : task->window_ns;
}

void errand_lasts(struct errand *errand)
{
	const struct object_task *task = errand->task;
	const char *device = errand_device(errand, "mixed");
	int64_t each_ns = part_ns(task);
	struct lasting lasting = { 0 };
	const char *why;
	double fall;

	errand->what = "mixed";
	for (unsigned i = 0; i < task->windows; i++) {
		int64_t from_ns = host_boot_ns(task->store.here), now_ns = from_ns;
		size_t good = 0;

		while (now_ns - from_ns < each_ns) {
			good += mix_once(errand, task->connections);
			now_ns = host_boot_ns(task->store.here);
		}
		if (now_ns > from_ns)
			lasting_add(&lasting, (double)good / (double)(now_ns - from_ns),
				    (double)(now_ns - from_ns) / 1e9);
	}
	say_value(errand->port, device, NODE_TEST_OBJECT_LASTED, lasting.seconds);
	if (lasting_fall(&lasting, errand->arena, &fall, &why))
		say_value(errand->port, device, NODE_TEST_OBJECT_FALL, fall);
	else
		say_unknown(errand->port, device, NODE_TEST_OBJECT_FALL, "%s", why);
}
