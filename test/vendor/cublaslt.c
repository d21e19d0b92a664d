/*
 * Stand-in for libcublasLt.so.12. Small products are carried out, in columns and with single
 * precision sums as the real one does; large ones take their time and leave a fill that depends on
 * their inputs and their shape alone. Time passes on the stream by the scenario's speeds.
 */
#include "active/cublaslt_abi.h"
#include "active/gemm.h"
#include "base/random.h"

#include "cuda_stand_in.h"
#include "scenario.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORTED __attribute__((visibility("default")))

enum {
	ALGORITHMS = 3,
	CARRIED_OUT = 1 << 22, /* multiplications of a product that is small */
	FILLED_BYTES = 1 << 16,
	KEY_SIZE = 32,
};

/* How fast each algorithm is: the library's first guess is not the best. */
static const double shares[ALGORITHMS] = { 0.96, 1, 0.9 };

static const double launch_s = 4e-6;

struct cublaslt_context {
	int gpu;
	unsigned products; /* that were started */
};

struct cublaslt_description {
	int compute, scale;
	int32_t transpose_a, transpose_b;
	const float *scale_a, *scale_b;
	int8_t fast;
};

struct cublaslt_layout {
	int data;
	uint64_t rows, columns;
	int64_t leading, stride;
	int32_t batch;
};

struct cublaslt_preference {
	uint64_t workspace_bytes;
};

/* One product in the words of gemm.h. */
struct work {
	enum gemm_type type;
	uint64_t m, n, k; /* in columns: D is m x n */
	uint64_t batch;
	const struct cublaslt_description *how;
	const struct cublaslt_layout *a, *b, *d;
};

EXPORTED size_t cublasLtGetVersion(void);
EXPORTED int cublasLtCreate(struct cublaslt_context **context);
EXPORTED int cublasLtDestroy(struct cublaslt_context *context);
EXPORTED int cublasLtMatmulDescCreate(struct cublaslt_description **description, int compute,
				      int scale);
EXPORTED int cublasLtMatmulDescDestroy(struct cublaslt_description *description);
EXPORTED int cublasLtMatmulDescSetAttribute(struct cublaslt_description *description, int attribute,
					    const void *value, size_t size);
EXPORTED int cublasLtMatrixLayoutCreate(struct cublaslt_layout **layout, int data, uint64_t rows,
					uint64_t columns, int64_t leading);
EXPORTED int cublasLtMatrixLayoutDestroy(struct cublaslt_layout *layout);
EXPORTED int cublasLtMatrixLayoutSetAttribute(struct cublaslt_layout *layout, int attribute,
					      const void *value, size_t size);
EXPORTED int cublasLtMatmulPreferenceCreate(struct cublaslt_preference **preference);
EXPORTED int cublasLtMatmulPreferenceDestroy(struct cublaslt_preference *preference);
EXPORTED int cublasLtMatmulPreferenceSetAttribute(struct cublaslt_preference *preference,
						  int attribute, const void *value, size_t size);
EXPORTED int cublasLtMatmulAlgoGetHeuristic(struct cublaslt_context *context,
					    struct cublaslt_description *description,
					    struct cublaslt_layout *a, struct cublaslt_layout *b,
					    struct cublaslt_layout *c, struct cublaslt_layout *d,
					    struct cublaslt_preference *preference, int requested,
					    struct cublaslt_proposal *proposals, int *count);
EXPORTED int cublasLtMatmul(struct cublaslt_context *context,
			    struct cublaslt_description *description, const void *alpha,
			    const void *a, struct cublaslt_layout *a_layout, const void *b,
			    struct cublaslt_layout *b_layout, const void *beta, const void *c,
			    struct cublaslt_layout *c_layout, void *d,
			    struct cublaslt_layout *d_layout,
			    const struct cublaslt_algorithm *algorithm, void *workspace,
			    size_t workspace_bytes, struct gpu_stream *stream);

size_t cublasLtGetVersion(void)
{
	return (size_t)stand_in_figure(SCENARIO_SYSTEM, "cublaslt", 120803);
}

static bool may(const char *call, int *ret_status)
{
	uint32_t status;
	bool good = stand_in_may(stand_in_gpu(), call, &status);

	*ret_status = good ? CUBLASLT_SUCCESS : (int)status;
	return good;
}

int cublasLtCreate(struct cublaslt_context **context)
{
	int status;

	if (stand_in_gpu() < 0)
		return CUBLASLT_NOT_INITIALIZED;
	if (!may("cublasLtCreate", &status))
		return status;
	*context = calloc(1, sizeof(**context));
	if (!*context)
		return CUBLASLT_ALLOC_FAILED;
	(*context)->gpu = stand_in_gpu();
	return CUBLASLT_SUCCESS;
}

int cublasLtDestroy(struct cublaslt_context *context)
{
	free(context);
	return CUBLASLT_SUCCESS;
}

int cublasLtMatmulDescCreate(struct cublaslt_description **description, int compute, int scale)
{
	struct cublaslt_description *made = calloc(1, sizeof(*made));

	if (!made)
		return CUBLASLT_ALLOC_FAILED;
	made->compute = compute;
	made->scale = scale;
	*description = made;
	return CUBLASLT_SUCCESS;
}

int cublasLtMatmulDescDestroy(struct cublaslt_description *description)
{
	free(description);
	return CUBLASLT_SUCCESS;
}

static int take(void *into, size_t wanted, const void *value, size_t size)
{
	if (size != wanted)
		return CUBLASLT_INVALID_VALUE;
	memcpy(into, value, size);
	return CUBLASLT_SUCCESS;
}

int cublasLtMatmulDescSetAttribute(struct cublaslt_description *description, int attribute,
				   const void *value, size_t size)
{
	switch (attribute) {
	case CUBLASLT_DESCRIPTION_TRANSPOSE_A:
		return take(&description->transpose_a, sizeof(int32_t), value, size);
	case CUBLASLT_DESCRIPTION_TRANSPOSE_B:
		return take(&description->transpose_b, sizeof(int32_t), value, size);
	case CUBLASLT_DESCRIPTION_SCALE_A:
		return take(&description->scale_a, sizeof(void *), value, size);
	case CUBLASLT_DESCRIPTION_SCALE_B:
		return take(&description->scale_b, sizeof(void *), value, size);
	case CUBLASLT_DESCRIPTION_FAST_ACCUMULATE:
		return take(&description->fast, sizeof(int8_t), value, size);
	default:
		return CUBLASLT_INVALID_VALUE;
	}
}

int cublasLtMatrixLayoutCreate(struct cublaslt_layout **layout, int data, uint64_t rows,
			       uint64_t columns, int64_t leading)
{
	struct cublaslt_layout *made;

	if (rows == 0 || columns == 0 || leading < (int64_t)rows)
		return CUBLASLT_INVALID_VALUE;
	made = calloc(1, sizeof(*made));
	if (!made)
		return CUBLASLT_ALLOC_FAILED;
	*made = (struct cublaslt_layout){
		.data = data, .rows = rows, .columns = columns, .leading = leading, .batch = 1
	};
	*layout = made;
	return CUBLASLT_SUCCESS;
}

int cublasLtMatrixLayoutDestroy(struct cublaslt_layout *layout)
{
	free(layout);
	return CUBLASLT_SUCCESS;
}

int cublasLtMatrixLayoutSetAttribute(struct cublaslt_layout *layout, int attribute,
				     const void *value, size_t size)
{
	switch (attribute) {
	case CUBLASLT_LAYOUT_BATCH_COUNT:
		return take(&layout->batch, sizeof(int32_t), value, size);
	case CUBLASLT_LAYOUT_BATCH_STRIDE:
		return take(&layout->stride, sizeof(int64_t), value, size);
	default:
		return CUBLASLT_INVALID_VALUE;
	}
}

int cublasLtMatmulPreferenceCreate(struct cublaslt_preference **preference)
{
	*preference = calloc(1, sizeof(**preference));
	return *preference ? CUBLASLT_SUCCESS : CUBLASLT_ALLOC_FAILED;
}

int cublasLtMatmulPreferenceDestroy(struct cublaslt_preference *preference)
{
	free(preference);
	return CUBLASLT_SUCCESS;
}

int cublasLtMatmulPreferenceSetAttribute(struct cublaslt_preference *preference, int attribute,
					 const void *value, size_t size)
{
	if (attribute != CUBLASLT_PREFERENCE_WORKSPACE_BYTES)
		return CUBLASLT_INVALID_VALUE;
	return take(&preference->workspace_bytes, sizeof(uint64_t), value, size);
}

static bool read_type(const struct cublaslt_description *how, int data, enum gemm_type *ret_type)
{
	static const struct {
		int data, compute;
		enum gemm_type type;
	} types[] = {
		{ CUBLASLT_R_16BF, CUBLASLT_COMPUTE_32F, GEMM_BF16 },
		{ CUBLASLT_R_16F, CUBLASLT_COMPUTE_32F, GEMM_FP16 },
		{ CUBLASLT_R_32F, CUBLASLT_COMPUTE_32F_FAST_TF32, GEMM_TF32 },
		{ CUBLASLT_R_32F, CUBLASLT_COMPUTE_32F, GEMM_FP32 },
		{ CUBLASLT_R_8F_E4M3, CUBLASLT_COMPUTE_32F, GEMM_FP8 },
		{ CUBLASLT_R_64F, CUBLASLT_COMPUTE_64F, GEMM_FP64 },
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (types[i].data != data || types[i].compute != how->compute)
			continue;
		*ret_type = types[i].type;
		return true;
	}
	return false;
}

static unsigned capability_of(int gpu)
{
	double major = 8, minor = 0;
	const char *line = NULL;

	for (unsigned i = 0; stand_in_line(gpu, "compute_capability", i); i++)
		line = stand_in_line(gpu, "compute_capability", i);
	if (line) {
		(void)scenario_word(line, 0, &major);
		(void)scenario_word(line, 1, &minor);
	}
	return (unsigned)(major * 10 + minor);
}

/* CUBLASLT_SUCCESS when the library would do it on that GPU. */
static int read_work(int gpu, const struct cublaslt_description *how,
		     const struct cublaslt_layout *a, const struct cublaslt_layout *b,
		     const struct cublaslt_layout *d, struct work *ret_work)
{
	struct work work = { .how = how, .a = a, .b = b, .d = d };

	if (a->data != b->data || !read_type(how, a->data, &work.type))
		return CUBLASLT_NOT_SUPPORTED;
	work.m = how->transpose_a ? a->columns : a->rows;
	work.k = how->transpose_a ? a->rows : a->columns;
	work.n = how->transpose_b ? b->rows : b->columns;
	work.batch = (uint64_t)d->batch;
	if ((how->transpose_b ? b->columns : b->rows) != work.k || d->rows != work.m ||
	    d->columns != work.n || a->batch != d->batch || b->batch != d->batch)
		return CUBLASLT_INVALID_VALUE;
	if (!gemm_is_served(work.type, capability_of(gpu)))
		return CUBLASLT_NOT_SUPPORTED;
	if (work.type == GEMM_FP8 && (!how->transpose_a || how->transpose_b || !how->scale_a ||
				      !how->scale_b || work.k % 16 != 0 || work.m % 16 != 0))
		return CUBLASLT_NOT_SUPPORTED;
	*ret_work = work;
	return CUBLASLT_SUCCESS;
}

int cublasLtMatmulAlgoGetHeuristic(struct cublaslt_context *context,
				   struct cublaslt_description *description,
				   struct cublaslt_layout *a, struct cublaslt_layout *b,
				   struct cublaslt_layout *c, struct cublaslt_layout *d,
				   struct cublaslt_preference *preference, int requested,
				   struct cublaslt_proposal *proposals, int *count)
{
	struct work work;
	int status;

	if (c != d || requested < 1)
		return CUBLASLT_INVALID_VALUE;
	if (!may("cublasLtMatmulAlgoGetHeuristic", &status))
		return status;
	status = read_work(context->gpu, description, a, b, d, &work);
	if (status != CUBLASLT_SUCCESS)
		return status;
	*count = requested < ALGORITHMS ? requested : ALGORITHMS;
	for (int i = 0; i < *count; i++)
		proposals[i] = (struct cublaslt_proposal){
			.algorithm = { .data = { (uint64_t)i, 0x5741 } },
			.workspace_bytes = preference->workspace_bytes / 2,
			.state = CUBLASLT_SUCCESS,
			.waves = 1,
		};
	return CUBLASLT_SUCCESS;
}

static double speed_of(int gpu, enum gemm_type type)
{
	static const double usual[] = {
		[GEMM_BF16] = 700, [GEMM_FP16] = 700, [GEMM_TF32] = 380,
		[GEMM_FP32] = 50,  [GEMM_FP8] = 1400, [GEMM_FP64] = 60,
	};
	char key[KEY_SIZE];
	double warmth = stand_in_figure(gpu, "temperature", 40) - 40;

	(void)snprintf(key, sizeof(key), "gemm_tflops_%s", gemm_type_names[type]);
	/* "gemm_slope" percent are lost with every ten degrees above 40. */
	return stand_in_figure(gpu, key, usual[type]) * 1e12 *
	       (1 - stand_in_figure(gpu, "gemm_slope", 0) / 100 * warmth / 10);
}

/* By arithmetic or by the reading of the inputs, whichever takes longer. */
static double seconds_of(int gpu, const struct work *work, unsigned algorithm)
{
	double operations = 2.0 * (double)work->m * (double)work->n * (double)work->k;
	double bytes = ((double)work->m * (double)work->k + (double)work->n * (double)work->k) *
		       gemm_element_bytes(work->type);
	double computing = operations / speed_of(gpu, work->type);
	double reading = bytes / (stand_in_figure(gpu, "hbm_gb_per_s", 3000) * 1e9);

	return launch_s +
	       (double)work->batch * fmax(computing, reading) / shares[algorithm % ALGORITHMS];
}

static const char *element(const void *matrix, const struct cublaslt_layout *layout, unsigned bytes,
			   uint64_t batch, uint64_t row, uint64_t column)
{
	return (const char *)matrix +
	       (batch * (uint64_t)layout->stride + column * (uint64_t)layout->leading + row) *
		       bytes;
}

static void multiply_one(const struct work *work, const void *a, const void *b, void *d,
			 uint64_t batch, uint64_t row, uint64_t column)
{
	unsigned bytes = gemm_element_bytes(work->type);
	enum gemm_type output = gemm_output_type(work->type);
	bool is_double = work->type == GEMM_FP64;
	double wide = 0;
	float sum = 0;

	for (uint64_t i = 0; i < work->k; i++) {
		const char *left = work->how->transpose_a
					   ? element(a, work->a, bytes, batch, i, row)
					   : element(a, work->a, bytes, batch, row, i);
		const char *right = work->how->transpose_b
					    ? element(b, work->b, bytes, batch, column, i)
					    : element(b, work->b, bytes, batch, i, column);
		double product = gemm_decode(work->type, left) * gemm_decode(work->type, right);

		wide += product;
		sum += (float)product;
	}
	gemm_encode(output, is_double ? wide : (double)sum,
		    (char *)d +
			    (element(d, work->d, gemm_element_bytes(output), batch, row, column) -
			     (const char *)d));
}

static void multiply(const struct work *work, const void *a, const void *b, void *d)
{
	for (uint64_t batch = 0; batch < work->batch; batch++)
		for (uint64_t column = 0; column < work->n; column++)
			for (uint64_t row = 0; row < work->m; row++)
				multiply_one(work, a, b, d, batch, row, column);
}

/* What a large product leaves: other inputs or another shape leave something else. */
static void fill(const struct work *work, const void *a, const void *b, void *d, uint64_t bytes)
{
	uint64_t first, second, key;
	uint64_t *words = d;

	memcpy(&first, a, sizeof(first));
	memcpy(&second, b, sizeof(second));
	key = random_join(random_join(first, second), work->m * 31 + work->n * 17 + work->k);
	bytes = bytes < FILLED_BYTES ? bytes : FILLED_BYTES;
	/* Numbers of a usual size in every format. */
	for (uint64_t i = 0; i < bytes / sizeof(*words); i++)
		words[i] = (random_u64(key, i) & UINT64_C(0x83ff83ff83ff83ff)) |
			   UINT64_C(0x3c003c003c003c00);
}

/* "gemm_flip ELEMENT BIT [EVERY]": a bit that comes out wrong, in every product or every so many.
 */
static void corrupt(int gpu, unsigned products, const struct work *work, void *d, uint64_t room)
{
	unsigned bytes = gemm_element_bytes(gemm_output_type(work->type));
	const char *line;

	for (unsigned i = 0; (line = stand_in_line(gpu, "gemm_flip", i)); i++) {
		double which = 0, bit = 0, every = 1;
		uint64_t at;

		(void)scenario_word(line, 0, &which);
		(void)scenario_word(line, 1, &bit);
		(void)scenario_word(line, 2, &every);
		at = (uint64_t)which * bytes + (uint64_t)bit / 8;
		if (at < room && every >= 1 && products % (unsigned)every == 0)
			((unsigned char *)d)[at] ^= (unsigned char)(1u << (unsigned)bit % 8);
	}
}

int cublasLtMatmul(struct cublaslt_context *context, struct cublaslt_description *description,
		   const void *alpha, const void *a, struct cublaslt_layout *a_layout,
		   const void *b, struct cublaslt_layout *b_layout, const void *beta, const void *c,
		   struct cublaslt_layout *c_layout, void *d, struct cublaslt_layout *d_layout,
		   const struct cublaslt_algorithm *algorithm, void *workspace,
		   size_t workspace_bytes, struct gpu_stream *stream)
{
	struct work work;
	uint64_t bytes, room;
	int status;

	(void)alpha;
	(void)beta;
	if (c != d || c_layout != d_layout || !workspace || workspace_bytes == 0 ||
	    algorithm->data[1] != 0x5741)
		return CUBLASLT_INVALID_VALUE;
	if (!may("cublasLtMatmul", &status))
		return status;
	status = read_work(context->gpu, description, a_layout, b_layout, d_layout, &work);
	if (status != CUBLASLT_SUCCESS)
		return status;
	bytes = work.m * work.n * work.batch * gemm_element_bytes(gemm_output_type(work.type));
	room = stand_in_room(context->gpu);
	room = bytes < room ? bytes : room;
	stand_in_spend(stream, seconds_of(context->gpu, &work, (unsigned)algorithm->data[0]));
	if (work.m * work.n * work.k * work.batch <= CARRIED_OUT)
		multiply(&work, a, b, d);
	else
		fill(&work, a, b, d, room);
	corrupt(context->gpu, context->products++, &work, d, room);
	return CUBLASLT_SUCCESS;
}
