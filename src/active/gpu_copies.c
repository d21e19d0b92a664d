#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "active/gpu_rate.h"
#include "active/kernels/memory.h"
#include "host/affinity.h"
#include "probe/numa.h"

#define NS_PER_S 1000000000ll

enum {
	NODES_MAXIMUM = 16, /* NUMA nodes that each GPU copies from and to */
};

#define QUICK_BYTES (UINT64_C(128) << 20)
#define BYTES (UINT64_C(512) << 20)

static const uint64_t key = 0x452821e638d01377u;

/* What all children know. */
struct field {
	const struct numa_node *nodes;
	size_t node_count;
	struct gpu_effort effort;
	uint64_t bytes;
	bool only_near; /* a GPU copies from and to its own node alone */
};

/* Memory of one GPU and of one node. */
struct lane {
	uint64_t source, target, result; /* of the device */
	void *out, *in;                  /* pinned: what comes out of the GPU, what goes in */
	uint64_t bytes;
	struct gpu_stream *second;
	struct gpu_timer turns; /* moments that one stream waits for in the other */
};

static bool open_device(struct gpu_child *child, struct lane *lane, struct error *err)
{
	const struct gpu_device *device = &child->device;
	struct memory_work work = { .count = lane->bytes / sizeof(uint64_t), .key = key };

	if (!gpu_take(device, lane->bytes, &lane->source, err) ||
	    !gpu_take(device, lane->bytes, &lane->target, err) ||
	    !gpu_take(device, sizeof(struct memory_faults), &lane->result, err) ||
	    !gpu_stream_make(device, &lane->second, err) ||
	    !gpu_timer_make(device, &lane->turns, err))
		return false;
	work.into = lane->source;
	return gpu_child_start(child, "memory_fill", &work, NULL, err) &&
	       gpu_wait(device, NULL, err);
}

static void close_device(struct gpu_child *child, struct lane *lane)
{
	const struct gpu_device *device = &child->device;

	gpu_give(device, lane->source);
	gpu_give(device, lane->target);
	gpu_give(device, lane->result);
	gpu_stream_drop(device, lane->second);
	gpu_timer_drop(device, &lane->turns);
}

static bool copy_from(struct gpu_child *child, void *what, struct gpu_stream *stream,
		      struct error *err)
{
	const struct lane *lane = what;

	return gpu_begin_to_host(&child->device, lane->out, lane->source, lane->bytes, stream, err);
}

static bool copy_to(struct gpu_child *child, void *what, struct gpu_stream *stream,
		    struct error *err)
{
	const struct lane *lane = what;

	return gpu_begin_from_host(&child->device, lane->target, lane->out, lane->bytes, stream,
				   err);
}

/* One way in each stream; the clock of the first stops when both are through. */
static bool copy_both(struct gpu_child *child, void *what, struct gpu_stream *stream,
		      struct error *err)
{
	const struct gpu_device *device = &child->device;
	const struct lane *lane = what;

	return gpu_mark(device, lane->turns.start, stream, err) &&
	       gpu_wait_for_event(device, lane->second, lane->turns.start, err) &&
	       gpu_begin_from_host(device, lane->target, lane->out, lane->bytes, stream, err) &&
	       gpu_begin_to_host(device, lane->in, lane->source, lane->bytes, lane->second, err) &&
	       gpu_mark(device, lane->turns.end, lane->second, err) &&
	       gpu_wait_for_event(device, stream, lane->turns.end, err);
}

/* What went out and came in again is what the GPU had made. */
static bool count_wrong(struct gpu_child *child, const struct lane *lane, double *ret_wrong,
			struct error *err)
{
	struct memory_faults faults = { .lowest = UINT64_MAX };
	struct memory_pattern_work work = {
		.work = { .into = lane->target,
			  .count = lane->bytes / sizeof(uint64_t),
			  .key = key,
			  .result = lane->result },
		.pattern = MEMORY_RANDOM,
	};
	const struct gpu_device *device = &child->device;

	if (!gpu_from_host(device, lane->result, &faults, sizeof(faults), err) ||
	    !gpu_child_start(child, "memory_pattern_verify", &work, NULL, err) ||
	    !gpu_wait(device, NULL, err) ||
	    !gpu_to_host(device, &faults, lane->result, sizeof(faults), err))
		return false;
	*ret_wrong = (double)faults.count;
	return true;
}

static const struct {
	const char *name;
	gpu_action *action;
	double moves;
} ways[] = {
	{ "from", copy_from, 1 },
	{ "to", copy_to, 1 },
	{ "both", copy_both, 2 },
};

enum {
	WAYS = sizeof(ways) / sizeof(ways[0]),
};

static bool measure_ways(struct gpu_child *child, struct lane *lane, unsigned node, const char *how,
			 const struct gpu_effort *effort, struct error *err)
{
	struct repeats_summary rate;
	char device[96];
	double wrong = 0;

	for (unsigned i = 0; i < WAYS; i++) {
		const struct gpu_work work = { ways[i].action, lane,
					       ways[i].moves * (double)lane->bytes };

		(void)snprintf(device, sizeof(device), "%s/%s:numa:%u%s", child->device.gpu,
			       ways[i].name, node, how);
		if (!gpu_rate(child, &work, effort, &rate, err))
			return false;
		gpu_rate_say(child->port, device, NODE_TEST_GPU_COPY_HOST, &rate);
	}
	if (!count_wrong(child, lane, &wrong, err))
		return false;
	(void)snprintf(device, sizeof(device), "%s/host:numa:%u%s", child->device.gpu, node, how);
	say_value(child->port, device, NODE_TEST_GPU_PATTERN_ERRORS, wrong);
	return true;
}

/* The driver takes pinned memory from the node that the thread runs on. */
static bool measure_node(struct gpu_child *child, struct lane *lane, const struct numa_node *node,
			 const char *how, const struct gpu_effort *effort, struct error *err)
{
	const struct gpu_device *device = &child->device;

	lane->out = lane->in = NULL;
	bool good = affinity_set(node->cores, node->core_count, err) &&
		    gpu_take_host(device, lane->bytes, &lane->out, err) &&
		    gpu_take_host(device, lane->bytes, &lane->in, err) &&
		    measure_ways(child, lane, node->number, how, effort, err);

	gpu_give_host(device, lane->out);
	gpu_give_host(device, lane->in);
	return good;
}

/* A GPU whose node is not told, or has no processors that may be used, is near to the first. */
static size_t near_node(const struct field *field, int numa)
{
	for (size_t i = 0; i < field->node_count; i++)
		if (numa >= 0 && field->nodes[i].number == (unsigned)numa)
			return i;
	return 0;
}

static bool measure(struct gpu_child *child, const struct field *field, int numa, bool together,
		    struct error *err)
{
	const char *how = together ? ".together" : "";
	const size_t near = near_node(field, numa >= 0 ? numa : child->device.numa);
	struct lane lane = { .bytes = field->bytes };
	bool good = open_device(child, &lane, err);

	for (size_t i = 0; good && i < field->node_count && i < NODES_MAXIMUM; i++)
		if (i == near || !(together || field->only_near))
			good = measure_node(child, &lane, &field->nodes[i], how, &field->effort,
					    err);
	close_device(child, &lane);
	return good;
}

/* "together 1 gpu:0000:19:00.0": the number is the NUMA node of the GPU, -1 when it is not known.
 */
static void work(struct worker_port *port, const char *request, void **state, const void *context)
{
	const struct field *field = context;
	struct error err = { 0 };
	char words[GPU_REQUEST_SIZE];
	char gpu[VENDOR_NAME_SIZE];
	int64_t numa = -1;
	const char *blank;

	if (!gpu_request_read(request, words, gpu) || !(blank = strchr(words, ' ')) ||
	    !span_to_i64(span_of(blank + 1), &numa))
		return;
	bool together = strncmp(words, "together ", 9) == 0;
	struct gpu_child *child = gpu_child_open(port, gpu, state, &err);

	if (!child || !measure(child, field, (int)numa, together, &err))
		say_unknown(port, gpu, NODE_TEST_GPU_COPY_HOST, "%s", err.text);
}

static size_t list_nodes(const struct active_request *request, struct arena *arena,
			 const struct numa_node **ret_nodes)
{
	unsigned *allowed = ARENA_ARRAY(arena, unsigned, AFFINITY_MAXIMUM);
	size_t count = affinity_list(allowed, AFFINITY_MAXIMUM);

	return numa_read(request->here, allowed,
			 count < AFFINITY_MAXIMUM ? count : AFFINITY_MAXIMUM, arena, ret_nodes);
}

static void plan(const struct active_request *request, struct arena *arena,
		 struct active_step *step)
{
	const char *const *gpus;
	const struct numa_node *nodes;
	int64_t count = (int64_t)gpu_list(request, arena, &gpus);
	int64_t node_count = (int64_t)list_nodes(request, arena, &nodes);

	gpu_plan(request, arena, step, "copies to and from 1 GiB of pinned memory of the host",
		 request->profile == ACTIVE_QUICK ? (2 + count / 2) * NS_PER_S
						  : (5 + 3 * count * node_count) * NS_PER_S);
}

static const char *words_for(const struct active_run *run, const char *how, const char *gpu)
{
	const struct record *numa =
		active_seen(run->request, NODE_PCI_NUMA,
			    arena_format(run->arena, "pci:%s", gpu + strlen("gpu:")));

	return arena_format(run->arena, "%s %.0f", how,
			    numa && numa->says == SAYS_VALUE ? numa->value : -1.0);
}

static void run(struct active_run *run)
{
	const bool is_quick = run->request->profile == ACTIVE_QUICK;
	struct field field = {
		.effort = { .width = is_quick ? 0.01 : 0.003, .limit_s = is_quick ? 0.1 : 0.5 },
		.bytes = is_quick ? QUICK_BYTES : BYTES,
		.only_near = is_quick,
	};
	struct gpu_crew crew;

	field.node_count = list_nodes(run->request, run->arena, &field.nodes);
	gpu_crew_make(run, work, &field, &crew);
	for (size_t i = 0; i < crew.count && active_goes_on(run); i++) {
		active_shows(run, (double)i / (double)(crew.count + 1), "host and %s",
			     crew.gpus[i]);
		gpu_crew_ask_one(&crew, i, words_for(run, "alone", crew.gpus[i]),
				 NODE_TEST_GPU_COPY_HOST);
	}
	if (active_goes_on(run) && crew.count > 1) {
		active_shows(run, (double)crew.count / (double)(crew.count + 1),
			     "host and all GPUs at once");
		gpu_crew_ask(&crew, "together -1", NODE_TEST_GPU_COPY_HOST);
	}
	gpu_crew_end(&crew);
}

static const char *const judged_by[] = { "gpu-host-copy", NULL };

const struct active_test active_gpu_copies = {
	.name = "gpu-copies",
	.group = "gpu",
	.title = "copies between each GPU and the memory of the host",
	.profiles = 1u << ACTIVE_QUICK | 1u << ACTIVE_WEEKLY | 1u << ACTIVE_BURN_IN,
	.consent = CONSENT_LOAD,
	.checks = judged_by,
	.plan = plan,
	.run = run,
};
