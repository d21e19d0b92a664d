#include "model/rental.h"

#include <assert.h>
#include <math.h>

#include "model/sensitivity.h"

enum {
	GB_PER_TB = 1000,
	HOURS_PER_DAY = 24,
	MONTHS_PER_YEAR = 12,
};

static const struct parameter_row rows[] = {
	[RENT_GPUS] = { "gpus", "GPUs", NAN, 1, 1e7, "that are rented", "" },
	[RENT_PRICE] = { "price", "USD/GPU-hour", NAN, 0, 10000, "that is asked", "" },
	[RENT_TERM] = { "term", "months", NAN, 0.01, 240, "that they are rented for", "" },
	[RENT_HOURS] = { "hours", "h", 730, 672, 744, "of a month; 720 where a bill counts 30 days",
			 "8,760 / 12" },
	[RENT_HOT_TB] = { "hot-tb", "TB", 0, 0, 1e9, "of fast storage", "none, unless given" },
	[RENT_HOT_PRICE] = { "hot-price", "USD/GB-month", 0.07, 0, 10, "of fast storage",
			     "0.06-0.09: SemiAnalysis, 2025-03" },
	[RENT_COLD_TB] = { "cold-tb", "TB", 0, 0, 1e9, "of object storage", "none, unless given" },
	[RENT_COLD_PRICE] = { "cold-price", "USD/GB-month", 0.025, 0, 10, "of object storage",
			      "0.02-0.03: SemiAnalysis, 2025-03" },
	[RENT_EGRESS_TB] = { "egress-tb", "TB/month", 0, 0, 1e9, "to the outside",
			     "none, unless given" },
	[RENT_EGRESS_PRICE] = { "egress-price", "USD/GB", 0, 0, 10, "to the outside",
				"free, unless given" },
	[RENT_CONTROL] = { "control", "USD/month", 0, 0, 1e9,
			   "control plane and machines without GPUs", "none, unless given" },
	[RENT_ORCHESTRATION] = { "orchestration", "share", 0, 0, 1,
				 "of the GPU line, where a scheduler is charged by the GPU",
				 "none, unless given" },
	[RENT_SUPPORT] = { "support", "share", 0, 0, 1,
			   "of GPUs, storage, network and control plane",
			   "none, unless given; 3-10 % where charged: SemiAnalysis, 2026-04" },
	[RENT_LOSS] = { "loss", "share", NAN, 0, 0.99,
			"of the GPU-hours that does no work; assay model goodput", "" },
	[RENT_SETUP_DAYS] = { "setup-days", "days", 0, 0, 365,
			      "that are paid before the cluster does work", "none, unless given" },
	[RENT_SETUP_ENGINEERS] = { "setup-engineers", "engineer-months", 0, 0, 10000,
				   "to set it up", "none, unless given" },
	[RENT_DEBUG_ENGINEERS] = { "debug-engineers", "engineers", 0, 0, 10000,
				   "who look for faults of the cloud", "none, unless given" },
	[RENT_ENGINEER] = { "engineer", "USD/year", 200000, 0, 1e7, "that an engineer costs",
			    "SemiAnalysis, 2026-04" },
};
static_assert(sizeof(rows) / sizeof(rows[0]) == RENT_COUNT, "a row for each parameter");

const struct parameter_table rental_table = { "rental", rows, RENT_COUNT };

const char *const rental_line_names[] = {
	[RENT_LINE_GPU] = "gpu",         [RENT_LINE_STORAGE] = "storage",
	[RENT_LINE_NETWORK] = "network", [RENT_LINE_CONTROL] = "control",
	[RENT_LINE_SUPPORT] = "support", [RENT_LINE_GOODPUT] = "goodput",
	[RENT_LINE_SETUP] = "setup",     [RENT_LINE_DEBUG] = "debug",
};
static_assert(sizeof(rental_line_names) / sizeof(rental_line_names[0]) == RENT_LINE_COUNT,
	      "a name for each line");

void rental_cost(const double values[RENT_COUNT], struct rental_cost *ret_cost)
{
	double engineer_month = values[RENT_ENGINEER] / MONTHS_PER_YEAR;
	double day = values[RENT_GPUS] * values[RENT_PRICE] * HOURS_PER_DAY;
	struct rental_cost cost = { .gpu_hours = values[RENT_GPUS] * values[RENT_HOURS] };
	double *month = cost.month;

	month[RENT_LINE_GPU] = cost.gpu_hours * values[RENT_PRICE];
	month[RENT_LINE_STORAGE] = GB_PER_TB * (values[RENT_HOT_TB] * values[RENT_HOT_PRICE] +
						values[RENT_COLD_TB] * values[RENT_COLD_PRICE]);
	month[RENT_LINE_NETWORK] = GB_PER_TB * values[RENT_EGRESS_TB] * values[RENT_EGRESS_PRICE];
	month[RENT_LINE_CONTROL] =
		values[RENT_CONTROL] + values[RENT_ORCHESTRATION] * month[RENT_LINE_GPU];
	for (unsigned i = 0; i < RENT_LINE_SUPPORT; i++)
		month[RENT_LINE_SUPPORT] += values[RENT_SUPPORT] * month[i];
	month[RENT_LINE_GOODPUT] = values[RENT_LOSS] * month[RENT_LINE_GPU];
	cost.setup_once =
		values[RENT_SETUP_DAYS] * day + values[RENT_SETUP_ENGINEERS] * engineer_month;
	month[RENT_LINE_SETUP] = cost.setup_once / values[RENT_TERM];
	month[RENT_LINE_DEBUG] = values[RENT_DEBUG_ENGINEERS] * engineer_month;
	for (unsigned i = 0; i < RENT_LINE_COUNT; i++)
		cost.total_month += month[i];
	cost.total_term = cost.total_month * values[RENT_TERM];
	cost.paid_hour = cost.total_month / cost.gpu_hours;
	cost.useful_hour = (cost.total_month - month[RENT_LINE_GOODPUT]) /
			   (cost.gpu_hours * (1 - values[RENT_LOSS]));
	*ret_cost = cost;
}

double rental_hour(const double *values)
{
	struct rental_cost cost;

	rental_cost(values, &cost);
	return cost.paid_hour;
}

bool rental_check(const struct parameters *parameters, struct error *err)
{
	const struct quantity *values = parameters->values;

	if (!parameters_complete(parameters, err))
		return false;
	if (values[RENT_SETUP_DAYS].high * HOURS_PER_DAY >
	    values[RENT_TERM].low * values[RENT_HOURS].low)
		return fail(err, ERROR_CONFLICT,
			    "rental: setup-days is longer than term; nothing would ever run");
	if (values[RENT_EGRESS_PRICE].value > 0 && !(values[RENT_EGRESS_TB].high > 0))
		return fail(err, ERROR_CONFLICT,
			    "rental: egress-price is given without egress-tb; say how much leaves");
	return true;
}
