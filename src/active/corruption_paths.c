#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "active/corruption_plan.h"
#include "active/gpu_crew.h"
#include "active/kernels/memory.h"
#include "base/random.h"
#include "host/system.h"

#define NS_PER_S 1000000000ll
#define NS_PER_MS 1000000ll

enum {
	BYTES = 2 << 20, /* of one copy */
	WORDS = BYTES / 8,
	SLACK_MS = 500,
	CALL_LIMIT_S = 60,
	PART_LEAST_MS = 20,
	ROUNDS_LEAST = 3, /* of each path, however slow it is */
	DEVICE_SIZE = 2 * VENDOR_NAME_SIZE + 16,
};

static const int64_t usual_ns[ACTIVE_PROFILE_COUNT] = {
	[ACTIVE_QUICK] = 1 * NS_PER_S,
	[ACTIVE_WEEKLY] = 120 * NS_PER_S,
	[ACTIVE_BURN_IN] = 1200 * NS_PER_S,
};

/* One GPU, with a buffer there and one here. */
struct field {
	void *opened;
	struct gpu_child *child;
	uint64_t buffer, result;
	uint64_t *host;
	uint64_t round; /* of all paths: the key of what is sent */
};

static struct field *open_field(struct worker_port *port, const char *gpu, void **state,
				struct error *err)
{
	struct field *field = *state;
	struct gpu_child *child;

	if (field) {
		field->child = gpu_child_open(port, gpu, &field->opened, err);
		return field;
	}
	field = calloc(1, sizeof(*field));
	if (!field)
		memory_exhausted(sizeof(*field));
	child = field->child = gpu_child_open(port, gpu, &field->opened, err);
	if (child && gpu_take(&child->device, BYTES, &field->buffer, err) &&
	    gpu_take(&child->device, sizeof(uint64_t), &field->result, err) &&
	    gpu_take_host(&child->device, BYTES, (void **)&field->host, err)) {
		*state = field;
		return field;
	}
	free(field); /* what the driver holds ends with this process */
	return NULL;
}

/* What the kernel memory_digest gives for the words. */
static uint64_t digest_of(const uint64_t *words)
{
	uint64_t sum = 0;

	for (uint64_t i = 0; i < WORDS; i++)
		sum += random_u64(words[i], i);
	return sum;
}

static void fill_here(struct field *field, uint64_t key)
{
	for (uint64_t i = 0; i < WORDS; i++)
		field->host[i] = random_u64(key, i);
}

static bool fill_there(struct field *field, uint64_t key, struct error *err)
{
	struct memory_work work = { .into = field->buffer, .count = WORDS, .key = key };

	return gpu_child_start(field->child, "memory_fill", &work, NULL, err) &&
	       gpu_wait(&field->child->device, NULL, err);
}

static bool digest_there(struct field *field, uint64_t *ret_digest, struct error *err)
{
	const struct gpu_device *device = &field->child->device;
	struct memory_work work = {
		.from = field->buffer,
		.count = WORDS,
		.result = field->result,
	};

	*ret_digest = 0;
	return gpu_from_host(device, field->result, ret_digest, sizeof(*ret_digest), err) &&
	       gpu_child_start(field->child, "memory_digest", &work, NULL, err) &&
	       gpu_wait(device, NULL, err) &&
	       gpu_to_host(device, ret_digest, field->result, sizeof(*ret_digest), err);
}

/* A round of one path: false when it could not be tried. */
typedef bool path_try(struct field *field, uint64_t key, struct field *other, bool *ret_is_same,
		      struct error *err);

/* Written by all multiprocessors and read by all, in the cache that they share. */
static bool try_cache(struct field *field, uint64_t key, struct field *other, bool *ret_is_same,
		      struct error *err)
{
	uint64_t there;

	(void)other;
	fill_here(field, key);
	if (!fill_there(field, key, err) || !digest_there(field, &there, err))
		return false;
	*ret_is_same = there == digest_of(field->host);
	return true;
}

static bool try_from_host(struct field *field, uint64_t key, struct field *other, bool *ret_is_same,
			  struct error *err)
{
	uint64_t there;

	(void)other;
	fill_here(field, key);
	if (!gpu_from_host(&field->child->device, field->buffer, field->host, BYTES, err) ||
	    !digest_there(field, &there, err))
		return false;
	*ret_is_same = there == digest_of(field->host);
	return true;
}

static bool try_to_host(struct field *field, uint64_t key, struct field *other, bool *ret_is_same,
			struct error *err)
{
	uint64_t there;

	(void)other;
	if (!fill_there(field, key, err) || !digest_there(field, &there, err) ||
	    !gpu_to_host(&field->child->device, field->host, field->buffer, BYTES, err))
		return false;
	*ret_is_same = there == digest_of(field->host);
	return true;
}

static bool try_peer(struct field *field, uint64_t key, struct field *other, bool *ret_is_same,
		     struct error *err)
{
	uint64_t sent, got;

	if (!gpu_device_use(&field->child->device, err) || !fill_there(field, key, err) ||
	    !digest_there(field, &sent, err) ||
	    !gpu_begin_peer_copy(&other->child->device, other->buffer, &field->child->device,
				 field->buffer, BYTES, NULL, err) ||
	    !gpu_wait(&field->child->device, NULL, err) ||
	    !gpu_device_use(&other->child->device, err) || !digest_there(other, &got, err))
		return false;
	*ret_is_same = sent == got;
	return true;
}

/* Rounds of one path for so long, and what they gave. */
static void try_path(struct field *field, struct field *other, const struct host *host,
		     const char *device, path_try *try, int64_t limit_ns)
{
	const int64_t start_ns = host_boot_ns(host);
	struct worker_port *port = field->child->port;
	uint64_t rounds = 0, wrong = 0;
	struct error err;

	do {
		bool is_same = false;

		if (!try(field, random_join(1, field->round++), other, &is_same, &err)) {
			say_unknown(port, device, NODE_TEST_CORRUPTION_MISMATCHES, "%s", err.text);
			return;
		}
		rounds++;
		wrong += !is_same;
	} while (rounds < ROUNDS_LEAST || host_boot_ns(host) - start_ns < limit_ns);
	say_value(port, device, NODE_TEST_CORRUPTION_ROUNDS, (double)rounds);
	say_value(port, device, NODE_TEST_CORRUPTION_MISMATCHES, (double)wrong);
}

static void try_own(struct field *field, const struct host *host, int64_t limit_ns)
{
	static const struct {
		const char *name;
		path_try *try;
	} paths[] = {
		{ "cache", try_cache },
		{ "from-host", try_from_host },
		{ "to-host", try_to_host },
	};
	const size_t count = sizeof(paths) / sizeof(paths[0]);

	for (size_t i = 0; i < count; i++) {
		char device[DEVICE_SIZE];

		(void)snprintf(device, sizeof(device), "%s/path:%s", field->child->device.gpu,
			       paths[i].name);
		try_path(field, NULL, host, device, paths[i].try, limit_ns / (int64_t)count);
	}
	say_value(field->child->port, field->child->device.gpu, NODE_TEST_CORRUPTION_PATHS,
		  (double)count);
}

static void try_to(struct field *field, const struct host *host, const char *peer, int64_t limit_ns)
{
	void *opened = NULL;
	struct error err;
	char device[DEVICE_SIZE];
	struct field *other = open_field(field->child->port, peer, &opened, &err);
	bool can = false;

	(void)snprintf(device, sizeof(device), "%s/path:to-%s", field->child->device.gpu,
		       peer + strlen("gpu:"));
	if (other && gpu_device_use(&field->child->device, &err) &&
	    gpu_peer_enable(&field->child->device, &other->child->device, &can, &err))
		try_path(field, other, host, device, try_peer, limit_ns);
	else
		say_unknown(field->child->port, device, NODE_TEST_CORRUPTION_MISMATCHES, "%s",
			    err.text);
	if (!other)
		return;
	gpu_give(&other->child->device, other->buffer);
	gpu_give(&other->child->device, other->result);
	gpu_give_host(&other->child->device, other->host);
	free(other);
	(void)gpu_device_use(&field->child->device, &err);
}

/* "own MILLISECONDS GPU" or "to PEER MILLISECONDS GPU". */
static void answer(struct worker_port *port, const char *request, void **state, const void *context)
{
	char words[GPU_REQUEST_SIZE], gpu[VENDOR_NAME_SIZE], peer[VENDOR_NAME_SIZE];
	struct span text, verb, name;
	struct field *field = NULL;
	uint64_t milliseconds;
	struct error err = { .text = "no such request" };

	if (gpu_request_read(request, words, gpu))
		field = open_field(port, gpu, state, &err);
	if (!field) {
		say_unknown(port, gpu, NODE_TEST_CORRUPTION_PATHS, "%s", err.text);
		return;
	}
	text = span_of(words);
	if (!span_cut(&text, ' ', &verb))
		return;
	if (span_is(verb, "own") && span_to_u64(text, &milliseconds)) {
		try_own(field, context, (int64_t)milliseconds * NS_PER_MS);
	} else if (span_is(verb, "to") && span_cut(&text, ' ', &name) &&
		   name.length < sizeof(peer) && name.length > strlen("gpu:") &&
		   span_to_u64(text, &milliseconds)) {
		(void)snprintf(peer, sizeof(peer), "%.*s", SPAN_ARGS(name));
		try_to(field, context, peer, (int64_t)milliseconds * NS_PER_MS);
	}
}

/* Each GPU to the next ones in turn, one pair at a time: a quick run goes once around. */
static void run_peers(struct gpu_crew *crew, int64_t end_ns)
{
	const struct host *here = crew->run->request->here;
	const size_t all = crew->count * (crew->count > 0 ? crew->count - 1 : 0);
	const size_t pairs = crew->run->request->profile == ACTIVE_QUICK && crew->count < all
				     ? crew->count
				     : all;

	for (size_t done = 0; done < pairs && active_goes_on(crew->run); done++) {
		const struct corruption_pair pair = corruption_plan_pair(crew->count, done);
		const int64_t left_ms = (end_ns - host_boot_ns(here)) / NS_PER_MS;
		char words[GPU_REQUEST_SIZE];

		if (crew->is_out[pair.to])
			continue;
		(void)snprintf(words, sizeof(words), "to %s %" PRId64, crew->gpus[pair.to],
			       corruption_plan_part(left_ms, pairs - done, PART_LEAST_MS));
		active_shows(crew->run, (double)done / (double)pairs, "%s to %s",
			     crew->gpus[pair.from], crew->gpus[pair.to]);
		gpu_crew_ask_one(crew, pair.from, words, NODE_TEST_CORRUPTION_PATHS);
	}
}

static void run(struct active_run *run)
{
	struct gpu_crew crew;
	int64_t needed_ns = active_left_ns(run) - SLACK_MS * NS_PER_MS;
	const int64_t start_ns = host_boot_ns(run->request->here);
	char words[64];

	if (needed_ns > run->step->needed_ns)
		needed_ns = run->step->needed_ns;
	if (needed_ns <= 0) {
		active_fails(run, "less than %d ms are left for it", SLACK_MS);
		return;
	}
	gpu_crew_make(run, answer, run->request->here, &crew);
	for (size_t i = 0; i < crew.count; i++)
		crew.workers[i].call_limit_ns = CALL_LIMIT_S * NS_PER_S;
	active_shows(run, -1, "caches and copies between host and GPUs");
	(void)snprintf(words, sizeof(words), "own %" PRId64, (int64_t)(needed_ns / 2 / NS_PER_MS));
	gpu_crew_ask(&crew, words, NODE_TEST_CORRUPTION_PATHS);
	run_peers(&crew, start_ns + needed_ns);
	gpu_crew_end(&crew);
}

static void plan(const struct active_request *request, struct arena *arena,
		 struct active_step *step)
{
	gpu_plan(request, arena, step, "their cache, and copies of 2 MiB from and to all",
		 usual_ns[request->profile]);
}

static const char *const judged_by[] = { "corruption-paths", NULL };

const struct active_test active_corruption_paths = {
	.name = "corruption-paths",
	.group = "corruption",
	.title = "paths of data that change what they carry",
	.profiles = 1u << ACTIVE_QUICK | 1u << ACTIVE_WEEKLY | 1u << ACTIVE_BURN_IN,
	.consent = CONSENT_LOAD,
	.checks = judged_by,
	.plan = plan,
	.run = run,
};
