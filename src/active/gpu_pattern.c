#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "active/gpu_crew.h"
#include "active/gpu_ecc.h"
#include "active/kernels/memory.h"
#include "base/repeats.h"

#define NS_PER_S 1000000000ll

enum {
	CHUNKS_MAXIMUM = 1024,
	FAULTS_SAID = 8, /* of one GPU */
};

#define CHUNK (UINT64_C(1) << 30)
#define SPARE (UINT64_C(512) << 20) /* left for the driver */

/* Memory that is this much slower than the rest does not lie on the board: it is reached over PCIe,
 * a tenth of the slowest memory of a data centre GPU. */
static const double slow_share = 0.25;

struct chunk {
	uint64_t at, bytes;
	double bytes_per_s; /* when it was written first */
	double errors;
	bool is_elsewhere; /* it holds what was written to another place */
};

/* Most of the memory of one GPU. */
struct field {
	struct gpu_child *child;
	struct chunk *chunks;
	size_t count;
	uint64_t result, bytes;
	struct gpu_timer timer;
	unsigned said;
};

struct pass {
	const char *name;
	uint64_t key;
	enum memory_pattern pattern;
	bool only_long; /* not in the quick profile */
	bool turns;     /* moving inversions: each word is inverted as it is read, and back */
};

/* The address pattern stands first: it is what shows memory that is not there. */
static const struct pass passes[] = {
	{ "address", 0, MEMORY_ADDRESS, false, false },
	{ "random", 0xc0ac29b7c97c50ddu, MEMORY_RANDOM, false, false },
	{ "walking-one", 0, MEMORY_WALKING_ONE, true, false },
	{ "walking-zero", 0, MEMORY_WALKING_ZERO, true, false },
	{ "inversions", 0x5555555555555555u, MEMORY_CONSTANT, true, true },
	{ "inversions-random", 0x3f84d5b5b5470917u, MEMORY_RANDOM, true, true },
};

enum {
	PASSES = sizeof(passes) / sizeof(passes[0]),
};

static bool take_memory(struct field *field, struct error *err)
{
	const struct gpu_device *device = &field->child->device;
	uint64_t left = 0;

	if (!gpu_take(device, sizeof(struct memory_faults), &field->result, err) ||
	    !gpu_timer_make(device, &field->timer, err) || !gpu_memory_left(device, &left, err))
		return false;
	while (left > SPARE && field->count < CHUNKS_MAXIMUM) {
		struct chunk *chunk = &field->chunks[field->count];
		uint64_t bytes = left - SPARE < CHUNK ? (left - SPARE) >> 21 << 21 : CHUNK;
		struct error full;

		/* The driver may not have all of it in pieces of this size. */
		if (bytes == 0 || !gpu_take(device, bytes, &chunk->at, &full))
			break;
		chunk->bytes = bytes;
		field->bytes += bytes;
		field->count++;
		if (!gpu_memory_left(device, &left, err))
			return false;
	}
	if (field->count == 0)
		return fail(err, ERROR_LIMIT,
			    "%s: %llu MiB of its memory are free, too few to test", device->gpu,
			    (unsigned long long)(left >> 20));
	return true;
}

static void give_memory(struct field *field)
{
	const struct gpu_device *device = &field->child->device;

	for (size_t i = 0; i < field->count; i++)
		gpu_give(device, field->chunks[i].at);
	gpu_give(device, field->result);
	gpu_timer_drop(device, &field->timer);
}

static struct memory_pattern_work work_on(const struct field *field, const struct chunk *chunk,
					  const struct pass *pass, bool inverted)
{
	return (struct memory_pattern_work){
		.work = { .into = chunk->at,
			  .count = chunk->bytes / sizeof(uint64_t),
			  .key = pass->key,
			  .first = chunk->at / sizeof(uint64_t),
			  .result = field->result },
		.pattern = pass->pattern,
		.invert = inverted ? UINT64_MAX : 0,
	};
}

static bool write_all(struct field *field, const struct pass *pass, struct error *err)
{
	const struct gpu_device *device = &field->child->device;

	for (size_t i = 0; i < field->count; i++) {
		struct chunk *chunk = &field->chunks[i];
		struct memory_pattern_work work = work_on(field, chunk, pass, false);
		double seconds;

		if (chunk->is_elsewhere)
			continue;
		if (!gpu_timer_start(device, &field->timer, NULL, err) ||
		    !gpu_child_start(field->child, "memory_pattern_write", &work, NULL, err) ||
		    !gpu_timer_end(device, &field->timer, NULL, &seconds, err))
			return false;
		if (chunk->bytes_per_s <= 0 && seconds > 0)
			chunk->bytes_per_s = (double)chunk->bytes / seconds;
	}
	return true;
}

static const struct chunk *chunk_at(const struct field *field, uint64_t address)
{
	for (size_t i = 0; i < field->count; i++)
		if (address >= field->chunks[i].at &&
		    address - field->chunks[i].at < field->chunks[i].bytes)
			return &field->chunks[i];
	return NULL;
}

/* A word that holds the address of another chunk was not flipped: the other chunk is the same
 * memory. */
static void look_at(struct field *field, struct chunk *chunk, const struct pass *pass,
		    const struct memory_faults *faults)
{
	uint64_t kept = faults->kept < MEMORY_FAULTS_KEPT ? faults->kept : MEMORY_FAULTS_KEPT;
	uint64_t elsewhere = 0;

	for (uint64_t i = 0; pass->pattern == MEMORY_ADDRESS && i < kept; i++) {
		const struct chunk *other = chunk_at(field, faults->list[i].found);

		elsewhere += other && other != chunk;
	}
	if (kept > 0 && elsewhere == kept) {
		chunk->is_elsewhere = true;
		return;
	}
	chunk->errors += (double)faults->count;
	for (uint64_t i = 0; i < kept && field->said < FAULTS_SAID; i++, field->said++)
		say_text(
			field->child->port, field->child->device.gpu, NODE_TEST_GPU_PATTERN_FAULT,
			"%s: word at 0x%llx (%llu MiB into what was tested): %016llx written, "
			"%016llx read, bits %016llx",
			pass->name, (unsigned long long)faults->list[i].address,
			(unsigned long long)((faults->list[i].address - field->chunks[0].at) >> 20),
			(unsigned long long)faults->list[i].expected,
			(unsigned long long)faults->list[i].found,
			(unsigned long long)(faults->list[i].expected ^ faults->list[i].found));
}

static bool verify(struct field *field, struct chunk *chunk, const struct pass *pass,
		   const char *kernel, bool inverted, struct error *err)
{
	const struct gpu_device *device = &field->child->device;
	struct memory_pattern_work work = work_on(field, chunk, pass, inverted);
	struct memory_faults faults = { .lowest = UINT64_MAX };

	if (chunk->is_elsewhere)
		return true;
	if (!gpu_from_host(device, field->result, &faults, sizeof(faults), err) ||
	    !gpu_child_start(field->child, kernel, &work, NULL, err) ||
	    !gpu_wait(device, NULL, err) ||
	    !gpu_to_host(device, &faults, field->result, sizeof(faults), err))
		return false;
	if (faults.count > 0)
		look_at(field, chunk, pass, &faults);
	return true;
}

/* All of the memory is written before any of it is read. */
static bool run_pass(struct field *field, const struct pass *pass, double *ret_errors,
		     struct error *err)
{
	double before = 0;
	double after = 0;

	for (size_t i = 0; i < field->count; i++)
		before += field->chunks[i].errors;
	if (!write_all(field, pass, err))
		return false;
	for (unsigned turn = 0; pass->turns && turn < 2; turn++)
		for (size_t i = 0; i < field->count; i++)
			if (!verify(field, &field->chunks[i], pass, "memory_pattern_turn", turn > 0,
				    err))
				return false;
	for (size_t i = 0; i < field->count; i++)
		if (!verify(field, &field->chunks[i], pass, "memory_pattern_verify", false, err))
			return false;
	for (size_t i = 0; i < field->count; i++)
		after += field->chunks[i].errors;
	*ret_errors = after - before;
	return true;
}

static double resident_bytes(const struct field *field)
{
	struct repeats speeds = { .count = 0 };
	double bytes = 0;

	for (size_t i = 0; i < field->count; i++)
		repeats_add(&speeds, field->chunks[i].bytes_per_s);
	/* The fastest ones are memory of the board for sure, the middle may no longer be. */
	double fast = repeats_summary(&speeds).maximum;

	for (size_t i = 0; i < field->count; i++)
		if (!field->chunks[i].is_elsewhere &&
		    field->chunks[i].bytes_per_s >= slow_share * fast)
			bytes += (double)field->chunks[i].bytes;
	return bytes;
}

static bool run_passes(struct field *field, bool is_quick, struct error *err)
{
	struct gpu_child *child = field->child;
	const char *gpu = child->device.gpu;
	char device[80];

	say_value(child->port, gpu, NODE_TEST_GPU_MEMORY_NAMED, (double)child->device.memory_bytes);
	for (unsigned i = 0; i < PASSES; i++) {
		double errors = 0;

		if (is_quick && passes[i].only_long)
			continue;
		if (!run_pass(field, &passes[i], &errors, err))
			return false;
		if (i == 0) {
			say_value(child->port, gpu, NODE_TEST_GPU_PATTERN_TESTED,
				  (double)field->bytes);
			say_value(child->port, gpu, NODE_TEST_GPU_MEMORY_RESIDENT,
				  resident_bytes(field));
		}
		(void)snprintf(device, sizeof(device), "%s/%s", gpu, passes[i].name);
		say_value(child->port, device, NODE_TEST_GPU_PATTERN_ERRORS, errors);
	}
	return true;
}

/* "quick gpu:0000:19:00.0" or "long gpu:…". */
static void work(struct worker_port *port, const char *request, void **state, const void *context)
{
	struct field field = { .count = 0 };
	struct error err = { 0 };
	char words[GPU_REQUEST_SIZE];
	char gpu[VENDOR_NAME_SIZE];

	(void)context;
	if (!gpu_request_read(request, words, gpu))
		return;
	field.chunks = calloc(CHUNKS_MAXIMUM, sizeof(*field.chunks));
	if (!field.chunks)
		return;
	field.child = gpu_child_open(port, gpu, state, &err);
	bool good = field.child && take_memory(&field, &err) &&
		    run_passes(&field, strcmp(words, "quick") == 0, &err);

	if (field.child)
		give_memory(&field);
	free(field.chunks);
	if (!good)
		say_unknown(port, gpu, NODE_TEST_GPU_PATTERN_ERRORS, "%s", err.text);
}

static void plan(const struct active_request *request, struct arena *arena,
		 struct active_step *step)
{
	gpu_plan(request, arena, step, "patterns in nearly all of the free memory",
		 request->profile == ACTIVE_QUICK ? 6 * NS_PER_S : 30 * NS_PER_S);
}

static void run(struct active_run *run)
{
	const bool is_quick = run->request->profile == ACTIVE_QUICK;
	struct gpu_crew crew;
	struct gpu_ecc before;
	struct gpu_ecc after;

	gpu_crew_make(run, work, NULL, &crew);
	active_shows(run, -1, "counters of memory errors");
	gpu_ecc_look(run, &before);
	active_shows(run, -1, "patterns in the memory of all GPUs");
	if (active_goes_on(run))
		gpu_crew_ask(&crew, is_quick ? "quick" : "long", NODE_TEST_GPU_PATTERN_ERRORS);
	gpu_crew_end(&crew);
	gpu_ecc_look(run, &after);
	gpu_ecc_say(run, &before, &after, crew.gpus, crew.count);
}

static const char *const judged_by[] = { "gpu-memory-pattern", NULL };

const struct active_test active_gpu_pattern = {
	.name = "gpu-pattern",
	.group = "gpu",
	.title = "patterns in the memory of each GPU, and is all of it there",
	.profiles = 1u << ACTIVE_QUICK | 1u << ACTIVE_WEEKLY | 1u << ACTIVE_BURN_IN,
	.consent = CONSENT_LOAD,
	.checks = judged_by,
	.plan = plan,
	.run = run,
};
