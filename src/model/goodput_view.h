/*
 * One set of values of the parameters of goodput, in hours and nodes: what the closed forms and
 * the simulation both start from.
 */
#pragma once

#include "model/checkpoint.h"
#include "model/goodput_study.h"
#include "model/spares.h"

struct goodput_view {
	const double *values;
	double nodes;
	double mean_nodes; /* that a failure takes */
	double mtbf_h;     /* of the job */
	double write_h, recovery_h /* from a failure until the job computes again */;
	double interval_h; /* as given, else Daly's, at least a minute */
};

struct goodput_view goodput_look(const double *values, double mean_nodes);

/* A parameter that is told in minutes. */
double goodput_hours(const struct goodput_view *view, enum goodput_parameter parameter);

struct checkpoint_costs goodput_costs(const struct goodput_view *view);
struct spare_inputs goodput_spares(const struct goodput_view *view);

/* Daly's interval; at least a minute, since without any standstill the best is none at all. */
double goodput_interval_h(double write_h, double mtbf_h);
