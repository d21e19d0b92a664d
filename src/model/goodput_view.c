#include "model/goodput_view.h"

#include <math.h>

static const double MINUTES_PER_HOUR = 60;
static const double INTERVAL_LEAST_H = 1.0 / 60;

double goodput_hours(const struct goodput_view *view, enum goodput_parameter parameter)
{
	return view->values[parameter] / MINUTES_PER_HOUR;
}

static double recovery_h(const struct goodput_view *view)
{
	double noticed = goodput_hours(view, GOODPUT_DETECT) + goodput_hours(view, GOODPUT_DRAIN);

	switch ((enum recovery)view->values[GOODPUT_RECOVERY]) {
	case RECOVERY_COLD:
		return noticed + goodput_hours(view, GOODPUT_REPLACE) +
		       goodput_hours(view, GOODPUT_INITIALISE);
	case RECOVERY_TOLERANT:
		return noticed + goodput_hours(view, GOODPUT_FAILOVER);
	case RECOVERY_HOT:
	case RECOVERY_COUNT:
		break;
	}
	return noticed + goodput_hours(view, GOODPUT_INITIALISE);
}

double goodput_interval_h(double write_h, double mtbf_h)
{
	return fmax(checkpoint_daly_h(write_h, mtbf_h), INTERVAL_LEAST_H);
}

struct goodput_view goodput_look(const double *values, double mean_nodes)
{
	struct goodput_view view = { .values = values, .mean_nodes = mean_nodes };

	view.nodes = ceil(values[GOODPUT_GPUS] / values[GOODPUT_NODE]);
	view.mtbf_h = job_mtbf_h(values[GOODPUT_MTBF], values[GOODPUT_GPUS]);
	view.write_h = goodput_hours(&view, GOODPUT_WRITE);
	view.recovery_h = recovery_h(&view);
	view.interval_h = isnan(values[GOODPUT_CHECKPOINT])
				  ? goodput_interval_h(view.write_h, view.mtbf_h)
				  : goodput_hours(&view, GOODPUT_CHECKPOINT);
	return view;
}

struct checkpoint_costs goodput_costs(const struct goodput_view *view)
{
	return (struct checkpoint_costs){
		.interval_h = view->interval_h,
		.write_h = view->write_h,
		.recovery_h = view->recovery_h,
		.mtbf_h = view->mtbf_h,
	};
}

struct spare_inputs goodput_spares(const struct goodput_view *view)
{
	return (struct spare_inputs){
		.failures_per_h = 1 / view->mtbf_h,
		.nodes = view->mean_nodes,
		.repair_h = goodput_hours(view, GOODPUT_REPLACE),
	};
}
