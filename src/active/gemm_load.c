#include "active/gemm_load.h"

/* Queued at once: long enough that starting them costs nothing, short enough to be stopped. */
static const double queued_s = 0.05;

/* The same where each is followed by a check, which reads D once. */
static const double checked_s = 0.01;

enum {
	ALGORITHMS = 8,
	QUEUED_MAXIMUM = 1000,
};

static bool make(const struct gpu_device *device, const struct gemm_load_options *options,
		 struct gemm_load *load, struct error *err)
{
	struct gemm_wanted wanted = { options->type, options->shape, 1 };
	uint64_t bytes = options->memory_bytes;
	uint64_t left;

	if (!gpu_memory_left(device, &left, err))
		return false;
	if (bytes == 0 || bytes > left / 4 * 3)
		bytes = left / 4 * 3;
	if (!gemm_fit(options->type, &wanted.shape, bytes))
		return fail(err, ERROR_LIMIT,
			    "%s: %llu MiB of memory are left, too little for a "
			    "matrix product",
			    device->gpu, (unsigned long long)(left >> 20));
	return gemm_job_make(&load->bench, &wanted, ALGORITHMS, &load->job, err);
}

/* The first product: what the bits, and for the place of a fault the sums, of all others have to
 * be. */
static bool make_reference(struct gemm_load *load, struct error *err)
{
	struct gemm_sums sums;
	double product_s;
	bool is_wild;

	if (!gemm_job_time(&load->bench, &load->job, 1, &product_s, err) ||
	    !gemm_job_digest(&load->bench, &load->job, &load->digest, err) ||
	    !gemm_job_sums(&load->bench, &load->job, &load->arena, &sums, &is_wild, err))
		return false;
	load->sums = (struct gemm_checksum){
		.type = load->job.product.type,
		.shape = load->job.product.shape,
		.is_exact = true,
		.rows = sums.rows,
		.columns = sums.columns,
		/* Of an exact comparison no magnitude counts. */
		.row_magnitudes = sums.rows,
		.column_magnitudes = sums.columns,
	};
	return true;
}

bool gemm_load_start(const struct gpu_device *device, const struct gemm_load_options *options,
		     struct gemm_load *ret_load, struct error *err)
{
	struct gemm_load load = { .is_checked = options->is_checked };

	if (!gemm_bench_open(device, &load.bench, err))
		return false;
	if (!make(device, options, &load, err)) {
		gemm_bench_close(&load.bench);
		return false;
	}
	if (load.is_checked && !make_reference(&load, err)) {
		gemm_load_end(&load);
		return false;
	}
	*ret_load = load;
	return true;
}

static unsigned times_of(double seconds, double most_s, double product_s)
{
	double times = (seconds < most_s ? seconds : most_s) / product_s;

	if (!(times > 1))
		return 1;
	return times < QUEUED_MAXIMUM ? (unsigned)times : QUEUED_MAXIMUM;
}

/* A product that differs is looked into: where are its sums others? */
static bool locate(struct gemm_load *load, struct gemm_load_slice *slice, struct error *err)
{
	SCOPED_ARENA(scratch);
	struct gemm_sums sums;
	bool is_wild;

	if (!gemm_job_sums(&load->bench, &load->job, &scratch, &sums, &is_wild, err))
		return false;
	(void)gemm_checksum_compare(&load->sums, &sums, &slice->fault);
	return true;
}

static bool check(struct gemm_load *load, struct gemm_load_slice *slice, struct error *err)
{
	uint64_t digest;

	if (!gemm_job_digest(&load->bench, &load->job, &digest, err))
		return false;
	slice->checked++;
	if (digest == load->digest)
		return true;
	return slice->wrong++ > 0 || locate(load, slice, err);
}

bool gemm_load_run(struct gemm_load *load, double seconds, struct gemm_load_slice *ret_slice,
		   struct error *err)
{
	struct gemm_load_slice slice = { 0 };
	double most_s = load->is_checked ? checked_s : queued_s;

	do {
		unsigned times = times_of(seconds - slice.seconds, most_s, load->job.product_s);
		double product_s;

		if (!gemm_job_time(&load->bench, &load->job, times, &product_s, err) ||
		    (load->is_checked && !check(load, &slice, err)))
			return false;
		slice.products += times;
		slice.seconds += product_s * times;
	} while (slice.seconds < seconds);
	slice.flop_per_s =
		gemm_operations(&load->job.product.shape) * (double)slice.products / slice.seconds;
	*ret_slice = slice;
	return true;
}

void gemm_load_end(struct gemm_load *load)
{
	gemm_job_drop(&load->bench, &load->job);
	gemm_bench_close(&load->bench);
	arena_release(&load->arena);
}
