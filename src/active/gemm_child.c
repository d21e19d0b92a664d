#include "active/gemm_child.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "active/gemm_bench.h"
#include "active/gemm_walk.h"
#include "active/gpu_crew.h"
#include "base/repeats.h"
#include "host/system.h"

enum {
	DEVICE_SIZE = VENDOR_NAME_SIZE + GEMM_NAME_SIZE,
	ALGORITHMS = 8,
	ALGORITHMS_OF_A_WALK = 3,
	TIMES_MAXIMUM = 2000,
	WARM_MAXIMUM = 30, /* batches */
};

/* Width of the interval of the median that is narrow enough, as a share of it. */
static const double width_wanted = 0.005;

/* Products that are queued at once take so long. */
static const double batch_s = 0.02;
static const double walk_batch_s = 0.008;

/* The clocks have settled once two batches differ by less. */
static const double settled = 0.005;
static const double warm_least_s = 0.1;

struct child {
	void *gpu; /* struct gpu_child */
	struct gemm_bench bench;
	struct worker_port *port;
	const struct gemm_cases *cases;
	const char *name; /* of the GPU */
};

enum measure gemm_case_measure(enum gemm_case_kind kind)
{
	switch (kind) {
	case GEMM_CASE_EXACT:
		return NODE_TEST_GEMM_EXACT;
	case GEMM_CASE_FIXED:
		return NODE_TEST_GEMM;
	case GEMM_CASE_GROUPED:
		return NODE_TEST_GEMM_GROUPED;
	case GEMM_CASE_VECTOR:
		return NODE_TEST_GEMM_VECTOR;
	case GEMM_CASE_SEARCH:
		return NODE_TEST_GEMM_BEST;
	}
	return NODE_TEST_GEMM;
}

static void name_device(const struct child *child, const struct gemm_job *job,
			char ret_device[static DEVICE_SIZE])
{
	char name[GEMM_NAME_SIZE];

	gemm_name(job->product.type, &job->product.shape, job->product.batch, name);
	(void)snprintf(ret_device, DEVICE_SIZE, "%s/%s", child->name, name);
}

static unsigned times_of(double seconds, double product_s)
{
	double times = seconds / product_s;

	if (!(times > 1))
		return 1;
	return times < TIMES_MAXIMUM ? (unsigned)times : TIMES_MAXIMUM;
}

/* Until the clocks no longer change from one batch to the next. */
static bool warm_up(struct child *child, struct gemm_job *job, struct error *err)
{
	double before = 0, spent = 0;

	for (unsigned i = 0; i < WARM_MAXIMUM; i++) {
		unsigned times = times_of(batch_s, job->product_s);
		double one;

		if (!gemm_job_time(&child->bench, job, times, &one, err))
			return false;
		spent += one * times;
		if (spent >= warm_least_s && before > 0 && one > before * (1 - settled) &&
		    one < before * (1 + settled))
			return true;
		before = one;
	}
	return true;
}

struct measured {
	struct repeats products_per_s;
	unsigned differing;
};

/* Repeats until the interval is narrow; the bits of each have to be those of the first. */
static bool repeat(struct child *child, struct gemm_job *job, const struct gemm_case *one,
		   struct measured *measured, struct error *err)
{
	uint64_t first = 0;
	double spent = 0;

	do {
		unsigned times = times_of(batch_s, job->product_s);
		uint64_t digest;
		double product_s;

		if (!gemm_job_time(&child->bench, job, times, &product_s, err) ||
		    !gemm_job_digest(&child->bench, job, &digest, err))
			return false;
		if (measured->products_per_s.count == 0)
			first = digest;
		measured->differing += digest != first;
		repeats_add(&measured->products_per_s, 1 / product_s);
		spent += product_s * times;
	} while ((spent < one->least_s ||
		  !repeats_are_enough(&measured->products_per_s, width_wanted)) &&
		 (spent < one->limit_s || measured->products_per_s.count < REPEATS_LEAST) &&
		 measured->products_per_s.count < REPEATS_MAXIMUM);
	return true;
}

/* What a product counts as: operations, or of a vector the bytes of the matrix. */
static double amount_of(const struct gemm_case *one, const struct gemm_job *job)
{
	const struct gemm_shape *shape = &job->product.shape;

	if (one->kind == GEMM_CASE_VECTOR)
		return (double)shape->n * (double)shape->k * gemm_element_bytes(job->product.type);
	return gemm_operations(shape) * job->product.batch;
}

static void say(const struct child *child, const struct gemm_case *one, const struct gemm_job *job,
		const struct measured *measured)
{
	struct repeats_summary summary = repeats_summary(&measured->products_per_s);
	char device[DEVICE_SIZE];

	name_device(child, job, device);
	say_value(child->port, device, gemm_case_measure(one->kind),
		  summary.median * amount_of(one, job));
	say_value(child->port, device, NODE_TEST_GPU_SPREAD, summary.spread * 100);
	say_value(child->port, device, NODE_TEST_GEMM_REPEATS, summary.count);
	say_value(child->port, device, NODE_TEST_GEMM_DIFFERING, measured->differing);
}

static bool measure(struct child *child, struct gemm_job *job, const struct gemm_case *one,
		    struct error *err)
{
	struct measured measured = { .differing = 0 };

	if (!warm_up(child, job, err) || !repeat(child, job, one, &measured, err))
		return false;
	say(child, one, job, &measured);
	return true;
}

/* The shape that the memory holds, of a batch as many as it holds. */
static bool fit(const struct child *child, struct gemm_wanted *wanted, struct error *err)
{
	uint64_t left;

	if (!gpu_memory_left(child->bench.device, &left, err))
		return false;
	left = left / 4 * 3;
	while (wanted->batch > 1 && gemm_bytes(wanted->type, &wanted->shape) * wanted->batch > left)
		wanted->batch /= 2;
	if (gemm_fit(wanted->type, &wanted->shape, left))
		return true;
	return fail(err, ERROR_LIMIT, "%s: %llu MiB of its memory are free", child->name,
		    (unsigned long long)(left >> 20));
}

static bool run_fixed(struct child *child, const struct gemm_case *one, struct error *err)
{
	struct gemm_wanted wanted = { one->type, one->shape, one->batch };
	struct gemm_job job;
	bool good;

	if (!fit(child, &wanted, err) ||
	    !gemm_job_make(&child->bench, &wanted, ALGORITHMS, &job, err))
		return false;
	good = measure(child, &job, one, err);
	gemm_job_drop(&child->bench, &job);
	return good;
}

/* How fast one shape of the walk is; 0 when it does not fit or is not done. */
static bool try_shape(struct child *child, const struct gemm_case *one,
		      const struct gemm_shape *shape, double *ret_value, struct error *err)
{
	const struct gemm_wanted wanted = { one->type, *shape, 1 };
	struct gemm_job job;
	struct error refused;
	double product_s;
	bool good;

	*ret_value = 0;
	if (!gemm_job_make(&child->bench, &wanted, ALGORITHMS_OF_A_WALK, &job, &refused)) {
		if (refused.code == ERROR_UNSUPPORTED || refused.code == ERROR_LIMIT)
			return true;
		return fail(err, refused.code, "%s", refused.text);
	}
	good = gemm_job_time(&child->bench, &job, times_of(walk_batch_s, job.product_s), &product_s,
			     err);
	if (good)
		*ret_value = gemm_operations(shape) / product_s;
	gemm_job_drop(&child->bench, &job);
	return good;
}

static bool run_search(struct child *child, const struct gemm_case *one, struct error *err)
{
	int64_t end_ns = host_boot_ns(child->cases->host) + (int64_t)(one->limit_s * 1e9);
	struct gemm_walk walk;
	struct gemm_shape shape;
	struct gemm_case best = *one;

	gemm_walk_begin(&walk);
	while (host_boot_ns(child->cases->host) < end_ns && gemm_walk_next(&walk, &shape)) {
		double value;

		if (!try_shape(child, one, &shape, &value, err))
			return false;
		gemm_walk_tell(&walk, value);
	}
	if (walk.best_value <= 0)
		return fail(err, ERROR_LIMIT, "none of %u shapes could be multiplied", walk.tried);
	best.shape = walk.best;
	best.limit_s = one->least_s * 2;
	return run_fixed(child, &best, err);
}

static bool run_exact(struct child *child, const struct gemm_case *one, struct error *err)
{
	SCOPED_ARENA(arena);
	struct gemm_exact exact;
	char device[DEVICE_SIZE];

	if (!gemm_bench_exact(&child->bench, one->type, &arena, &exact, err))
		return false;
	(void)snprintf(device, sizeof(device), "%s/%s", child->name, gemm_type_names[one->type]);
	say_value(child->port, device, NODE_TEST_GEMM_EXACT, (double)exact.wrong);
	if (exact.wrong > 0)
		say_text(child->port, device, NODE_TEST_GEMM_FAULT,
			 "row %llu, column %llu: %g instead of %g", (unsigned long long)exact.row,
			 (unsigned long long)exact.column, exact.is, exact.should);
	return true;
}

static bool run_kind(struct child *child, const struct gemm_case *one, struct error *err)
{
	switch (one->kind) {
	case GEMM_CASE_EXACT:
		return run_exact(child, one, err);
	case GEMM_CASE_FIXED:
	case GEMM_CASE_GROUPED:
	case GEMM_CASE_VECTOR:
		return run_fixed(child, one, err);
	case GEMM_CASE_SEARCH:
		return run_search(child, one, err);
	}
	return false;
}

/* A format that the GPU does not have is no gap in what was measured: it is told as such. */
static void run_case(struct child *child, const struct gemm_case *one)
{
	bool is_there = gemm_is_served(one->type, child->bench.device->capability);
	char name[GEMM_NAME_SIZE];
	char device[DEVICE_SIZE];
	struct error err;

	(void)snprintf(device, sizeof(device), "%s/%s", child->name, gemm_type_names[one->type]);
	say_state(child->port, device, NODE_TEST_GEMM_FORMAT, is_there ? "present" : "absent");
	if (!is_there || run_kind(child, one, &err))
		return;
	if (one->kind != GEMM_CASE_EXACT && one->kind != GEMM_CASE_SEARCH) {
		gemm_name(one->type, &one->shape, one->batch, name);
		(void)snprintf(device, sizeof(device), "%s/%s", child->name, name);
	}
	say_unknown(child->port, device, gemm_case_measure(one->kind), "%s", err.text);
}

static struct child *open_child(struct worker_port *port, const char *gpu, void **state,
				const struct gemm_cases *cases, struct error *err)
{
	struct child *child = *state;
	struct gpu_child *opened;

	if (!child) {
		child = calloc(1, sizeof(*child));
		if (!child) {
			(void)fail(err, ERROR_LIMIT, "no memory for a child");
			return NULL;
		}
		*state = child;
	}
	child->port = port;
	child->cases = cases;
	child->name = gpu;
	opened = gpu_child_open(port, gpu, &child->gpu, err);
	if (!opened ||
	    (!child->bench.stream && !gemm_bench_open(&opened->device, &child->bench, err)))
		return NULL;
	return child;
}

static void say_version(const struct child *child)
{
	const struct cublaslt *library = &child->bench.library;
	unsigned minor =
		library->major >= 12 ? library->version / 100 % 100 : library->version / 100 % 10;

	say_text(child->port, child->name, NODE_TEST_GEMM_LIBRARY, "cublasLt %u.%u.%u",
		 library->major, minor, library->version % 100);
}

void gemm_child(struct worker_port *port, const char *request, void **state, const void *context)
{
	const struct gemm_cases *cases = context;
	char words[GPU_REQUEST_SIZE];
	char gpu[VENDOR_NAME_SIZE];
	struct span number;
	uint64_t which;
	struct child *child;
	struct error err;

	if (!gpu_request_read(request, words, gpu))
		return;
	number = span_of(words);
	child = open_child(port, gpu, state, cases, &err);
	if (!child) {
		say_unknown(port, gpu, NODE_TEST_GEMM, "%s", err.text);
		return;
	}
	if (span_is(number, "open"))
		say_version(child);
	else if (span_to_u64(number, &which) && which < cases->count)
		run_case(child, &cases->cases[which]);
}
