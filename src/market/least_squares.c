#include "market/least_squares.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "market/median.h"

enum {
	ROUNDS_MAXIMUM = 50,
};

static const double pivot_least = 1e-9; /* of the column's own square */
static const double share_least = 1e-4; /* of a column in one that is left out */
static const double round_slack = 1e-10;
static const double sigma_of_mad = 1.4826;

struct normal {
	double *matrix; /* X'WX, then its Cholesky factor below the diagonal */
	double *right;  /* X'Wy */
	bool *kept;     /* columns with a pivot of their own */
	size_t count;
};

static void normal_add(struct normal *normal, const struct regression_row *row, double weight)
{
	for (unsigned i = 0; i < row->count; i++) {
		double scaled = weight * row->entries[i];

		normal->right[row->columns[i]] += scaled * row->target;
		for (unsigned j = 0; j < row->count; j++)
			normal->matrix[row->columns[i] * normal->count + row->columns[j]] +=
				scaled * row->entries[j];
	}
}

/* Row k of the factor. */
static void factor_row(struct normal *normal, size_t k)
{
	double *row = normal->matrix + k * normal->count;

	for (size_t j = 0; j < k; j++) {
		const double *other = normal->matrix + j * normal->count;

		if (!normal->kept[j]) {
			row[j] = 0;
			continue;
		}
		for (size_t i = 0; i < j; i++)
			row[j] -= row[i] * other[i];
		row[j] /= other[j];
	}
}

/* Cholesky; a column without a pivot of its own is left out. */
static void factor(struct normal *normal)
{
	for (size_t k = 0; k < normal->count; k++) {
		double *row = normal->matrix + k * normal->count;
		double own = row[k], pivot = own;

		factor_row(normal, k);
		for (size_t j = 0; j < k; j++)
			pivot -= row[j] * row[j];
		normal->kept[k] = own > 0 && pivot > pivot_least * own;
		row[k] = normal->kept[k] ? sqrt(pivot) : 1;
	}
}

static void solve(const struct normal *normal, double *ret_coefficients)
{
	size_t count = normal->count;
	const bool *kept = normal->kept;

	for (size_t k = 0; k < count; k++) {
		double value = normal->right[k];

		for (size_t j = 0; j < k; j++)
			value -= normal->matrix[k * count + j] * ret_coefficients[j];
		ret_coefficients[k] = kept[k] ? value / normal->matrix[k * count + k] : 0;
	}
	for (size_t k = count; k-- > 0;) {
		double value = ret_coefficients[k];

		for (size_t j = k + 1; j < count; j++)
			value -= normal->matrix[j * count + k] * ret_coefficients[j];
		ret_coefficients[k] = kept[k] ? value / normal->matrix[k * count + k] : 0;
	}
}

/* Marks those whose sum, each so many times, column k is: had it been kept, one of them would have
 * been left out instead, and the others have other coefficients. */
static void mark_tied(const struct normal *normal, size_t k, double *shares, bool *known)
{
	size_t count = normal->count;

	memcpy(shares, normal->matrix + k * count, k * sizeof(*shares));
	for (size_t j = k; j-- > 0;) {
		if (!normal->kept[j])
			continue;
		shares[j] /= normal->matrix[j * count + j];
		for (size_t i = 0; i < j; i++)
			shares[i] -= normal->matrix[j * count + i] * shares[j];
		if (fabs(shares[j]) > share_least)
			known[j] = false;
	}
}

static void find_known(const struct normal *normal, double *scratch, bool *ret_known)
{
	memcpy(ret_known, normal->kept, normal->count * sizeof(*ret_known));
	for (size_t k = 0; k < normal->count; k++)
		if (!normal->kept[k])
			mark_tied(normal, k, scratch, ret_known);
}

static double residual(const struct regression_row *row, const double *coefficients)
{
	double value = row->target;

	for (unsigned i = 0; i < row->count; i++)
		value -= row->entries[i] * coefficients[row->columns[i]];
	return value;
}

static void reweigh(const struct regression_row *rows, size_t row_count, const double *coefficients,
		    double *scratch, double scale_least, double *weights)
{
	double scale;

	for (size_t i = 0; i < row_count; i++)
		scratch[i] = fabs(residual(&rows[i], coefficients));
	scale = HUBER_TUNING * fmax(sigma_of_mad * median_of(scratch, row_count), scale_least);
	for (size_t i = 0; i < row_count; i++) {
		double distance = fabs(residual(&rows[i], coefficients));

		weights[i] = rows[i].weight * (distance > scale ? scale / distance : 1);
	}
}

static void fit(const struct regression_row *rows, size_t row_count, const double *weights,
		struct normal *normal, double *coefficients)
{
	memset(normal->matrix, 0, normal->count * normal->count * sizeof(*normal->matrix));
	memset(normal->right, 0, normal->count * sizeof(*normal->right));
	for (size_t i = 0; i < row_count; i++)
		normal_add(normal, &rows[i], weights[i]);
	factor(normal);
	solve(normal, coefficients);
}

static double largest_step(const double *a, const double *b, size_t count)
{
	double step = 0;

	for (size_t i = 0; i < count; i++)
		step = fmax(step, fabs(a[i] - b[i]));
	return step;
}

void regress_robust(const struct regression_row *rows, size_t row_count, size_t column_count,
		    double scale_least, double *ret_coefficients, bool *ret_known)
{
	SCOPED_ARENA(arena);
	struct normal normal = {
		.matrix = ARENA_ARRAY(&arena, double, column_count *column_count),
		.right = ARENA_ARRAY(&arena, double, column_count),
		.kept = ARENA_ARRAY(&arena, bool, column_count),
		.count = column_count,
	};
	double *weights = ARENA_ARRAY(&arena, double, row_count);
	double *scratch = ARENA_ARRAY(&arena, double, row_count);
	double *last = ARENA_ARRAY(&arena, double, column_count);

	for (size_t i = 0; i < row_count; i++)
		weights[i] = rows[i].weight;
	fit(rows, row_count, weights, &normal, ret_coefficients);
	for (unsigned round = 0; round < ROUNDS_MAXIMUM; round++) {
		memcpy(last, ret_coefficients, column_count * sizeof(*last));
		reweigh(rows, row_count, last, scratch, scale_least, weights);
		fit(rows, row_count, weights, &normal, ret_coefficients);
		if (largest_step(last, ret_coefficients, column_count) < round_slack)
			break;
	}
	find_known(&normal, last, ret_known);
}
