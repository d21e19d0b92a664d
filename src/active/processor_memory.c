#include <stdio.h>

#include "active/active.h"
#include "active/stream_team.h"
#include "host/affinity.h"
#include "host/system.h"
#include "probe/dimm.h"
#include "probe/numa.h"

#define NS_PER_S 1000000000ll

enum {
	/* Where the kernel shows no caches: more than any processor so far has for a core. */
	ASSUMED_CACHE_A_CORE = 16 << 20,
	ARRAY_LEAST = 16 << 20,
	FREE_SHARE = 2,      /* of what is free at most one of so many parts is taken */
	CACHES_OF_THREE = 4, /* the three arrays together hold so many caches at least */
	CACHES_OF_ONE = 4,   /* each of them, where there is time: what STREAM's rules ask for */
	CROSS_MAXIMUM = 16,  /* NUMA nodes among which every pair is measured */
};

/* Half of the expected time goes to the filling and the checking of memory. */
#define LOCAL_QUICK_NS (2 * NS_PER_S)
#define LOCAL_NS (6 * NS_PER_S)
#define CROSS_NS (NS_PER_S / 2)

static const double width_wanted = 0.02;

/* What is loaded: nodes that have processors which this process may use. */
struct field {
	const struct host *host;
	const struct numa_node *nodes;
	size_t count;
};

static struct field look(const struct active_request *request, struct arena *arena)
{
	unsigned *allowed = ARENA_ARRAY(arena, unsigned, AFFINITY_MAXIMUM);
	size_t count = affinity_list(allowed, AFFINITY_MAXIMUM);
	struct field field = { .host = request->here };

	field.count =
		numa_read(request->here, allowed,
			  count < AFFINITY_MAXIMUM ? count : AFFINITY_MAXIMUM, arena, &field.nodes);
	return field;
}

static uint64_t cache_of(const struct numa_node *node)
{
	return node->cache_bytes > 0 ? node->cache_bytes
				     : (uint64_t)node->core_count * ASSUMED_CACHE_A_CORE;
}

/* Bytes of one array on the node; 0 when there is too little memory for a figure that the caches
 * have no part in. */
static uint64_t array_of(const struct numa_node *node, enum active_profile profile)
{
	uint64_t least = cache_of(node) * CACHES_OF_THREE / 3 + 1;
	uint64_t wanted = profile == ACTIVE_QUICK ? least : cache_of(node) * CACHES_OF_ONE;
	uint64_t most = node->free_bytes / FREE_SHARE / 3;

	if (wanted < ARRAY_LEAST)
		wanted = ARRAY_LEAST;
	if (wanted > most)
		wanted = most;
	return wanted < least ? 0 : wanted;
}

static bool is_crossed(const struct field *field, enum active_profile profile)
{
	return field->count >= 2 && field->count <= (profile == ACTIVE_QUICK ? 2 : CROSS_MAXIMUM);
}

static void plan(const struct active_request *request, struct arena *arena,
		 struct active_step *step)
{
	struct field field = look(request, arena);
	uint64_t bytes = 0;
	size_t cores = 0;

	for (size_t i = 0; i < field.count; i++) {
		bytes += 3 * array_of(&field.nodes[i], request->profile);
		cores += field.nodes[i].core_count;
	}
	if (bytes == 0) {
		step->cannot = "there is too little free memory for a figure beyond the caches";
		return;
	}
	step->loads = arena_format(arena, "%zu core%s and %.1f GiB of memory on %zu NUMA node%s",
				   cores, cores == 1 ? "" : "s", (double)bytes / (1 << 30),
				   field.count, field.count == 1 ? "" : "s");
	step->needed_ns = request->profile == ACTIVE_QUICK ? LOCAL_QUICK_NS : LOCAL_NS;
	if (is_crossed(&field, request->profile))
		step->needed_ns += (int64_t)(field.count * (field.count - 1)) * CROSS_NS;
}

/* One child: memory of `home` used by the cores of `user`. */
struct errand {
	const struct host *host;
	const struct numa_node *home, *user;
	struct stream_effort effort;
};

static const char *write_device(char *into, size_t size, const struct errand *errand,
				const char *kernel)
{
	if (errand->home == errand->user)
		(void)snprintf(into, size, "numa:%u/%s", errand->user->number, kernel);
	else
		(void)snprintf(into, size, "numa:%u/to:%u", errand->user->number,
			       errand->home->number);
	return into;
}

static void say_result(struct worker_port *port, const struct errand *errand,
		       const struct stream_result *result)
{
	unsigned first = errand->home == errand->user ? 0 : STREAM_TRIAD;
	char device[64];

	for (unsigned i = first; i < STREAM_KERNEL_COUNT; i++) {
		struct repeats_summary summary = repeats_summary(&result->bytes_per_s[i]);

		(void)write_device(device, sizeof(device), errand, stream_names[i]);
		if (!result->is_pinned) {
			say_unknown(port, device, NODE_TEST_PROCESSOR_MEMORY,
				    "a thread could not be put on its core");
			continue;
		}
		say_value(port, device, NODE_TEST_PROCESSOR_MEMORY, summary.median);
		say_value(port, device, NODE_TEST_PROCESSOR_MEMORY_SPREAD, 100 * summary.spread);
	}
	(void)write_device(device, sizeof(device), errand, "elements");
	say_value(port, device, NODE_TEST_PROCESSOR_MEMORY_WRONG, (double)result->wrong);
}

static void measure(struct worker_port *port, const char *request, void **state,
		    const void *context)
{
	const struct errand *errand = context;
	struct stream_team home =
		stream_team_of(errand->host, errand->home->cores, errand->home->core_count);
	struct stream_team user =
		stream_team_of(errand->host, errand->user->cores, errand->user->core_count);
	struct stream_result result;
	struct error err;
	char device[64];

	(void)request;
	(void)state;
	worker_calls(port, "memory of numa:%u from numa:%u", errand->home->number,
		     errand->user->number);
	if (stream_measure(&home, &user, &errand->effort, &result, &err))
		say_result(port, errand, &result);
	else
		say_unknown(port, write_device(device, sizeof(device), errand, "triad"),
			    NODE_TEST_PROCESSOR_MEMORY, "%s", err.text);
}

static struct worker worker_for(const struct active_run *run, const struct errand *errand)
{
	return (struct worker){
		.host = run->request->here,
		.function = measure,
		.context = errand,
		.call_limit_ns = active_left_ns(run) + NS_PER_S,
		.total_limit_ns = active_left_ns(run) + NS_PER_S,
		.name = "memory",
		.is_for_once = true,
	};
}

static void take(struct active_run *run, const struct errand *errand,
		 const struct worker_result *result)
{
	char device[64];

	active_take(run, result);
	if (result->answer_count == 0)
		active_blame(run, result, NODE_TEST_PROCESSOR_MEMORY,
			     write_device(device, sizeof(device), errand, "triad"));
}

/* All nodes at once, each with memory of its own: they share nothing, and a job loads all. */
static void run_local(struct active_run *run, const struct field *field, int64_t limit_ns)
{
	struct errand *errands = ARENA_ARRAY(run->arena, struct errand, field->count);
	struct worker *workers = ARENA_ARRAY(run->arena, struct worker, field->count);
	struct worker_result *results = ARENA_ARRAY(run->arena, struct worker_result, field->count);
	const char **requests = ARENA_ARRAY(run->arena, const char *, field->count);
	size_t count = 0;

	for (size_t i = 0; i < field->count; i++) {
		const struct numa_node *node = &field->nodes[i];
		uint64_t bytes = array_of(node, run->request->profile);
		struct errand errand = {
			field->host, node, node, { bytes, limit_ns, width_wanted }
		};
		char device[64];

		if (bytes == 0) {
			(void)saw_unknown(
				run->sightings, NODE_TEST_PROCESSOR_MEMORY,
				write_device(device, sizeof(device), &errand, "triad"),
				"%.0f MiB of its memory are free, too little for a figure "
				"beyond its caches",
				(double)node->free_bytes / (1 << 20));
			continue;
		}
		errands[count] = errand;
		requests[count] = "local";
		workers[count] = worker_for(run, &errands[count]);
		count++;
	}
	active_shows(run, -1, "memory of %zu NUMA nodes", count);
	active_ask_all(run, workers, requests, results, count);
	for (size_t i = 0; i < count; i++) {
		take(run, &errands[i], &results[i]);
		worker_end(&workers[i]);
	}
}

/* One pair after the other: they share the links between the sockets. */
static void run_cross(struct active_run *run, const struct field *field)
{
	size_t pairs = field->count * (field->count - 1), done = 0;

	for (size_t i = 0; i < field->count; i++) {
		for (size_t j = 0; j < field->count; j++) {
			uint64_t bytes = array_of(&field->nodes[j], ACTIVE_QUICK);
			struct errand errand = { field->host,
						 &field->nodes[j],
						 &field->nodes[i],
						 { bytes, CROSS_NS / 2, width_wanted } };
			struct worker worker = worker_for(run, &errand);
			struct worker_result result;
			struct error err;

			if (i == j || bytes == 0 || !active_goes_on(run))
				continue;
			active_shows(run, (double)done++ / (double)pairs,
				     "memory of node %u from node %u", field->nodes[j].number,
				     field->nodes[i].number);
			if (active_ask(run, &worker, "cross", &result, &err))
				take(run, &errand, &result);
			worker_end(&worker);
		}
	}
}

/* What the memory channels could carry, where the firmware tells. */
static void see_expected(struct active_run *run, const struct field *field)
{
	struct dimms dimms;
	struct error err;
	const char *why = NULL;

	if (!dimm_read(run->request->here, run->arena, &dimms, &err))
		why = err.text;
	else if (dimms.bytes_per_s <= 0)
		why = "the firmware does not tell the rate and the channels of the memory modules";
	for (size_t i = 0; i < field->count; i++) {
		char device[64];

		(void)snprintf(device, sizeof(device), "numa:%u", field->nodes[i].number);
		if (why)
			(void)saw_unknown(run->sightings, NODE_TEST_PROCESSOR_MEMORY_EXPECTED,
					  device, "%s", why);
		else
			(void)saw_value(run->sightings, NODE_TEST_PROCESSOR_MEMORY_EXPECTED, device,
					dimms.bytes_per_s / (double)field->count);
	}
}

static void run(struct active_run *run)
{
	struct field field = look(run->request, run->arena);
	int64_t limit_ns = run->request->profile == ACTIVE_QUICK ? LOCAL_QUICK_NS : LOCAL_NS;

	see_expected(run, &field);
	run_local(run, &field, limit_ns / 2);
	if (is_crossed(&field, run->request->profile))
		run_cross(run, &field);
}

static const char *const judged_by[] = { "processor-memory-bandwidth", NULL };

const struct active_test active_processor_memory = {
	.name = "processor-memory",
	.group = "processor",
	.title = "memory bandwidth of each NUMA node",
	.profiles = 1u << ACTIVE_QUICK | 1u << ACTIVE_WEEKLY | 1u << ACTIVE_BURN_IN,
	.consent = CONSENT_LOAD,
	.checks = judged_by,
	.plan = plan,
	.run = run,
};
