#include "market/trend_fit.h"

#include <math.h>
#include <string.h>

#include "market/median.h"

enum {
	ROUNDS_MAXIMUM = 50,
};

static const double huber_tuning = 1.345;
static const double sigma_of_mad = 1.4826;
static const double reach_least = 0.005; /* half a percent of the price is never far off */
static const double round_slack = 1e-9;
static const double length_least = 1e-9;

static double dot(const double *a, const double *b, size_t count)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += a[i] * b[i];
	return sum;
}

void bent_line_init(struct bent_line *line, const double *time, const double *told, size_t count,
		    struct arena *arena)
{
	*line = (struct bent_line){
		.count = count,
		.time = time,
		.told = told,
		.target = ARENA_ARRAY(arena, double, count),
		.fitted = ARENA_ARRAY(arena, double, count),
		.base = ARENA_ARRAY(arena, double, count *(TREND_TURNS_MAXIMUM + 2)),
		.scratch = ARENA_ARRAY(arena, double, count),
	};
	memcpy(line->target, told, count * sizeof(*told));
	bent_line_fit(line);
}

void bent_line_residue(const struct bent_line *line, double *values)
{
	for (unsigned k = 0; k < line->base_count; k++) {
		const double *column = line->base + k * line->count;
		double share = dot(column, values, line->count);

		for (size_t i = 0; i < line->count; i++)
			values[i] -= share * column[i];
	}
}

/* Takes from the column what the base says, twice against rounding, and makes it of length 1. */
static bool make_orthonormal(const struct bent_line *line, double *column)
{
	double before = sqrt(dot(column, column, line->count));
	double length;

	bent_line_residue(line, column);
	bent_line_residue(line, column);
	length = sqrt(dot(column, column, line->count));
	if (!(length > length_least * before))
		return false;
	for (size_t i = 0; i < line->count; i++)
		column[i] /= length;
	return true;
}

static void fill_hinge(const struct bent_line *line, size_t point, double *column)
{
	for (size_t i = 0; i < line->count; i++)
		column[i] = i > point ? line->time[i] - line->time[point] : 0;
}

bool bent_line_hinge(const struct bent_line *line, size_t point, double *ret_hinge)
{
	fill_hinge(line, point, ret_hinge);
	return make_orthonormal(line, ret_hinge);
}

static void add_column(struct bent_line *line)
{
	line->base_count += make_orthonormal(line, line->base + line->base_count * line->count);
}

void bent_line_base(struct bent_line *line, unsigned skip)
{
	line->base_count = 0;
	for (size_t i = 0; i < line->count; i++)
		line->base[i] = 1;
	add_column(line);
	memcpy(line->base + line->base_count * line->count, line->time,
	       line->count * sizeof(*line->time));
	add_column(line);
	for (unsigned k = 0; k < line->knot_count; k++) {
		if (k == skip)
			continue;
		fill_hinge(line, line->knots[k], line->base + line->base_count * line->count);
		add_column(line);
	}
}

static void refit(struct bent_line *line)
{
	memcpy(line->fitted, line->target, line->count * sizeof(*line->fitted));
	bent_line_residue(line, line->fitted);
	for (size_t i = 0; i < line->count; i++)
		line->fitted[i] = line->target[i] - line->fitted[i];
}

double bent_line_noise(const struct bent_line *line)
{
	for (size_t i = 0; i < line->count; i++)
		line->scratch[i] = fabs(line->told[i] - line->fitted[i]);
	return sigma_of_mad * median_of(line->scratch, line->count);
}

/* The largest change of the target. */
static double draw_in(struct bent_line *line)
{
	double reach = huber_tuning * fmax(bent_line_noise(line), reach_least);
	double step = 0;

	for (size_t i = 0; i < line->count; i++) {
		double off = line->told[i] - line->fitted[i];
		double target = line->fitted[i] + fmax(-reach, fmin(reach, off));

		step = fmax(step, fabs(target - line->target[i]));
		line->target[i] = target;
	}
	return step;
}

void bent_line_fit(struct bent_line *line)
{
	bent_line_base(line, line->knot_count);
	memcpy(line->target, line->told, line->count * sizeof(*line->target));
	refit(line);
	for (unsigned round = 0; round < ROUNDS_MAXIMUM; round++) {
		double step = draw_in(line);

		refit(line);
		if (step < round_slack)
			return;
	}
}

double bent_line_spread(const struct bent_line *line)
{
	double freedom = (double)line->count / (double)(line->count - line->base_count);
	size_t whole = 0;

	for (size_t i = 0; i < line->count; i++)
		whole += fabs(line->told[i] - line->target[i]) < round_slack;
	return sqrt(freedom) * (double)line->count / fmax((double)whole, 1);
}
