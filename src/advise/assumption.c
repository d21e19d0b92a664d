#include "advise/assumption.h"

#include <assert.h>

static const struct parameter_row rows[] = {
	[ASSUMES_MTBF] = { "mtbf", "GPU-hours", 36700, 1, 1e9,
			   "GPU-hours between failures that stop a job",
			   "15,000 (SemiAnalysis' Silver, 2026) to 3,748 GPU-days (CoreWeave, "
			   "2025); "
			   "the value is their geometric mean" },
	[ASSUMES_RECLAIM] = { "reclaim", "1/node-hour", 0.01, 0, 100,
			      "spot nodes taken away, of one node in an hour",
			      "ours: from one in six weeks to one in a day; measure your own" },
	[ASSUMES_TOGETHER] = { "together", "nodes", 1, 1, 1e6,
			       "spot nodes that are taken away at once",
			       "ours: each by itself, which is the most interruptions" },
	[ASSUMES_WAIT] = { "wait", "s", 900, 0, 2678400, "until another spot node is there",
			   "ours: minutes when there is stock, an hour when there is little" },
	[ASSUMES_DETECT] = { "detect", "s", 900, 0, 86400, "until a failure is noticed",
			     "deep checks 2 min, without them 1 h: SemiAnalysis, 2026" },
	[ASSUMES_NETWORK] = { "network", "share", 0.25, 0.001, 1,
			      "bandwidth of a network that nobody told, of the reference",
			      "ours: 100 of 400 Gb/s, as the rating presumes a quarter of what is "
			      "not shown" },
	[ASSUMES_STORAGE] = { "storage", "USD/GB-month", 0.11, 0, 10,
			      "storage where the offer has no price for it",
			      "0.02 to 0.11: SemiAnalysis, 2025-03 and 2025-11; the dear end" },
	[ASSUMES_EGRESS] = { "egress", "USD/GB", 0.09, 0, 10,
			     "egress where the offer has no price for it",
			     "free at several clouds, 0.09 at a hyperscaler: public price pages, "
			     "2026; the dear end" },
	[ASSUMES_SETUP] = { "setup", "h", 16, 0, 10000,
			    "hours of the team before the first useful one",
			    "ours: an hour on what one knows, a week on what one does not" },
	[ASSUMES_ATTENDED] = { "attended", "h", 0.1, 0, 100,
			       "hours of the team that one interruption takes",
			       "ours: none where restarts are automatic" },
	[ASSUMES_PRICE_AGE] = { "price_age", "days", 30, 0, 36500, "older prices are none any more",
				"ours" },
	[ASSUMES_PRICE_WINDOW] = { "price_window", "days", 28, 0, 36500,
				   "days whose prices make the range of today's", "ours" },
};
static_assert(sizeof(rows) / sizeof(rows[0]) == ASSUMES_COUNT, "a row for each assumption");

static const struct {
	enum assumption index;
	double low, high;
} ranges[] = {
	{ ASSUMES_MTBF, 15000, 89952 }, { ASSUMES_RECLAIM, 0.001, 0.05 },
	{ ASSUMES_WAIT, 120, 3600 },    { ASSUMES_DETECT, 120, 3600 },
	{ ASSUMES_NETWORK, 0.25, 1 },   { ASSUMES_STORAGE, 0.02, 0.11 },
	{ ASSUMES_EGRESS, 0, 0.09 },    { ASSUMES_SETUP, 1, 40 },
	{ ASSUMES_ATTENDED, 0, 0.5 },
};

const struct parameter_table assumption_table = {
	.name = "advise",
	.rows = rows,
	.count = ASSUMES_COUNT,
};

void assumptions_init(struct parameters *assumptions)
{
	parameters_init(assumptions, &assumption_table);
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		assumptions->values[ranges[i].index].low = ranges[i].low;
		assumptions->values[ranges[i].index].high = ranges[i].high;
	}
}

double quantity_at(struct quantity quantity, enum corner corner, bool more_is_dear)
{
	if (corner == CORNER_VALUE)
		return quantity.value;
	return (corner == CORNER_DEAR) == more_is_dear ? quantity.high : quantity.low;
}
