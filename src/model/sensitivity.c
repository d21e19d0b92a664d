#include "model/sensitivity.h"

#include <math.h>
#include <stdlib.h>

#include "base/random.h"

void parameters_values(const struct parameters *parameters, double *into)
{
	for (unsigned i = 0; i < parameters->table->count; i++)
		into[i] = parameters->values[i].value;
}

/* Where the parameter is moved to; both its value when it cannot move. */
static struct swing swing_of(const struct parameters *parameters, unsigned index)
{
	const struct parameter_row *row = &parameters->table->rows[index];
	struct quantity quantity = parameters->values[index];
	double step = fabs(quantity.value) * SENSITIVITY_STEP;
	struct swing swing = {
		.parameter = index,
		.ranged = quantity_is_range(quantity),
		.low = quantity.low,
		.high = quantity.high,
	};

	if (!swing.ranged && !isnan(quantity.value)) {
		swing.low = fmax(row->minimum, quantity.value - step);
		swing.high = fmin(row->maximum, quantity.value + step);
	}
	return swing;
}

static double width(const struct swing *swing)
{
	return fabs(swing->figure_high - swing->figure_low);
}

/* The widest first, equal ones in the order of the table. */
static int compare(const void *left, const void *right)
{
	const struct swing *a = left;
	const struct swing *b = right;

	if (width(a) < width(b) || width(a) > width(b))
		return width(a) < width(b) ? 1 : -1;
	return a->parameter < b->parameter ? -1 : 1;
}

void sensitivity_find(const struct parameters *parameters, figure_of *figure, uint64_t fixed,
		      struct arena *arena, struct swing **ret_swings, unsigned *ret_count)
{
	struct swing *swings = ARENA_ARRAY(arena, struct swing, parameters->table->count);
	double values[PARAMETERS_MAXIMUM];
	unsigned count = 0;

	parameters_values(parameters, values);
	for (unsigned i = 0; i < parameters->table->count; i++) {
		struct swing swing = swing_of(parameters, i);

		values[i] = swing.low;
		swing.figure_low = figure(values);
		values[i] = swing.high;
		swing.figure_high = figure(values);
		values[i] = parameters->values[i].value;
		/* Neither what changes nothing nor what has no figure at an end. */
		if (width(&swing) > 0 && !(fixed >> i & 1))
			swings[count++] = swing;
	}
	qsort(swings, count, sizeof(*swings), compare);
	*ret_swings = swings;
	*ret_count = count;
}

static bool has_range(const struct parameters *parameters)
{
	for (unsigned i = 0; i < parameters->table->count; i++) {
		if (quantity_is_range(parameters->values[i]))
			return true;
	}
	return false;
}

struct quantity figure_spread(const struct parameters *parameters, figure_of *figure, uint64_t seed,
			      uint32_t draws)
{
	SCOPED_ARENA(scratch);
	double values[PARAMETERS_MAXIMUM];
	uint64_t keys[PARAMETERS_MAXIMUM];

	parameters_values(parameters, values);
	struct quantity spread = quantity_of(figure(values));
	if (draws == 0 || !has_range(parameters))
		return spread;

	double *figures = ARENA_ARRAY(&scratch, double, draws);
	for (unsigned i = 0; i < parameters->table->count; i++)
		keys[i] = random_join(seed, random_key(span_of(parameters->table->rows[i].name)));
	for (uint32_t draw = 0; draw < draws; draw++) {
		for (unsigned i = 0; i < parameters->table->count; i++)
			values[i] = quantity_draw(parameters->values[i], keys[i], draw);
		figures[draw] = figure(values);
	}
	return quantity_of_draws(spread.value, figures, draws);
}
