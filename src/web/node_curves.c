/* Curves of a node from the records of its newest day. */
#include <stdlib.h>
#include <string.h>

#include "web/node_look.h"

enum {
	CURVES_MAXIMUM = 16,
	SIZES_MAXIMUM = 64,
};

struct point {
	double bytes, busbw;
};

static int by_bytes(const void *a, const void *b)
{
	const struct point *one = a;
	const struct point *other = b;

	return (one->bytes > other->bytes) - (one->bytes < other->bytes);
}

/* "collective:all_reduce:all" of "collective:all_reduce:all/1048576", and the bytes. */
static bool split(const char *device, struct span *ret_name, double *ret_bytes)
{
	const char *slash = strrchr(device, '/');

	if (!slash || !span_starts(span_of(device), "collective:"))
		return false;
	*ret_name = (struct span){ device, (size_t)(slash - device) };
	return span_to_double(span_of(slash + 1), ret_bytes);
}

static bool is_known(const struct node_curve *curves, uint32_t count, struct span name)
{
	for (uint32_t i = 0; i < count; i++)
		if (span_is(name, curves[i].title))
			return true;
	return false;
}

static void fill_curve(const struct machine *machine, struct span name, struct arena *arena,
		       struct node_curve *curve)
{
	struct point points[SIZES_MAXIMUM];
	double *x, *y;
	size_t at = 0, count = 0;

	for (const struct record *record;
	     count < SIZES_MAXIMUM &&
	     (record = machine_next(machine, NODE_TEST_COLLECTIVE_BUSBW, &at));) {
		struct span of;
		double bytes;

		if (record->says == SAYS_VALUE &&
		    split(record->subject.parts[SUBJECT_DEVICE], &of, &bytes) &&
		    span_equal(of, name))
			points[count++] = (struct point){ bytes, record->value };
	}
	qsort(points, count, sizeof(points[0]), by_bytes);
	x = ARENA_ARRAY(arena, double, count + 1);
	y = ARENA_ARRAY(arena, double, count + 1);
	for (size_t i = 0; i < count; i++) {
		x[i] = points[i].bytes;
		y[i] = points[i].busbw;
	}
	curve->x = x;
	curve->y = y;
	curve->count = count;
}

void node_look_curves(const struct machine *machine, const struct node_place *place,
		      struct arena *arena, struct node_view *view)
{
	struct node_curve *curves = ARENA_ARRAY(arena, struct node_curve, CURVES_MAXIMUM);
	uint32_t count = 0;
	size_t at = 0;

	for (const struct record *record;
	     count < CURVES_MAXIMUM &&
	     (record = machine_next(machine, NODE_TEST_COLLECTIVE_BUSBW, &at));) {
		const char *device = record->subject.parts[SUBJECT_DEVICE];
		struct span name;
		double bytes;

		if (!device || !split(device, &name, &bytes) || is_known(curves, count, name))
			continue;
		curves[count] = (struct node_curve){
			.title = arena_string(arena, name),
			.unit = "B/s",
			.by_size = true,
			.address = arena_format(
				arena, "/nodes/%s/%s/%s/curve.json?n=%u", place->provider,
				place->cluster[0] ? place->cluster : "*", place->node, count),
		};
		fill_curve(machine, name, arena, &curves[count++]);
	}
	view->curves = curves;
	view->curve_count = count;
}
