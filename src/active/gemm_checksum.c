#include "active/gemm_checksum.h"

#include <assert.h>
#include <math.h>

static const double deviations_allowed = 8;

/* Half a unit in the last place of one. */
static const double roundings[] = {
	[GEMM_BF16] = 0x1p-8,  [GEMM_FP16] = 0x1p-11, [GEMM_TF32] = 0x1p-11,
	[GEMM_FP32] = 0x1p-24, [GEMM_FP8] = 0x1p-4,   [GEMM_FP64] = 0x1p-53,
};
static_assert(sizeof(roundings) / sizeof(roundings[0]) == GEMM_TYPE_COUNT, "of each format");

/* What the sum of K products is off by, of the sum of their magnitudes: in single precision a unit
 * in the last place and growing with the root of K (Higham and Mary 2019); tensor cores cut off
 * instead of rounding, hence a whole unit. Of 8-bit floats some keep 13 bits of fraction until the
 * sum is moved to a register. */
static double summing(enum gemm_type type, uint64_t k)
{
	switch (type) {
	case GEMM_FP8:
		return 0x1p-13;
	case GEMM_FP64:
		return 0x1p-52 * sqrt((double)k);
	case GEMM_BF16:
	case GEMM_FP16:
	case GEMM_TF32:
	case GEMM_FP32:
	case GEMM_TYPE_COUNT:
		break;
	}
	return 0x1p-23 * sqrt((double)k);
}

/* One input, in rows of K elements. */
struct matrix {
	enum gemm_type type;
	uint64_t rows, k;
	const char *at;
};

/* Sums over the rows of a matrix: K numbers, and those of their magnitudes. */
static void sum_rows(const struct matrix *matrix, double *ret_sums, double *ret_magnitudes)
{
	unsigned bytes = gemm_element_bytes(matrix->type);
	const char *from = matrix->at;

	for (uint64_t i = 0; i < matrix->k; i++)
		ret_sums[i] = ret_magnitudes[i] = 0;
	for (uint64_t row = 0; row < matrix->rows; row++) {
		for (uint64_t i = 0; i < matrix->k; i++, from += bytes) {
			double element = gemm_decode(matrix->type, from);

			ret_sums[i] += element;
			ret_magnitudes[i] += fabs(element);
		}
	}
}

/* Each row of a matrix times the sums, and its magnitudes times theirs. */
static void apply(const struct matrix *matrix, const double *sums, const double *magnitudes,
		  double *ret_products, double *ret_magnitudes)
{
	unsigned bytes = gemm_element_bytes(matrix->type);
	const char *from = matrix->at;

	for (uint64_t row = 0; row < matrix->rows; row++) {
		ret_products[row] = ret_magnitudes[row] = 0;
		for (uint64_t i = 0; i < matrix->k; i++, from += bytes) {
			double element = gemm_decode(matrix->type, from);

			ret_products[row] += element * sums[i];
			ret_magnitudes[row] += fabs(element) * magnitudes[i];
		}
	}
}

void gemm_checksum_expect(const struct gemm_inputs *inputs, struct arena *arena,
			  struct gemm_checksum *ret_checksum)
{
	const struct gemm_shape *shape = &inputs->shape;
	const struct matrix a = { inputs->type, shape->m, shape->k, inputs->a };
	const struct matrix b = { inputs->type, shape->n, shape->k, inputs->b };
	struct gemm_checksum checksum = {
		.type = inputs->type,
		.shape = *shape,
		.is_exact = inputs->fill == GEMM_FILL_WHOLE && shape->k <= GEMM_EXACT_K,
		.rows = ARENA_ARRAY(arena, double, shape->m),
		.columns = ARENA_ARRAY(arena, double, shape->n),
		.row_magnitudes = ARENA_ARRAY(arena, double, shape->m),
		.column_magnitudes = ARENA_ARRAY(arena, double, shape->n),
	};
	double *sums = ARENA_ARRAY(arena, double, shape->k);
	double *magnitudes = ARENA_ARRAY(arena, double, shape->k);

	sum_rows(&b, sums, magnitudes);
	apply(&a, sums, magnitudes, checksum.rows, checksum.row_magnitudes);
	sum_rows(&a, sums, magnitudes);
	apply(&b, sums, magnitudes, checksum.columns, checksum.column_magnitudes);
	*ret_checksum = checksum;
}

void gemm_checksum_sum(enum gemm_type type, const struct gemm_shape *shape, const void *d,
		       struct arena *arena, struct gemm_sums *ret_sums)
{
	enum gemm_type output = gemm_output_type(type);
	unsigned bytes = gemm_element_bytes(output);
	const char *at = d;
	struct gemm_sums sums = {
		.rows = ARENA_ARRAY(arena, double, shape->m),
		.columns = ARENA_ARRAY(arena, double, shape->n),
		.row_squares = ARENA_ARRAY(arena, double, shape->m),
		.column_squares = ARENA_ARRAY(arena, double, shape->n),
	};

	for (uint64_t row = 0; row < shape->m; row++) {
		for (uint64_t column = 0; column < shape->n; column++, at += bytes) {
			double element = gemm_decode(output, at);

			sums.rows[row] += element;
			sums.columns[column] += element;
			sums.row_squares[row] += element * element;
			sums.column_squares[column] += element * element;
		}
	}
	*ret_sums = sums;
}

/* One side of the comparison: rows or columns, each the sum of `length` elements. */
struct side {
	const double *expected, *magnitudes, *sums, *squares;
	uint64_t count, length;
};

static double allowed(const struct gemm_checksum *checksum, const struct side *side, uint64_t i)
{
	double rounding = roundings[gemm_output_type(checksum->type)];
	double element = summing(checksum->type, checksum->shape.k) * side->magnitudes[i] /
			 (double)side->length;

	if (checksum->is_exact)
		return 0;
	return deviations_allowed * sqrt(side->squares[i] * rounding * rounding +
					 (double)side->length * element * element);
}

/* A sum that is no number is off whatever is allowed. */
static uint64_t count_off(const struct gemm_checksum *checksum, const struct side *side,
			  uint64_t *ret_first, double *ret_off)
{
	uint64_t off = 0;

	*ret_first = UINT64_MAX;
	for (uint64_t i = 0; i < side->count; i++) {
		double by = side->sums[i] - side->expected[i];

		if (isfinite(by) && fabs(by) <= allowed(checksum, side, i))
			continue;
		if (off++ > 0)
			continue;
		*ret_first = i;
		*ret_off = by;
	}
	return off;
}

bool gemm_checksum_compare(const struct gemm_checksum *checksum, const struct gemm_sums *sums,
			   struct gemm_checksum_fault *ret_fault)
{
	const struct side rows = { checksum->rows,    checksum->row_magnitudes, sums->rows,
				   sums->row_squares, checksum->shape.m,        checksum->shape.n };
	const struct side columns = { checksum->columns, checksum->column_magnitudes,
				      sums->columns,     sums->column_squares,
				      checksum->shape.n, checksum->shape.m };
	struct gemm_checksum_fault fault = { 0 };
	double off = 0;

	fault.column_count = count_off(checksum, &columns, &fault.column, &fault.off);
	fault.row_count = count_off(checksum, &rows, &fault.row, &off);
	if (fault.row_count > 0)
		fault.off = off;
	if (fault.row_count == 0 && fault.column_count == 0)
		return true;
	*ret_fault = fault;
	return false;
}
