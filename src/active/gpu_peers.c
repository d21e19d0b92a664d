#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "active/gpu_rate.h"
#include "active/gpu_silence.h"
#include "active/kernels/memory.h"

#define NS_PER_S 1000000000ll

#define QUICK_BYTES (UINT64_C(64) << 20)
#define BYTES (UINT64_C(256) << 20)

static const uint64_t key = 0xbe5466cf34e90c6cu;

struct field {
	struct gpu_effort effort;
	uint64_t bytes;
};

/* A GPU of the node, open in the one child that copies between all of them. */
struct station {
	struct gpu_child child;
	uint64_t source, target, result;
	struct gpu_stream *stream;
	bool is_open;
};

struct stations {
	struct gpu_driver driver;
	struct station all[VENDOR_GPUS_MAXIMUM];
	size_t count;
	bool is_open;
};

/* One pair, for the time of a measurement. */
struct pair {
	struct station *from, *into;
	struct gpu_timer turns;
	uint64_t bytes;
};

static bool equip(struct station *station, const char *gpu, uint64_t bytes, struct error *err)
{
	struct gpu_child *child = &station->child;
	struct memory_work work = { .count = bytes / sizeof(uint64_t), .key = key };

	if (!gpu_device_find(&child->driver, gpu, &child->device, err) ||
	    !gpu_kernels_load(&child->device, &kernels_memory, &child->kernels, err) ||
	    !gpu_take(&child->device, bytes, &station->source, err) ||
	    !gpu_take(&child->device, bytes, &station->target, err) ||
	    !gpu_take(&child->device, sizeof(struct memory_faults), &station->result, err) ||
	    !gpu_stream_make(&child->device, &station->stream, err))
		return false;
	work.into = station->source;
	return gpu_child_start(child, "memory_fill", &work, NULL, err) &&
	       gpu_wait(&child->device, NULL, err);
}

static struct station *station_of(struct stations *stations, const char *gpu,
				  const struct field *field)
{
	struct error err = { 0 };

	for (size_t i = 0; i < stations->count; i++)
		if (strcmp(stations->all[i].child.device.gpu, gpu) == 0)
			return &stations->all[i];
	if (stations->count == VENDOR_GPUS_MAXIMUM)
		return NULL;
	struct station *station = &stations->all[stations->count++];

	station->child =
		(struct gpu_child){ .port = stations->driver.port, .driver = stations->driver };
	station->is_open = equip(station, gpu, field->bytes, &err);
	(void)snprintf(station->child.device.gpu, sizeof(station->child.device.gpu), "%s", gpu);
	/* Once for all its pairs. */
	if (!station->is_open)
		say_unknown(stations->driver.port, gpu, NODE_TEST_GPU_COPY_PEER, "%s", err.text);
	return station;
}

static bool copy_one(struct gpu_child *child, void *what, struct gpu_stream *stream,
		     struct error *err)
{
	const struct pair *pair = what;

	return gpu_begin_peer_copy(&pair->into->child.device, pair->into->target, &child->device,
				   pair->from->source, pair->bytes, stream, err);
}

/* The way back goes in a stream of the other GPU; the clock is that of the first. */
static bool copy_both(struct gpu_child *child, void *what, struct gpu_stream *stream,
		      struct error *err)
{
	const struct pair *pair = what;
	const struct gpu_device *from = &child->device;
	const struct gpu_device *into = &pair->into->child.device;

	return gpu_mark(from, pair->turns.start, stream, err) && gpu_device_use(into, err) &&
	       gpu_wait_for_event(into, pair->into->stream, pair->turns.start, err) &&
	       gpu_begin_peer_copy(from, pair->from->target, into, pair->into->source, pair->bytes,
				   pair->into->stream, err) &&
	       gpu_mark(into, pair->turns.end, pair->into->stream, err) &&
	       gpu_device_use(from, err) &&
	       gpu_begin_peer_copy(into, pair->into->target, from, pair->from->source, pair->bytes,
				   stream, err) &&
	       gpu_wait_for_event(from, stream, pair->turns.end, err);
}

/* What arrived is what the other one was filled with. */
static bool count_wrong(const struct pair *pair, double *ret_wrong, struct error *err)
{
	struct memory_faults faults = { .lowest = UINT64_MAX };
	struct memory_pattern_work work = {
		.work = { .into = pair->into->target,
			  .count = pair->bytes / sizeof(uint64_t),
			  .key = key,
			  .result = pair->into->result },
		.pattern = MEMORY_RANDOM,
	};
	const struct gpu_device *device = &pair->into->child.device;
	bool good =
		gpu_device_use(device, err) &&
		gpu_from_host(device, pair->into->result, &faults, sizeof(faults), err) &&
		gpu_child_start(&pair->into->child, "memory_pattern_verify", &work, NULL, err) &&
		gpu_wait(device, NULL, err) &&
		gpu_to_host(device, &faults, pair->into->result, sizeof(faults), err);

	*ret_wrong = (double)faults.count;
	return good && gpu_device_use(&pair->from->child.device, err);
}

static void name_pair(const struct pair *pair, const char *how, char ret_name[static 96])
{
	(void)snprintf(ret_name, 96, "%s/%s:%s", pair->from->child.device.gpu, how,
		       pair->into->child.device.gpu + strlen("gpu:"));
}

static bool measure_way(struct pair *pair, gpu_action *action, const char *how, double bytes,
			const struct gpu_effort *effort, struct error *err)
{
	const struct gpu_work work = { action, pair, bytes };
	struct repeats_summary rate;
	char device[96];

	if (!gpu_rate(&pair->from->child, &work, effort, &rate, err))
		return false;
	name_pair(pair, how, device);
	gpu_rate_say(pair->from->child.port, device, NODE_TEST_GPU_COPY_PEER, &rate);
	return true;
}

static bool measure_pair(struct pair *pair, const struct field *field, struct error *err)
{
	struct gpu_child *child = &pair->from->child;
	bool there = false;
	bool back = false;
	char device[96];
	double wrong = 0;

	name_pair(pair, "to", device);
	if (!gpu_device_use(&child->device, err) ||
	    !gpu_peer_enable(&pair->into->child.device, &child->device, &back, err) ||
	    !gpu_peer_enable(&child->device, &pair->into->child.device, &there, err))
		return false;
	say_state(child->port, device, NODE_TEST_GPU_PEER_ACCESS,
		  there && back ? "direct" : "host");
	if (!gpu_device_use(&child->device, err) ||
	    !measure_way(pair, copy_one, "to", (double)pair->bytes, &field->effort, err) ||
	    !count_wrong(pair, &wrong, err))
		return false;
	say_value(child->port, device, NODE_TEST_GPU_PATTERN_ERRORS, wrong);
	/* Both ways are the same from either end. */
	if (strcmp(child->device.gpu, pair->into->child.device.gpu) > 0)
		return true;
	return measure_way(pair, copy_both, "both", 2 * (double)pair->bytes, &field->effort, err);
}

static void try_pair(struct stations *stations, const char *from, const char *into,
		     const struct field *field)
{
	struct pair pair = {
		.from = station_of(stations, from, field),
		.into = station_of(stations, into, field),
		.bytes = field->bytes,
	};
	struct error err = { 0 };
	char device[96];

	if (!pair.from || !pair.into || !pair.from->is_open || !pair.into->is_open)
		return;
	name_pair(&pair, "to", device);
	bool good = gpu_device_use(&pair.from->child.device, &err) &&
		    gpu_timer_make(&pair.from->child.device, &pair.turns, &err) &&
		    measure_pair(&pair, field, &err);

	gpu_timer_drop(&pair.from->child.device, &pair.turns);
	if (!good)
		say_unknown(stations->driver.port, device, NODE_TEST_GPU_COPY_PEER, "%s", err.text);
}

/* The next name of a request; false at the end. */
static bool next_name(struct span *rest, char ret_gpu[static VENDOR_NAME_SIZE])
{
	struct span name;

	if (rest->length == 0)
		return false;
	(void)span_cut(rest, ' ', &name);
	(void)snprintf(ret_gpu, VENDOR_NAME_SIZE, "%.*s", SPAN_ARGS(name));
	return true;
}

/* "gpu:A gpu:B gpu:C": from A to B and to C. */
static void work(struct worker_port *port, const char *request, void **state, const void *context)
{
	const struct field *field = context;
	struct stations *stations = *state ? *state : calloc(1, sizeof(*stations));
	struct span rest = span_of(request);
	struct error err = { 0 };
	char from[VENDOR_NAME_SIZE];
	char into[VENDOR_NAME_SIZE];

	*state = stations;
	if (!stations || !next_name(&rest, from))
		return;
	if (!stations->is_open && !gpu_driver_open(port, &stations->driver, &err)) {
		say_unknown(port, from, NODE_TEST_GPU_COPY_PEER, "%s", err.text);
		return;
	}
	stations->is_open = true;
	stations->driver.port = port;
	while (next_name(&rest, into))
		try_pair(stations, from, into, field);
}

static void plan(const struct active_request *request, struct arena *arena,
		 struct active_step *step)
{
	const char *const *gpus;
	int64_t count = (int64_t)gpu_list(request, arena, &gpus);

	gpu_plan(request, arena, step, "copies from each to each other, one and both ways",
		 (2 + count / 2 + count * count / (request->profile == ACTIVE_QUICK ? 32 : 4)) *
			 NS_PER_S);
	step->is_absent = step->is_absent || count == 1;
	if (count == 1)
		step->cannot = "one GPU has no other to copy to";
}

/* Those behind the GPU that did not come back are left out of every later pair. */
static const char *pairs_from(const struct active_run *run, const char *const *gpus, size_t count,
			      size_t which, const bool *is_out)
{
	const char *words = gpus[which];

	for (size_t i = 0; i < count; i++)
		if (i != which && !is_out[i])
			words = arena_format(run->arena, "%s %s", words, gpus[i]);
	return words;
}

/* The GPU that the last call was about, "cuMemcpyPeerAsync gpu:0000:19:00.0". */
static size_t culprit_of(const struct worker_result *result, const char *const *gpus, size_t count,
			 size_t otherwise)
{
	for (size_t i = 0; i < count; i++)
		if (strstr(result->call, gpus[i]))
			return i;
	return otherwise;
}

static void ask_from(struct active_run *run, struct worker *worker, const char *const *gpus,
		     size_t count, size_t which, bool *is_out)
{
	struct worker_result result;
	struct error err = { 0 };

	if (is_out[which])
		return;
	active_shows(run, (double)which / (double)count, "%s to all others", gpus[which]);
	if (!active_ask(run, worker, pairs_from(run, gpus, count, which, is_out), &result, &err)) {
		active_fails(run, "%s", err.text);
		return;
	}
	active_take(run, &result);
	if (result.end == WORKER_DONE)
		return;
	size_t culprit = culprit_of(&result, gpus, count, which);

	gpu_blame(run, &result, NODE_TEST_GPU_COPY_PEER, gpus[culprit]);
	is_out[culprit] = true;
	/* The pairs of this one that it had no part in are asked anew. */
	if (culprit != which && active_goes_on(run))
		ask_from(run, worker, gpus, count, which, is_out);
}

static void run(struct active_run *run)
{
	const bool is_quick = run->request->profile == ACTIVE_QUICK;
	const struct field field = {
		.effort = { .width = is_quick ? 0.02 : 0.005, .limit_s = is_quick ? 0.02 : 0.1 },
		.bytes = is_quick ? QUICK_BYTES : BYTES,
	};
	struct worker worker = {
		.host = run->request->here,
		.function = work,
		.context = &field,
		.call_limit_ns = run->request->call_limit_ns,
		.name = "cuda-peers",
	};
	const char *const *gpus;
	size_t count = gpu_list(run->request, run->arena, &gpus);
	bool *is_out = ARENA_ARRAY(run->arena, bool, count + 1);

	for (size_t i = 0; i < count; i++)
		is_out[i] = gpu_is_left_out(run, NODE_TEST_GPU_COPY_PEER, gpus[i]);
	for (size_t i = 0; i < count && active_goes_on(run); i++)
		ask_from(run, &worker, gpus, count, i, is_out);
	worker_end(&worker);
}

static const char *const judged_by[] = { "gpu-peer-copy", NULL };

const struct active_test active_gpu_peers = {
	.name = "gpu-peers",
	.group = "gpu",
	.title = "copies between every two GPUs",
	.profiles = 1u << ACTIVE_QUICK | 1u << ACTIVE_WEEKLY | 1u << ACTIVE_BURN_IN,
	.consent = CONSENT_LOAD,
	.checks = judged_by,
	.plan = plan,
	.run = run,
};
