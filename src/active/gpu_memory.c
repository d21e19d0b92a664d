#include <stdio.h>
#include <string.h>

#include "active/gpu_rate.h"
#include "active/kernels/memory.h"

#define NS_PER_S 1000000000ll

enum {
	CACHES = 16,      /* a buffer is so many times the cache, */
	CACHES_LEAST = 4, /* and at least so many times: else it is the cache that is measured */
	BUFFERS = 3,
	PIECE = 16,
};

#define BUFFER_LEAST (UINT64_C(256) << 20)
#define BUFFER_MOST (UINT64_C(4) << 30)

/* The buffers of one GPU. */
struct field {
	uint64_t buffers[BUFFERS], result;
	uint64_t bytes; /* of each */
};

static const uint64_t keys[BUFFERS] = { 0x243f6a8885a308d3u, 0x13198a2e03707344u,
					0xa4093822299f31d0u };

static bool size_field(const struct gpu_child *child, struct field *field, struct error *err)
{
	uint64_t cache = child->device.cache_bytes;
	uint64_t left = 0;

	if (!gpu_memory_left(&child->device, &left, err))
		return false;
	field->bytes = cache * CACHES;
	if (field->bytes < BUFFER_LEAST)
		field->bytes = BUFFER_LEAST;
	if (field->bytes > BUFFER_MOST)
		field->bytes = BUFFER_MOST;
	if (field->bytes > left / (BUFFERS + 1))
		field->bytes = left / (BUFFERS + 1) / PIECE * PIECE;
	if (field->bytes < cache * CACHES_LEAST || field->bytes == 0)
		return fail(err, ERROR_LIMIT,
			    "%s: %llu MiB of its memory are free, too few for a figure that its "
			    "cache (%llu MiB) has no part in",
			    child->device.gpu, (unsigned long long)(left >> 20),
			    (unsigned long long)(cache >> 20));
	return true;
}

static void clear_field(const struct gpu_child *child, struct field *field)
{
	for (unsigned i = 0; i < BUFFERS; i++)
		gpu_give(&child->device, field->buffers[i]);
	gpu_give(&child->device, field->result);
}

/* Random words, never zeros: memory that compresses or is shared must not look fast. */
static bool fill_buffer(struct gpu_child *child, const struct field *field, unsigned which,
			struct error *err)
{
	struct memory_work work = {
		.into = field->buffers[which],
		.count = field->bytes / sizeof(uint64_t),
		.key = keys[which],
	};

	return gpu_child_start(child, "memory_fill", &work, NULL, err);
}

static bool lay_field(struct gpu_child *child, struct field *field, struct error *err)
{
	if (!size_field(child, field, err) ||
	    !gpu_take(&child->device, sizeof(struct memory_faults), &field->result, err))
		return false;
	for (unsigned i = 0; i < BUFFERS; i++)
		if (!gpu_take(&child->device, field->bytes, &field->buffers[i], err) ||
		    !fill_buffer(child, field, i, err))
			return false;
	return gpu_wait(&child->device, NULL, err);
}

/* A way to move data: a kernel of ours, or the driver's own copy. */
struct way {
	const char *name, *kernel; /* kernel NULL: the driver's copy */
	double moves;              /* bytes for each byte of a buffer */
};

static const struct way ways[] = {
	{ "read", "memory_read", 1 }, { "write", "memory_write", 1 },
	{ "copy", "memory_copy", 2 }, { "triad", "memory_triad", 3 },
	{ "transfer", NULL, 2 },
};

enum {
	WAYS = sizeof(ways) / sizeof(ways[0]),
};

struct errand {
	const struct field *field;
	const struct way *way;
};

static bool move(struct gpu_child *child, void *what, struct gpu_stream *stream, struct error *err)
{
	const struct errand *errand = what;
	const struct field *field = errand->field;
	struct memory_work work = {
		.from = field->buffers[0],
		.also = field->buffers[1],
		.into = field->buffers[2],
		.count = field->bytes / PIECE,
		.key = 3,
		.result = field->result,
	};

	if (!errand->way->kernel)
		return gpu_begin_copy(&child->device, work.into, work.from, field->bytes, stream,
				      err);
	return gpu_child_start(child, errand->way->kernel, &work, stream, err);
}

/* After a copy the third buffer holds what the first was filled with. */
static bool count_wrong(struct gpu_child *child, const struct field *field, double *ret_wrong,
			struct error *err)
{
	struct memory_faults faults = { .lowest = UINT64_MAX };
	struct memory_pattern_work work = {
		.work = { .into = field->buffers[2],
			  .count = field->bytes / sizeof(uint64_t),
			  .key = keys[0],
			  .result = field->result },
		.pattern = MEMORY_RANDOM,
	};
	const struct gpu_device *device = &child->device;

	if (!gpu_from_host(device, field->result, &faults, sizeof(faults), err) ||
	    !gpu_child_start(child, "memory_pattern_verify", &work, NULL, err) ||
	    !gpu_wait(device, NULL, err) ||
	    !gpu_to_host(device, &faults, field->result, sizeof(faults), err))
		return false;
	*ret_wrong = (double)faults.count;
	return true;
}

static bool measure_way(struct gpu_child *child, const struct field *field, const struct way *way,
			const char *how, const struct gpu_effort *effort, struct error *err)
{
	struct errand errand = { field, way };
	const struct gpu_work moving = { move, &errand, way->moves * (double)field->bytes };
	struct repeats_summary rate;
	char device[80];
	double wrong = 0;

	(void)snprintf(device, sizeof(device), "%s/%s%s", child->device.gpu, way->name, how);
	if (!gpu_rate(child, &moving, effort, &rate, err))
		return false;
	gpu_rate_say(child->port, device, NODE_TEST_GPU_MEMORY_BANDWIDTH, &rate);
	if (way->kernel && strcmp(way->name, "copy") != 0)
		return true;
	if (!count_wrong(child, field, &wrong, err))
		return false;
	say_value(child->port, device, NODE_TEST_GPU_PATTERN_ERRORS, wrong);
	return true;
}

static void work(struct worker_port *port, const char *request, void **state, const void *context)
{
	const struct gpu_effort *effort = context;
	struct field field = { .bytes = 0 };
	struct error err = { 0 };
	char words[GPU_REQUEST_SIZE];
	char gpu[VENDOR_NAME_SIZE];

	if (!gpu_request_read(request, words, gpu))
		return;
	const char *how = strcmp(words, "together") == 0 ? ".together" : "";
	struct gpu_child *child = gpu_child_open(port, gpu, state, &err);
	bool good = child && lay_field(child, &field, &err);

	for (unsigned i = 0; good && i < WAYS; i++)
		good = measure_way(child, &field, &ways[i], how, effort, &err);
	if (child)
		clear_field(child, &field);
	if (!good)
		say_unknown(port, gpu, NODE_TEST_GPU_MEMORY_BANDWIDTH, "%s", err.text);
}

static void plan(const struct active_request *request, struct arena *arena,
		 struct active_step *step)
{
	const char *const *gpus;
	int64_t count = (int64_t)gpu_list(request, arena, &gpus);

	gpu_plan(request, arena, step, "device memory read, written and copied, 12 GiB of it",
		 request->profile == ACTIVE_QUICK ? 4 * NS_PER_S : (8 + 3 * count) * NS_PER_S);
}

static void run(struct active_run *run)
{
	const struct gpu_effort effort =
		run->request->profile == ACTIVE_QUICK
			? (struct gpu_effort){ .width = 0.01, .limit_s = 0.2 }
			: (struct gpu_effort){ .width = 0.002, .limit_s = 1 };
	struct gpu_crew crew;

	gpu_crew_make(run, work, &effort, &crew);
	active_shows(run, 0, "device memory of all GPUs at once");
	gpu_crew_ask(&crew, "together", NODE_TEST_GPU_MEMORY_BANDWIDTH);
	for (size_t i = 0; run->request->profile != ACTIVE_QUICK && i < crew.count; i++) {
		if (!active_goes_on(run))
			break;
		active_shows(run, (double)(i + 1) / (double)(crew.count + 1), "memory of %s alone",
			     crew.gpus[i]);
		gpu_crew_ask_one(&crew, i, "alone", NODE_TEST_GPU_MEMORY_BANDWIDTH);
	}
	gpu_crew_end(&crew);
}

static const char *const judged_by[] = { "gpu-memory-bandwidth", NULL };

const struct active_test active_gpu_memory = {
	.name = "gpu-memory",
	.group = "gpu",
	.title = "bandwidth of the memory of each GPU",
	.profiles = 1u << ACTIVE_QUICK | 1u << ACTIVE_WEEKLY | 1u << ACTIVE_BURN_IN,
	.consent = CONSENT_LOAD,
	.checks = judged_by,
	.plan = plan,
	.run = run,
};
