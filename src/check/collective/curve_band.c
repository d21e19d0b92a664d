#include <assert.h>
#include <math.h>
#include <string.h>

#include "check/collective/curve.h"
#include "check/reference.h"

const struct curve_rows curve_rows[] = {
	[COLLECTIVE_ALL_REDUCE] = { "all_reduce_busbw", "all_reduce_busbw_min" },
	[COLLECTIVE_ALL_GATHER] = { "all_gather_busbw", "all_gather_busbw_ref" },
	[COLLECTIVE_REDUCE_SCATTER] = { "reduce_scatter_busbw", "reduce_scatter_busbw_ref" },
	[COLLECTIVE_ALL_TO_ALL] = { "alltoall_busbw", "alltoall_busbw_ref" },
	[COLLECTIVE_BROADCAST] = { "broadcast_busbw", "broadcast_busbw_ref" },
	[COLLECTIVE_SEND_RECEIVE] = { "sendrecv_busbw", "sendrecv_busbw_ref" },
};
static_assert(sizeof(curve_rows) / sizeof(curve_rows[0]) == COLLECTIVE_COUNT, "one for each");

bool curve_is_usual(const struct curve *curve)
{
	return strcmp(curve->way, "nvlink") == 0 || strcmp(curve->way, "network") == 0 ||
	       strcmp(curve->way, "nccl-tests") == 0;
}

bool curve_band(const struct handbook *handbook, const struct shape_row *shape,
		const struct curve *curve, double bytes, struct curve_band *ret_band)
{
	struct curve_band band = { .low = (double)INFINITY, .high = 0 };
	int closest = 1;

	if (!handbook || !shape || !curve_is_usual(curve))
		return false;
	for (size_t i = 0; i < handbook->figure_count; i++) {
		const struct figure_row *row = &handbook->figures[i];
		double value = figure_in_base_unit(row);
		int fits = figure_fits(row, shape);

		if (row->kind != FIGURE_MEASURED || fits < closest || !figure_usable(row) ||
		    strcmp(row->metric, curve_rows[curve->collective].metric) != 0 ||
		    row->gpus != curve->ranks || row->nodes != curve->nodes ||
		    fabs(size_bytes(row->size) - bytes) >= 0.5)
			continue;
		/* Rows of the model itself go before those of its family. */
		if (fits > closest)
			band = (struct curve_band){ .low = (double)INFINITY };
		closest = fits;
		band.low = fmin(band.low, value * REFERENCE_FAILS);
		band.high = fmax(band.high, value);
		band.line = row->line;
		band.source = row->source;
	}
	if (!band.source)
		return false;
	*ret_band = band;
	return true;
}
