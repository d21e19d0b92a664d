#include "active/gemm_bench.h"

#include <string.h>

#include "active/kernels/gemm.h"
#include "active/kernels/memory.h"

enum {
	THREADS = 256,
	BLOCKS_EACH = 8, /* a multiprocessor */
	WORD = 8,
	EXACT_M = 128,
	EXACT_N = 128,
	SEED_EXACT = 1000,
};

static unsigned blocks_of(const struct gemm_bench *bench)
{
	return bench->device->multiprocessors * BLOCKS_EACH;
}

static bool start(const struct gemm_bench *bench, const struct gpu_kernels *kernels,
		  const char *name, void *work, struct error *err)
{
	return gpu_start(bench->device, kernels, name, blocks_of(bench), THREADS, &work,
			 bench->stream, err);
}

bool gemm_bench_open(const struct gpu_device *device, struct gemm_bench *ret_bench,
		     struct error *err)
{
	struct gemm_bench bench = { .device = device };

	if (device->driver->maker == GPU_AMD)
		return fail(err, ERROR_UNSUPPORTED,
			    "%s: matrix products of AMD's GPUs need hipBLASLt, which is not called",
			    device->gpu);
	if (cublaslt_open(device, &bench.library, err) &&
	    gpu_kernels_load(device, &kernels_gemm, &bench.filling, err) &&
	    gpu_kernels_load(device, &kernels_memory, &bench.digesting, err) &&
	    gpu_stream_make(device, &bench.stream, err) &&
	    gpu_timer_make(device, &bench.timer, err) && gpu_take(device, WORD, &bench.word, err)) {
		*ret_bench = bench;
		return true;
	}
	gemm_bench_close(&bench);
	return false;
}

void gemm_bench_close(struct gemm_bench *bench)
{
	gpu_give(bench->device, bench->word);
	if (bench->timer.start)
		gpu_timer_drop(bench->device, &bench->timer);
	if (bench->stream)
		gpu_stream_drop(bench->device, bench->stream);
	gpu_kernels_drop(bench->device, &bench->digesting);
	gpu_kernels_drop(bench->device, &bench->filling);
	cublaslt_close(&bench->library);
	*bench = (struct gemm_bench){ .device = bench->device };
}

bool gemm_bench_fill(const struct gemm_bench *bench, struct gemm_input input, uint64_t address,
		     uint64_t bytes, struct error *err)
{
	const struct gemm_coding coding = gemm_coding(input.type);
	struct gemm_fill_work work = {
		.into = address,
		.count = bytes / WORD,
		.key = gemm_fill_key(input.seed),
		.element_bytes = coding.bytes,
		.exponent_bits = coding.exponent_bits,
		.fraction_bits = coding.fraction_bits,
		.shift = coding.shift,
		.whole = input.fill == GEMM_FILL_WHOLE,
	};

	return start(bench, &bench->filling, "gemm_fill", &work, err);
}

/* What was counted in words of the device is read once the stream is empty. */
static bool read_back(const struct gemm_bench *bench, void *into, uint64_t address, uint64_t bytes,
		      struct error *err)
{
	return gpu_wait(bench->device, bench->stream, err) &&
	       gpu_to_host(bench->device, into, address, bytes, err);
}

bool gemm_bench_digest(const struct gemm_bench *bench, uint64_t address, uint64_t bytes,
		       uint64_t *ret_digest, struct error *err)
{
	static const uint64_t none = 0;
	struct memory_work work = {
		.from = address,
		.count = bytes / WORD,
		.result = bench->word,
	};

	return gpu_from_host(bench->device, bench->word, &none, WORD, err) &&
	       start(bench, &bench->digesting, "memory_digest", &work, err) &&
	       read_back(bench, ret_digest, bench->word, WORD, err);
}

static uint64_t whole_words(uint64_t bytes)
{
	return (bytes + WORD - 1) / WORD * WORD;
}

static bool prepare(const struct gemm_bench *bench, const struct gemm_job *job,
		    struct gemm_input input, struct error *err)
{
	const struct gemm_product *product = &job->product;
	const struct gemm_input other = { input.type, input.fill, input.seed + 1 };
	const struct gemm_input before = { GEMM_FP64, GEMM_FILL_NORMAL, input.seed };
	uint64_t each = (uint64_t)product->batch * gemm_element_bytes(product->type);
	uint64_t a_bytes = whole_words(product->shape.m * product->shape.k * each);
	uint64_t b_bytes = whole_words(product->shape.n * product->shape.k * each);

	/* D begins as something that no product is, so that one that was not made is seen. */
	return gemm_bench_fill(bench, input, job->place.a, a_bytes, err) &&
	       gemm_bench_fill(bench, other, job->place.b, b_bytes, err) &&
	       gemm_bench_fill(bench, before, job->place.d, job->output_bytes, err) &&
	       gpu_wait(bench->device, bench->stream, err);
}

static bool take_place(const struct gemm_bench *bench, struct gemm_job *job, struct error *err)
{
	const struct gemm_product *product = &job->product;
	const struct gemm_shape *shape = &product->shape;
	uint64_t batch = product->batch;
	uint64_t input = gemm_element_bytes(product->type);

	job->output_bytes = whole_words(shape->m * shape->n * batch *
					gemm_element_bytes(gemm_output_type(product->type)));
	return gpu_take(bench->device, whole_words(shape->m * shape->k * batch * input),
			&job->place.a, err) &&
	       gpu_take(bench->device, whole_words(shape->n * shape->k * batch * input),
			&job->place.b, err) &&
	       gpu_take(bench->device, job->output_bytes, &job->place.d, err);
}

static bool make(const struct gemm_bench *bench, struct gemm_input input, unsigned algorithms,
		 struct gemm_job *job, struct error *err)
{
	if (!take_place(bench, job, err) || !prepare(bench, job, input, err))
		return false;
	if (algorithms > 1)
		return gemm_product_choose(&bench->library, &job->product, &job->place, algorithms,
					   &job->product_s, err);
	return gemm_job_time(bench, job, 1, &job->product_s, err);
}

static bool make_job(const struct gemm_bench *bench, const struct gemm_wanted *wanted,
		     struct gemm_input input, unsigned algorithms, struct gemm_job *ret_job,
		     struct error *err)
{
	struct gemm_job job = { .place = { .stream = bench->stream, .timer = bench->timer } };

	if (!gemm_product_make(&bench->library, wanted->type, &wanted->shape, wanted->batch,
			       &job.product, err))
		return false;
	if (!make(bench, input, algorithms, &job, err)) {
		gemm_job_drop(bench, &job);
		return false;
	}
	*ret_job = job;
	return true;
}

bool gemm_job_make(const struct gemm_bench *bench, const struct gemm_wanted *wanted,
		   unsigned algorithms, struct gemm_job *ret_job, struct error *err)
{
	const struct gemm_input input = { wanted->type, GEMM_FILL_NORMAL, GEMM_JOB_SEED };

	return make_job(bench, wanted, input, algorithms, ret_job, err);
}

void gemm_job_drop(const struct gemm_bench *bench, struct gemm_job *job)
{
	gpu_give(bench->device, job->place.a);
	gpu_give(bench->device, job->place.b);
	gpu_give(bench->device, job->place.d);
	gemm_product_drop(&bench->library, &job->product);
	job->place.a = job->place.b = job->place.d = 0;
}

bool gemm_job_time(const struct gemm_bench *bench, struct gemm_job *job, unsigned times,
		   double *ret_seconds, struct error *err)
{
	if (!gemm_product_time(&bench->library, &job->product, &job->place, times, &job->product_s,
			       err))
		return false;
	*ret_seconds = job->product_s;
	return true;
}

bool gemm_job_digest(const struct gemm_bench *bench, const struct gemm_job *job,
		     uint64_t *ret_digest, struct error *err)
{
	return gemm_bench_digest(bench, job->place.d, job->output_bytes, ret_digest, err);
}

/* Rows and columns, numbers and squares behind each other, and one word for what is wild. */
static struct gemm_sum_work sum_work(const struct gemm_job *job, uint64_t at)
{
	const struct gemm_shape *shape = &job->product.shape;
	enum gemm_type output = gemm_output_type(job->product.type);

	return (struct gemm_sum_work){
		.from = job->place.d,
		.rows = shape->m,
		.columns = shape->n,
		.element_bytes = gemm_element_bytes(output),
		.is_half = output == GEMM_FP16,
		.row_sums = at,
		.row_squares = at + WORD * shape->m,
		.column_sums = at + WORD * 2 * shape->m,
		.column_squares = at + WORD * (2 * shape->m + shape->n),
		.wild = at + WORD * 2 * (shape->m + shape->n),
	};
}

static double *scaled(struct arena *arena, const uint64_t *words, uint64_t count, bool is_signed,
		      unsigned bits)
{
	double *numbers = ARENA_ARRAY(arena, double, count);

	for (uint64_t i = 0; i < count; i++)
		numbers[i] = (is_signed ? (double)(int64_t)words[i] : (double)words[i]) /
			     (double)(1ull << bits);
	return numbers;
}

static bool sum(const struct gemm_bench *bench, const struct gemm_job *job, uint64_t at,
		uint64_t *words, uint64_t bytes, struct error *err)
{
	struct gemm_sum_work work = sum_work(job, at);

	/* The words are zeros until they are read back. */
	return gpu_from_host(bench->device, at, words, bytes, err) &&
	       start(bench, &bench->filling, "gemm_row_sums", &work, err) &&
	       start(bench, &bench->filling, "gemm_column_sums", &work, err) &&
	       read_back(bench, words, at, bytes, err);
}

bool gemm_job_sums(const struct gemm_bench *bench, const struct gemm_job *job, struct arena *arena,
		   struct gemm_sums *ret_sums, bool *ret_is_wild, struct error *err)
{
	const struct gemm_shape *shape = &job->product.shape;
	uint64_t count = 2 * (shape->m + shape->n) + 1;
	uint64_t *words = ARENA_ARRAY(arena, uint64_t, count);
	uint64_t at;
	bool good;

	if (!gpu_take(bench->device, count * WORD, &at, err))
		return false;
	good = sum(bench, job, at, words, count * WORD, err);
	gpu_give(bench->device, at);
	if (!good)
		return false;
	ret_sums->rows = scaled(arena, words, shape->m, true, GEMM_SUM_BITS);
	ret_sums->row_squares = scaled(arena, words + shape->m, shape->m, false, GEMM_SQUARE_BITS);
	words += 2 * shape->m;
	ret_sums->columns = scaled(arena, words, shape->n, true, GEMM_SUM_BITS);
	ret_sums->column_squares =
		scaled(arena, words + shape->n, shape->n, false, GEMM_SQUARE_BITS);
	*ret_is_wild = words[2 * shape->n] > 0;
	return true;
}

static void compare(enum gemm_type type, const struct gemm_shape *shape, const char *is,
		    const char *should, struct gemm_exact *ret_exact)
{
	enum gemm_type output = gemm_output_type(type);
	unsigned bytes = gemm_element_bytes(output);
	struct gemm_exact exact = { .elements = shape->m * shape->n };

	for (uint64_t i = 0; i < exact.elements; i++) {
		if (memcmp(is + i * bytes, should + i * bytes, bytes) == 0 || exact.wrong++ > 0)
			continue;
		exact.row = i / shape->n;
		exact.column = i % shape->n;
		exact.is = gemm_decode(output, is + i * bytes);
		exact.should = gemm_decode(output, should + i * bytes);
	}
	*ret_exact = exact;
}

/* What the processor makes of the inputs that the device has in its memory, made anew here. */
static char *product_here(const struct gemm_wanted *product, uint64_t bytes, struct arena *arena)
{
	const struct gemm_shape *shape = &product->shape;
	unsigned each = gemm_element_bytes(product->type);
	char *a = arena_take_array(arena, shape->m * shape->k, each);
	char *b = arena_take_array(arena, shape->n * shape->k, each);
	char *d = arena_take(arena, bytes);

	gemm_fill(product->type, GEMM_FILL_WHOLE, SEED_EXACT, 0, shape->m * shape->k, a);
	gemm_fill(product->type, GEMM_FILL_WHOLE, SEED_EXACT + 1, 0, shape->n * shape->k, b);
	gemm_multiply(product->type, shape, a, b, d);
	return d;
}

bool gemm_bench_exact(const struct gemm_bench *bench, enum gemm_type type, struct arena *arena,
		      struct gemm_exact *ret_exact, struct error *err)
{
	const struct gemm_wanted wanted = {
		.type = type,
		.shape = { EXACT_M, EXACT_N, GEMM_EXACT_K },
		.batch = 1,
	};
	const struct gemm_input input = { type, GEMM_FILL_WHOLE, SEED_EXACT };
	struct gemm_job job;
	double seconds;
	char *is;
	bool good;

	if (!make_job(bench, &wanted, input, 1, &job, err))
		return false;
	is = arena_take(arena, job.output_bytes);
	good = gemm_job_time(bench, &job, 1, &seconds, err) &&
	       read_back(bench, is, job.place.d, job.output_bytes, err);
	if (good)
		compare(type, &wanted.shape, is, product_here(&wanted, job.output_bytes, arena),
			ret_exact);
	gemm_job_drop(bench, &job);
	return good;
}
