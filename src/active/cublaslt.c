#include "active/cublaslt.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum {
	MAJOR_OLDEST = 11,
	MAJOR_NEWEST = 13,
	PROPOSALS_MAXIMUM = 32,
	TRIALS_MAXIMUM = 50,
};

/* What the library's makers advise for GPUs since Hopper. */
#define WORKSPACE_BYTES (32ull << 20)

/* How long an algorithm is tried. */
static const double trial_s = 0.004;

struct named_call {
	const char *symbol;
	size_t place;
};

static const struct named_call named_calls[] = {
#define CUBLASLT_CALL(member, symbol) { symbol, offsetof(struct cublaslt_calls, member) },
	CUBLASLT_CALLS(CUBLASLT_CALL)
#undef CUBLASLT_CALL
};

static const char *status_word(int status)
{
	static const struct {
		enum cublaslt_status status;
		const char *word;
	} words[] = {
		{ CUBLASLT_NOT_INITIALIZED, "not initialised" },
		{ CUBLASLT_ALLOC_FAILED, "no memory" },
		{ CUBLASLT_INVALID_VALUE, "invalid value" },
		{ CUBLASLT_ARCH_MISMATCH, "not on this GPU" },
		{ CUBLASLT_MAPPING_ERROR, "mapping error" },
		{ CUBLASLT_EXECUTION_FAILED, "execution failed" },
		{ CUBLASLT_INTERNAL_ERROR, "internal error" },
		{ CUBLASLT_NOT_SUPPORTED, "not supported" },
		{ CUBLASLT_LICENSE_ERROR, "licence error" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if ((int)words[i].status == status)
			return words[i].word;
	return "unknown status";
}

static void announce(const struct cublaslt *library, const char *call)
{
	worker_calls(library->device->driver->port, "%s %s", call, library->device->gpu);
}

static bool done(const struct cublaslt *library, int status, const char *call, struct error *err)
{
	enum error_code code = ERROR_IO;

	if (status == CUBLASLT_SUCCESS)
		return true;
	if (status == CUBLASLT_NOT_SUPPORTED || status == CUBLASLT_ARCH_MISMATCH)
		code = ERROR_UNSUPPORTED;
	else if (status == CUBLASLT_ALLOC_FAILED)
		code = ERROR_LIMIT;
	return fail(err, code, "%s %s: %s (%d)", call, library->device->gpu, status_word(status),
		    status);
}

static bool find_calls(struct cublaslt *library, struct error *err)
{
	for (size_t i = 0; i < sizeof(named_calls) / sizeof(named_calls[0]); i++) {
		const char *const symbols[] = { named_calls[i].symbol, NULL };
		void *address = library_symbol(&library->library, symbols, NULL);

		if (!address)
			return fail(err, ERROR_UNSUPPORTED, "libcublasLt has no %s",
				    named_calls[i].symbol);
		memcpy((char *)&library->calls + named_calls[i].place, &address, sizeof(address));
	}
	return true;
}

/* Versions were counted as 11401 up to major 11, and as 120803 from 12 on. */
static bool check_version(struct cublaslt *library, struct error *err)
{
	announce(library, "cublasLtGetVersion");
	library->version = (unsigned)library->calls.version();
	library->major =
		library->version >= 100000 ? library->version / 10000 : library->version / 1000;
	if (library->major >= MAJOR_OLDEST && library->major <= MAJOR_NEWEST)
		return true;
	return fail(err, ERROR_UNSUPPORTED,
		    "libcublasLt says that it is version %u; majors %d to %d are known",
		    library->version, MAJOR_OLDEST, MAJOR_NEWEST);
}

/* Newest first; a toolkit that the loader does not look into stands where its installer puts it. */
static bool open_library(struct library *ret_library, struct error *err)
{
	static const char *const names[] = {
		"libcublasLt.so.13",
		"libcublasLt.so.12",
		"libcublasLt.so.11",
		"/usr/local/cuda/lib64/libcublasLt.so.13",
		"/usr/local/cuda/lib64/libcublasLt.so.12",
		"/usr/local/cuda/lib64/libcublasLt.so.11",
		NULL,
	};

	return library_open_vendor(names, ret_library, NULL, err);
}

bool cublaslt_open(const struct gpu_device *device, struct cublaslt *ret_library, struct error *err)
{
	struct cublaslt library = { .device = device, .workspace_bytes = WORKSPACE_BYTES };

	worker_calls(device->driver->port, "dlopen libcublasLt.so %s", device->gpu);
	if (!open_library(&library.library, err) || !find_calls(&library, err) ||
	    !check_version(&library, err))
		return false;
	announce(&library, "cublasLtCreate");
	if (!done(&library, library.calls.create(&library.handle), "cublasLtCreate", err))
		return false;
	if (!gpu_take(device, WORKSPACE_BYTES, &library.workspace, err)) {
		(void)library.calls.destroy(library.handle);
		return false;
	}
	*ret_library = library;
	return true;
}

void cublaslt_close(struct cublaslt *library)
{
	if (!library->handle)
		return;
	announce(library, "cublasLtDestroy");
	(void)library->calls.destroy(library->handle);
	gpu_give(library->device, library->workspace);
	library->handle = NULL;
}

/* How the library is told about a format. */
struct wording {
	enum cublaslt_data input, output, scale;
	enum cublaslt_compute compute;
};

static const struct wording wordings[] = {
	[GEMM_BF16] = { CUBLASLT_R_16BF, CUBLASLT_R_16BF, CUBLASLT_R_32F, CUBLASLT_COMPUTE_32F },
	[GEMM_FP16] = { CUBLASLT_R_16F, CUBLASLT_R_16F, CUBLASLT_R_32F, CUBLASLT_COMPUTE_32F },
	[GEMM_TF32] = { CUBLASLT_R_32F, CUBLASLT_R_32F, CUBLASLT_R_32F,
			CUBLASLT_COMPUTE_32F_FAST_TF32 },
	[GEMM_FP32] = { CUBLASLT_R_32F, CUBLASLT_R_32F, CUBLASLT_R_32F, CUBLASLT_COMPUTE_32F },
	[GEMM_FP8] = { CUBLASLT_R_8F_E4M3, CUBLASLT_R_16BF, CUBLASLT_R_32F, CUBLASLT_COMPUTE_32F },
	[GEMM_FP64] = { CUBLASLT_R_64F, CUBLASLT_R_64F, CUBLASLT_R_64F, CUBLASLT_COMPUTE_64F },
};
static_assert(sizeof(wordings) / sizeof(wordings[0]) == GEMM_TYPE_COUNT, "all formats");

static bool set(const struct cublaslt *library, struct cublaslt_description *description,
		enum cublaslt_description_attribute attribute, const void *value, size_t size,
		struct error *err)
{
	return done(library,
		    library->calls.description_set(description, (int)attribute, value, size),
		    "cublasLtMatmulDescSetAttribute", err);
}

/* 8-bit inputs are scaled by a number of the device, one here; fast accumulation is what published
 * figures are made with. */
static bool scale(const struct cublaslt *library, struct gemm_product *product, struct error *err)
{
	static const float one = 1;
	const int8_t fast = 1;
	const struct gpu_device *device = library->device;
	const void *address;

	if (!gpu_take(device, sizeof(one), &product->scale, err) ||
	    !gpu_from_host(device, product->scale, &one, sizeof(one), err))
		return false;
	address = (const void *)(uintptr_t)product->scale;
	return set(library, product->description, CUBLASLT_DESCRIPTION_SCALE_A, &address,
		   sizeof(address), err) &&
	       set(library, product->description, CUBLASLT_DESCRIPTION_SCALE_B, &address,
		   sizeof(address), err) &&
	       set(library, product->description, CUBLASLT_DESCRIPTION_FAST_ACCUMULATE, &fast,
		   sizeof(fast), err);
}

static bool describe(const struct cublaslt *library, struct gemm_product *product,
		     struct error *err)
{
	const struct wording *wording = &wordings[product->type];
	const int32_t transposed = CUBLASLT_OPERATION_TRANSPOSE;
	int status = library->calls.description_create(&product->description, (int)wording->compute,
						       (int)wording->scale);

	/* The library counts in columns: its first matrix is our B, its second our A, and what it
	 * makes, read in rows, is our D. */
	return done(library, status, "cublasLtMatmulDescCreate", err) &&
	       set(library, product->description, CUBLASLT_DESCRIPTION_TRANSPOSE_A, &transposed,
		   sizeof(transposed), err) &&
	       (product->type != GEMM_FP8 || scale(library, product, err));
}

/* A matrix in columns. */
struct matrix {
	enum cublaslt_data data;
	uint64_t rows, columns;
};

static bool lay_out(const struct cublaslt *library, unsigned batch, struct matrix matrix,
		    struct cublaslt_layout **ret_layout, struct error *err)
{
	const int32_t count = (int32_t)batch;
	const int64_t stride = (int64_t)(matrix.rows * matrix.columns);
	const struct cublaslt_calls *calls = &library->calls;

	if (!done(library,
		  calls->layout_create(ret_layout, (int)matrix.data, matrix.rows, matrix.columns,
				       (int64_t)matrix.rows),
		  "cublasLtMatrixLayoutCreate", err))
		return false;
	if (batch == 1)
		return true;
	return done(library,
		    calls->layout_set(*ret_layout, CUBLASLT_LAYOUT_BATCH_COUNT, &count,
				      sizeof(count)),
		    "cublasLtMatrixLayoutSetAttribute", err) &&
	       done(library,
		    calls->layout_set(*ret_layout, CUBLASLT_LAYOUT_BATCH_STRIDE, &stride,
				      sizeof(stride)),
		    "cublasLtMatrixLayoutSetAttribute", err);
}

/* The library's proposals, best first by its own estimate; at least one. */
static bool propose(const struct cublaslt *library, const struct gemm_product *product,
		    unsigned requested, struct cublaslt_proposal *ret_proposals,
		    unsigned *ret_count, struct error *err)
{
	const struct cublaslt_calls *calls = &library->calls;
	struct cublaslt_preference *preference = NULL;
	const uint64_t bytes = library->workspace_bytes;
	const char *call = "cublasLtMatmulPreferenceCreate";
	int count = 0;
	int status = calls->preference_create(&preference);

	if (status == CUBLASLT_SUCCESS) {
		call = "cublasLtMatmulPreferenceSetAttribute";
		status = calls->preference_set(preference, CUBLASLT_PREFERENCE_WORKSPACE_BYTES,
					       &bytes, sizeof(bytes));
	}
	if (status == CUBLASLT_SUCCESS) {
		call = "cublasLtMatmulAlgoGetHeuristic";
		announce(library, call);
		status = calls->propose(library->handle, product->description, product->b,
					product->a, product->d, product->d, preference,
					(int)requested, ret_proposals, &count);
	}
	if (preference)
		(void)calls->preference_destroy(preference);
	if (!done(library, status, call, err))
		return false;
	if (count < 1 || count > (int)requested)
		return fail(err, ERROR_UNSUPPORTED, "%s %s: no algorithm", call,
			    library->device->gpu);
	*ret_count = (unsigned)count;
	return true;
}

static bool is_usable(const struct cublaslt *library, const struct cublaslt_proposal *proposal)
{
	return proposal->state == CUBLASLT_SUCCESS &&
	       proposal->workspace_bytes <= library->workspace_bytes;
}

static bool make(const struct cublaslt *library, struct gemm_product *product, struct error *err)
{
	const struct wording *wording = &wordings[product->type];
	const struct gemm_shape *shape = &product->shape;
	struct cublaslt_proposal proposals[PROPOSALS_MAXIMUM] = { 0 };
	unsigned count = 0;

	announce(library, "cublasLtMatmulDescCreate");
	if (!describe(library, product, err) ||
	    !lay_out(library, product->batch, (struct matrix){ wording->input, shape->k, shape->m },
		     &product->a, err) ||
	    !lay_out(library, product->batch, (struct matrix){ wording->input, shape->k, shape->n },
		     &product->b, err) ||
	    !lay_out(library, product->batch,
		     (struct matrix){ wording->output, shape->n, shape->m }, &product->d, err) ||
	    !propose(library, product, PROPOSALS_MAXIMUM, proposals, &count, err))
		return false;
	for (unsigned i = 0; i < count; i++) {
		if (!is_usable(library, &proposals[i]))
			continue;
		product->algorithm = proposals[i].algorithm;
		return true;
	}
	return fail(err, ERROR_UNSUPPORTED, "cublasLtMatmulAlgoGetHeuristic %s: no algorithm",
		    library->device->gpu);
}

bool gemm_product_make(const struct cublaslt *library, enum gemm_type type,
		       const struct gemm_shape *shape, unsigned batch,
		       struct gemm_product *ret_product, struct error *err)
{
	struct gemm_product product = { .type = type, .shape = *shape, .batch = batch };
	char name[GEMM_NAME_SIZE];

	gemm_name(type, shape, batch, name);
	if (!gemm_is_served(type, library->device->capability))
		return fail(err, ERROR_UNSUPPORTED, "sm_%u does not multiply %s",
			    library->device->capability, gemm_type_names[type]);
	if (!make(library, &product, err)) {
		gemm_product_drop(library, &product);
		return fail_while(err, "%s", name);
	}
	*ret_product = product;
	return true;
}

void gemm_product_drop(const struct cublaslt *library, struct gemm_product *product)
{
	const struct cublaslt_calls *calls = &library->calls;

	if (product->a)
		(void)calls->layout_destroy(product->a);
	if (product->b)
		(void)calls->layout_destroy(product->b);
	if (product->d)
		(void)calls->layout_destroy(product->d);
	if (product->description)
		(void)calls->description_destroy(product->description);
	if (product->scale)
		gpu_give(library->device, product->scale);
	product->a = product->b = product->d = NULL;
	product->description = NULL;
	product->scale = 0;
}

static void *address_of(uint64_t address)
{
	return (void *)(uintptr_t)address;
}

bool gemm_product_start(const struct cublaslt *library, const struct gemm_product *product,
			const struct gemm_place *place, struct error *err)
{
	static const float one = 1, none = 0;
	static const double one_double = 1, none_double = 0;
	bool is_double = product->type == GEMM_FP64;
	int status;

	announce(library, "cublasLtMatmul");
	status = library->calls.multiply(
		library->handle, product->description,
		is_double ? (const void *)&one_double : (const void *)&one, address_of(place->b),
		product->b, address_of(place->a), product->a,
		is_double ? (const void *)&none_double : (const void *)&none, address_of(place->d),
		product->d, address_of(place->d), product->d, &product->algorithm,
		address_of(library->workspace), library->workspace_bytes, place->stream);
	return done(library, status, "cublasLtMatmul", err);
}

bool gemm_product_time(const struct cublaslt *library, const struct gemm_product *product,
		       struct gemm_place *place, unsigned times, double *ret_seconds,
		       struct error *err)
{
	double seconds;

	if (!gpu_timer_start(library->device, &place->timer, place->stream, err))
		return false;
	for (unsigned i = 0; i < times; i++)
		if (!gemm_product_start(library, product, place, err))
			return false;
	if (!gpu_timer_end(library->device, &place->timer, place->stream, &seconds, err))
		return false;
	*ret_seconds = seconds / times;
	return true;
}

/* What one product takes; the first one loads the code and is not counted. */
static bool try_algorithm(const struct cublaslt *library, const struct gemm_product *product,
			  struct gemm_place *place, double *ret_seconds, struct error *err)
{
	unsigned times = TRIALS_MAXIMUM;
	double first;

	if (!gemm_product_time(library, product, place, 1, &first, err))
		return false;
	if (first * times > trial_s)
		times = (unsigned)(trial_s / first);
	return gemm_product_time(library, product, place, times > 1 ? times : 2, ret_seconds, err);
}

bool gemm_product_choose(const struct cublaslt *library, struct gemm_product *product,
			 struct gemm_place *place, unsigned count, double *ret_seconds,
			 struct error *err)
{
	struct cublaslt_proposal proposals[PROPOSALS_MAXIMUM] = { 0 };
	struct gemm_product trial = *product;
	unsigned proposed = 0;
	double best_s = 0;

	count = count < PROPOSALS_MAXIMUM ? count : PROPOSALS_MAXIMUM;
	if (!propose(library, product, count, proposals, &proposed, err))
		return false;
	for (unsigned i = 0; i < proposed; i++) {
		struct error refused;
		double seconds;

		if (!is_usable(library, &proposals[i]))
			continue;
		trial.algorithm = proposals[i].algorithm;
		/* One that the library proposes and then does not do is left out. */
		if (!try_algorithm(library, &trial, place, &seconds, &refused)) {
			if (refused.code == ERROR_UNSUPPORTED)
				continue;
			return fail(err, refused.code, "%s", refused.text);
		}
		if (best_s > 0 && seconds >= best_s)
			continue;
		best_s = seconds;
		product->algorithm = trial.algorithm;
	}
	if (best_s <= 0)
		return fail(err, ERROR_UNSUPPORTED, "no algorithm that was proposed runs");
	*ret_seconds = best_s;
	return true;
}
