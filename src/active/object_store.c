#include <stdlib.h>
#include <unistd.h>

#include "active/object_address.h"
#include "active/object_work.h"
#include "active/storage.h"
#include "base/date.h"
#include "evidence/random.h"
#include "host/system.h"

#define NS_PER_S 1000000000ll
#define MIB ((size_t)1 << 20)

enum {
	SMALL_BYTES = 16 << 10,
	LOCK_S = 60,
	SECONDS_OF_DAY = 86400,
};

/* How much of it each profile does. The lasting load of the quick one only shows that it can be put
 * on: it has nothing to compare. */
static const struct amount {
	unsigned small, parts;
	size_t part_bytes;
	unsigned windows;
	int64_t window_ns; /* at deployment as long as published tests have it */
	int64_t needed_ns;
} amounts[ACTIVE_PROFILE_COUNT] = {
	[ACTIVE_QUICK] = { 40, 4, 5 * MIB, 5, NS_PER_S / 50, 8 * NS_PER_S },
	[ACTIVE_WEEKLY] = { 500, 64, 16 * MIB, 15, 4 * NS_PER_S, 120 * NS_PER_S },
	[ACTIVE_BURN_IN] = { 2000, 128, 32 * MIB, 15, 60 * NS_PER_S, 1200 * NS_PER_S },
};

/* A request has limits of its own; no call is shorter than the longest of them. */
#define CALL_NS (60 * NS_PER_S)
#define CLEAN_NS (60 * NS_PER_S)
/* Kept for what comes behind the lasting load: the lock, and the last answers. */
#define REST_NS NS_PER_S

static void plan(const struct active_request *request, struct arena *arena,
		 struct active_step *step)
{
	const struct amount *amount = &amounts[request->profile];
	struct object_store store = { .here = request->here };
	struct error err;

	if (!request->targets->bucket) {
		step->cannot = "no object store was named: --bucket";
		step->is_absent = true;
		return;
	}
	if (!object_url_read(request->targets->bucket, arena, &store, &err) ||
	    !object_who(getenv, &store, &err)) {
		step->cannot = arena_format(arena, "%s", err.text);
		return;
	}
	step->loads = arena_format(arena, "the object store %s", store.mark);
	step->writes =
		arena_format(arena,
			     "%u objects of %d KiB and one of %zu MiB below assay-... in %s, "
			     "removed afterwards",
			     amount->small, SMALL_BYTES >> 10,
			     amount->parts * (amount->part_bytes / MIB), store.mark);
	step->needed_ns = amount->needed_ns;
}

/* "2026-11-26T09:30:00Z", a minute from now. */
static const char *lock_end(struct active_run *run)
{
	int64_t until = host_unix_time(run->request->here) + LOCK_S;
	int64_t second = until % SECONDS_OF_DAY;
	char day[DATE_TEXT_SIZE];

	return arena_format(run->arena, "%sT%02d:%02d:%02dZ",
			    date_format(date_from_unix(until), day), (int)(second / 3600),
			    (int)(second / 60 % 60), (int)(second % 60));
}

static const char *new_prefix(struct active_run *run)
{
	unsigned char bytes[8];

	random_secret(bytes, sizeof(bytes));
	return arena_format(run->arena, "assay-%02x%02x%02x%02x%02x%02x%02x%02x", bytes[0],
			    bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]);
}

static struct worker make_worker(const struct object_task *task)
{
	return (struct worker){
		.host = task->store.here,
		.function = object_work,
		.context = task,
		.call_limit_ns = CALL_NS,
		.total_limit_ns = CLEAN_NS,
		.name = "object",
		.is_for_once = true,
	};
}

/* However the test ended, and in a process of its own, because the first one may have been ended.
 */
static void clean(struct active_run *run, const struct object_task *task)
{
	struct worker worker = make_worker(task);
	const char *device = arena_format(run->arena, "object:all:%s", task->store.mark);
	struct worker_result result;
	struct error err;

	if (worker_ask(&worker, "clean", run->arena, &result, &err)) {
		active_take(run, &result);
		active_blame(run, &result, NODE_TEST_OBJECT_LEFT, device);
	} else {
		(void)saw_unknown(run->sightings, NODE_TEST_OBJECT_LEFT, device, "%s", err.text);
	}
	worker_end(&worker);
}

static void run(struct active_run *run)
{
	const struct active_request *request = run->request;
	const struct amount *amount = &amounts[request->profile];
	struct object_task task = {
		.store = { .here = request->here },
		.prefix = new_prefix(run),
		.small = amount->small,
		.small_bytes = SMALL_BYTES,
		.parts = amount->parts,
		.part_bytes = amount->part_bytes,
		.connections = OBJECT_CONNECTIONS_MAXIMUM,
		.windows = amount->windows,
		.window_ns = amount->window_ns,
		.lasts_until_ns = run->deadline_ns - REST_NS,
		.may_lock = request->consent >= CONSENT_DESTRUCTIVE,
		.lock_until = lock_end(run),
	};
	struct worker worker = make_worker(&task);
	struct worker_result result;
	const char *device;
	struct error err;

	if (!object_url_read(request->targets->bucket, run->arena, &task.store, &err) ||
	    !object_who(getenv, &task.store, &err)) {
		active_fails(run, "%s", err.text);
		return;
	}
	device = arena_format(run->arena, "object:all:%s", task.store.mark);
	active_shows(run, -1, "%s: objects small and large", task.store.mark);
	if (active_ask(run, &worker, "test", &result, &err)) {
		active_take(run, &result);
		active_blame(run, &result, NODE_TEST_OBJECT_CORRUPT, device);
		active_blame(run, &result, NODE_TEST_OBJECT_FALL,
			     arena_format(run->arena, "object:mixed:%s", task.store.mark));
	} else {
		active_fails(run, "%s", err.text);
	}
	worker_end(&worker);
	clean(run, &task);
}

static const char *const judged_by[] = { "object-operations", "object-integrity",
					 "object-endurance", NULL };

const struct active_test active_object_store = {
	.name = "object-store",
	.group = "object",
	.title = "small and large objects of an object store",
	.profiles = 1u << ACTIVE_QUICK | 1u << ACTIVE_WEEKLY | 1u << ACTIVE_BURN_IN,
	.consent = CONSENT_LOAD,
	.checks = judged_by,
	.plan = plan,
	.run = run,
};
