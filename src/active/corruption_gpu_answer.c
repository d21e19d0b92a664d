#include "active/corruption_gpu_answer.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "active/corruption.h"
#include "active/corruption_tally.h"
#include "active/kernels/corruption.h"
#include "active/kernels/memory.h"
#include "base/random.h"
#include "host/system.h"

#define NS_PER_MS 1000000ll

enum {
	THREADS = 256,
	BLOCKS_EACH = 2,       /* of a multiprocessor, so that none is left out */
	WORDS = 1 << 22,       /* that the kernel of caches reads: more than the near cache */
	COPY_BYTES = 16 << 20, /* moved while kernels run, where that is asked for */
	BURST_PERIOD_MS = 200,
	LANES = CORRUPTION_GPU_LANES,
	MULTIPROCESSORS = CORRUPTION_GPU_MULTIPROCESSORS,
};

const char *const corruption_gpu_kernels[] = {
	"integer", "fma32",    "fma64",    "special",  "shared",  "cache",
	"mma-f16", "mma-bf16", "mma-tf32", "mma-int8", "mma-f64",
};
static_assert(sizeof(corruption_gpu_kernels) / sizeof(corruption_gpu_kernels[0]) ==
		      CORRUPTION_GPU_KERNELS,
	      "a name for each kernel");

/* One GPU, and what its multiprocessors gave. */
struct unit {
	void *opened;
	struct gpu_child *child;
	struct gpu_kernels kernels;
	unsigned kernel_count;         /* of the list, from its start */
	uint64_t raw[MULTIPROCESSORS]; /* what the device calls each, by our number */
	unsigned known;                /* how many of them were seen */
	struct gpu_stream *aside;      /* for copies */
	uint64_t digests_at, places_at, memory_at, copy_at;
	void *copy_from;
	uint64_t *digests, *places; /* of all threads, on this side */
	uint64_t lanes[CORRUPTION_GPU_KERNELS][MULTIPROCESSORS][LANES];
	uint64_t rounds[CORRUPTION_GPU_KERNELS][MULTIPROCESSORS]; /* that it had a part in */
};

static unsigned blocks_of(const struct unit *unit)
{
	return unit->child->device.multiprocessors * BLOCKS_EACH;
}

static bool fill_memory(struct unit *unit, struct error *err)
{
	struct memory_work work = { .into = unit->memory_at, .count = WORDS, .key = 1 };

	return gpu_child_start(unit->child, "memory_fill", &work, NULL, err) &&
	       gpu_wait(&unit->child->device, NULL, err);
}

static bool take_room(struct unit *unit, struct error *err)
{
	const struct gpu_device *device = &unit->child->device;
	const uint64_t bytes = (uint64_t)blocks_of(unit) * THREADS * sizeof(uint64_t);

	unit->digests = calloc(1, bytes);
	unit->places = calloc(1, bytes);
	if (!unit->digests || !unit->places)
		return fail(err, ERROR_LIMIT, "no memory for %" PRIu64 " bytes of results", bytes);
	return gpu_take(device, bytes, &unit->digests_at, err) &&
	       gpu_take(device, bytes, &unit->places_at, err) &&
	       gpu_take(device, WORDS * sizeof(uint64_t), &unit->memory_at, err) &&
	       gpu_take(device, COPY_BYTES, &unit->copy_at, err) &&
	       gpu_take_host(device, COPY_BYTES, &unit->copy_from, err) &&
	       gpu_stream_make(device, &unit->aside, err) && fill_memory(unit, err);
}

static struct unit *open_unit(struct worker_port *port, const char *gpu, void **state,
			      struct error *err)
{
	struct unit *unit = *state;

	if (unit) {
		unit->child = gpu_child_open(port, gpu, &unit->opened, err);
		return unit;
	}
	unit = calloc(1, sizeof(*unit));
	if (!unit) {
		(void)fail(err, ERROR_LIMIT, "no memory for a child");
		return NULL;
	}
	unit->child = gpu_child_open(port, gpu, &unit->opened, err);
	if (unit->child && unit->child->device.multiprocessors > MULTIPROCESSORS)
		(void)fail(err, ERROR_LIMIT, "%s has %u multiprocessors, %d are the most", gpu,
			   unit->child->device.multiprocessors, MULTIPROCESSORS);
	else if (unit->child &&
		 gpu_kernels_load(&unit->child->device, &kernels_corruption, &unit->kernels, err) &&
		 take_room(unit, err)) {
		unit->kernel_count = unit->child->driver.maker == GPU_AMD
					     ? CORRUPTION_GPU_KERNELS_OF_ALL
					     : CORRUPTION_GPU_KERNELS;
		*state = unit;
		return unit;
	}
	free(unit); /* what the driver holds ends with this process */
	return NULL;
}

/* Ours of a multiprocessor. NVIDIA numbers them from 0 on; AMD tells die, shader engine and compute
 * unit, many of which no GPU has, so that they are numbered as they are first seen. As many as
 * there are multiprocessors when that is impossible. */
static uint64_t number_of(struct unit *unit, uint64_t raw)
{
	const unsigned all = unit->child->device.multiprocessors;
	unsigned at = 0;

	if (unit->child->driver.maker == GPU_NVIDIA)
		return raw;
	while (at < unit->known && unit->raw[at] != raw)
		at++;
	if (at == unit->known && at < all)
		unit->raw[unit->known++] = raw;
	return at;
}

/* Digests of the warps of one multiprocessor become one a lane. All are alike on a GPU that is
 * well, in whatever order blocks came; a warp that differs from the first changes the lane. */
static void gather(struct unit *unit, unsigned kernel, bool is_first_round)
{
	const size_t threads = (size_t)blocks_of(unit) * THREADS;
	uint64_t(*round)[LANES] = calloc(MULTIPROCESSORS, sizeof(*round));
	bool seen[MULTIPROCESSORS] = { false };

	if (!round)
		memory_exhausted(MULTIPROCESSORS * sizeof(*round));
	for (size_t i = 0; i < threads; i++) {
		const uint64_t place = number_of(unit, unit->places[i]);
		uint64_t *lane;

		if (place >= unit->child->device.multiprocessors)
			continue;
		lane = &round[place][i % LANES];
		if (i % LANES == 0 && !seen[place]) {
			memcpy(round[place], &unit->digests[i], sizeof(round[place]));
			seen[place] = true;
		} else if (unit->digests[i] != *lane) {
			*lane = corruption_fold(*lane, unit->digests[i]);
		}
	}
	for (unsigned sm = 0; sm < unit->child->device.multiprocessors; sm++) {
		unit->rounds[kernel][sm] += seen[sm];
		for (unsigned lane = 0; lane < LANES; lane++)
			unit->lanes[kernel][sm][lane] =
				is_first_round ? round[sm][lane]
					       : corruption_fold(unit->lanes[kernel][sm][lane],
								 round[sm][lane]);
	}
	free(round);
}

static bool run_kernel(struct unit *unit, unsigned kernel, uint64_t seed, uint64_t steps,
		       struct error *err)
{
	const struct gpu_device *device = &unit->child->device;
	const uint64_t bytes = (uint64_t)blocks_of(unit) * THREADS * sizeof(uint64_t);
	struct corruption_work_gpu work = {
		.seed = random_join(seed, kernel),
		.steps = steps,
		.digests = unit->digests_at,
		.places = unit->places_at,
		.memory = unit->memory_at,
		.words = WORDS,
	};
	void *arguments[] = { &work };
	char name[40];

	(void)snprintf(name, sizeof(name), "corruption_%s", corruption_gpu_kernels[kernel]);
	for (char *at = name; *at; at++)
		*at = *at == '-' ? '_' : *at;
	return gpu_start(device, &unit->kernels, name, blocks_of(unit), THREADS, arguments, NULL,
			 err) &&
	       gpu_wait(device, NULL, err) &&
	       gpu_to_host(device, unit->digests, unit->digests_at, bytes, err) &&
	       gpu_to_host(device, unit->places, unit->places_at, bytes, err);
}

static bool run_round(struct unit *unit, uint64_t round, uint64_t steps, bool is_first,
		      bool with_copies, struct error *err)
{
	const struct gpu_device *device = &unit->child->device;

	for (unsigned kernel = 0; kernel < unit->kernel_count; kernel++) {
		if (with_copies && !gpu_begin_from_host(device, unit->copy_at, unit->copy_from,
							COPY_BYTES, unit->aside, err))
			return false;
		if (!run_kernel(unit, kernel, round, steps, err))
			return false;
		gather(unit, kernel, is_first);
	}
	return !with_copies || gpu_wait(device, unit->aside, err);
}

/* All units wake at the same moment of the clock: what they draw rises as one step. */
static void wait_for_turn(const struct host *host)
{
	const int64_t period_ns = BURST_PERIOD_MS * NS_PER_MS;

	worker_wait(NULL, 0, period_ns - host_boot_ns(host) % period_ns);
}

static void say_ran(struct unit *unit, struct worker_port *port, uint64_t rounds)
{
	uint64_t all = 0;

	for (unsigned kernel = 0; kernel < unit->kernel_count; kernel++) {
		for (unsigned sm = 0; sm < unit->child->device.multiprocessors; sm++) {
			if (unit->rounds[kernel][sm] == rounds &&
			    memcmp(unit->lanes[kernel][sm], unit->lanes[kernel][0],
				   sizeof(unit->lanes[kernel][0])) == 0)
				continue;
			worker_answers(port, "mixed");
			return;
		}
		for (unsigned lane = 0; lane < LANES; lane++)
			all = corruption_fold(all, unit->lanes[kernel][0][lane]);
	}
	worker_answers(port, "ran %" PRIu64, all);
}

static bool run(struct unit *unit, struct worker_port *port, const struct host *host,
		const uint64_t numbers[static 4], struct error *err)
{
	memset(unit->rounds, 0, sizeof(unit->rounds));
	for (uint64_t i = 0; i < numbers[1]; i++) {
		if (numbers[3] == CORRUPTION_BURSTS)
			wait_for_turn(host);
		if (!run_round(unit, numbers[0] + i, numbers[2], i == 0,
			       numbers[3] == CORRUPTION_COPIES, err))
			return false;
	}
	say_ran(unit, port, numbers[1]);
	return true;
}

static void tell_one(const struct unit *unit, struct worker_port *port, unsigned kernel,
		     unsigned sm)
{
	char line[WORKER_LINE_MAXIMUM];
	size_t length = 0;

	for (unsigned lane = 0; lane < LANES && length + 24 < sizeof(line); lane++)
		length += (size_t)snprintf(line + length, sizeof(line) - length, " %" PRIu64,
					   unit->lanes[kernel][sm][lane]);
	worker_answers(port, "%s %u%s", corruption_gpu_kernels[kernel], sm, line);
}

static void tell(const struct unit *unit, struct worker_port *port)
{
	for (unsigned kernel = 0; kernel < unit->kernel_count; kernel++) {
		uint64_t most = 0;

		for (unsigned sm = 0; sm < unit->child->device.multiprocessors; sm++)
			if (unit->rounds[kernel][sm] > most)
				most = unit->rounds[kernel][sm];
		for (unsigned sm = 0; sm < unit->child->device.multiprocessors; sm++)
			if (unit->rounds[kernel][sm] == most && most > 0)
				tell_one(unit, port, kernel, sm);
	}
}

static bool take_time(struct unit *unit, struct worker_port *port, const struct host *host,
		      uint64_t steps, struct error *err)
{
	int64_t start_ns;

	/* What is done for the first time takes longer. */
	if (!run_round(unit, 0, 1, true, false, err))
		return false;
	start_ns = host_boot_ns(host);
	if (!run_round(unit, 0, steps, true, false, err))
		return false;
	worker_answers(port, "took %" PRId64, host_boot_ns(host) - start_ns);
	return true;
}

static bool read_numbers(struct span text, uint64_t *ret_numbers, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		struct span word = text;

		if ((i + 1 < count && !span_cut(&text, ' ', &word)) ||
		    !span_to_u64(i + 1 < count ? word : text, &ret_numbers[i]))
			return false;
	}
	return true;
}

static bool serve(struct unit *unit, struct worker_port *port, const struct host *host,
		  struct span words, struct error *err)
{
	const struct gpu_device *device = &unit->child->device;
	uint64_t numbers[4];
	struct span verb;

	if (span_is(words, "name"))
		worker_answers(port, "name %u %s", device->multiprocessors, device->name);
	else if (span_is(words, "tell"))
		tell(unit, port);
	else if (!span_cut(&words, ' ', &verb))
		return fail(err, ERROR_INVALID, "no such request");
	else if (span_is(verb, "time") && read_numbers(words, numbers, 1))
		return take_time(unit, port, host, numbers[0], err);
	else if (span_is(verb, "run") && read_numbers(words, numbers, 4))
		return run(unit, port, host, numbers, err);
	return true;
}

void corruption_gpu_answer(struct worker_port *port, const char *request, void **state,
			   const void *context)
{
	char words[GPU_REQUEST_SIZE], gpu[VENDOR_NAME_SIZE];
	struct error err = { .text = "no such request" };
	struct unit *unit = NULL;

	if (gpu_request_read(request, words, gpu))
		unit = open_unit(port, gpu, state, &err);
	if (!unit || !serve(unit, port, context, span_of(words), &err))
		worker_answers(port, "refused %s", err.text);
}

bool corruption_read_word(const struct worker_result *result, const char *word,
			  struct span *ret_rest)
{
	struct span line, verb;

	if (result->end != WORKER_DONE || result->answer_count != 1)
		return false;
	line = result->answers[0];
	if (!span_cut(&line, ' ', &verb) || !span_is(verb, word))
		return false;
	*ret_rest = line;
	return true;
}

bool corruption_read_line(struct span text, struct corruption_gpu_line *ret_line)
{
	uint64_t numbers[1 + LANES];
	struct span name;
	unsigned kernel = 0;

	if (!span_cut(&text, ' ', &name) || !read_numbers(text, numbers, 1 + LANES) ||
	    numbers[0] >= MULTIPROCESSORS)
		return false;
	while (kernel < CORRUPTION_GPU_KERNELS && !span_is(name, corruption_gpu_kernels[kernel]))
		kernel++;
	if (kernel == CORRUPTION_GPU_KERNELS)
		return false;
	ret_line->kernel = kernel;
	ret_line->multiprocessor = (unsigned)numbers[0];
	memcpy(ret_line->lanes, &numbers[1], sizeof(ret_line->lanes));
	return true;
}
