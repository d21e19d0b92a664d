/* Curves of a node from the records of its newest day, beside what others measured. */
#include <math.h>

#include "check/collective/curve.h"
#include "web/node_look.h"

enum {
	CURVES_MAXIMUM = 16,
};

/* Where a reference is known for a size there is a band; its source is the last one's. */
static void fill_band(const struct machine *machine, const struct handbook *handbook,
		      const struct curve *from, struct arena *arena, struct node_curve *curve)
{
	double *low = ARENA_ARRAY(arena, double, from->count);
	double *high = ARENA_ARRAY(arena, double, from->count);
	struct curve_band band = { .source = NULL };

	for (unsigned i = 0; i < from->count; i++) {
		bool known =
			curve_band(handbook, machine->shape, from, from->points[i].bytes, &band);

		low[i] = known ? band.low : (double)NAN;
		high[i] = known ? band.high : (double)NAN;
	}
	if (!band.source)
		return;
	curve->low = low;
	curve->high = high;
	curve->reference = arena_format(arena, "figures.tsv line %u (%s)", band.line, band.source);
}

static void fill_curve(const struct curve *from, struct arena *arena, struct node_curve *curve)
{
	double *x = ARENA_ARRAY(arena, double, from->count);
	double *y = ARENA_ARRAY(arena, double, from->count);

	for (unsigned i = 0; i < from->count; i++) {
		x[i] = from->points[i].bytes;
		y[i] = from->points[i].busbw;
	}
	curve->x = x;
	curve->y = y;
	curve->count = from->count;
}

void node_look_curves(const struct machine *machine, const struct handbook *handbook,
		      const struct node_place *place, struct arena *arena, struct node_view *view)
{
	struct node_curve *curves = ARENA_ARRAY(arena, struct node_curve, CURVES_MAXIMUM);
	struct curve *from = ARENA_NEW(arena, struct curve);
	uint32_t count = 0;
	size_t at = 0;

	while (count < CURVES_MAXIMUM && curve_next(machine, &at, arena, from)) {
		struct node_curve *curve = &curves[count];

		if (from->count == 0)
			continue;
		*curve = (struct node_curve){
			.title = arena_format(arena, "bus bandwidth, %s", curve_label(from, arena)),
			.unit = "B/s",
			.by_size = true,
			.address = arena_format(
				arena, "/nodes/%s/%s/%s/curve.json?n=%u", place->provider,
				place->cluster[0] ? place->cluster : "*", place->node, count),
		};
		fill_curve(from, arena, curve);
		fill_band(machine, handbook, from, arena, curve);
		count++;
	}
	view->curves = curves;
	view->curve_count = count;
}
