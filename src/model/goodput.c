#include "model/goodput.h"

#include <assert.h>
#include <math.h>

enum {
	HOURS_OF_DAY = 24,
	NODES_OF_RATE = 1000,
};

const char *const recovery_names[] = {
	[RECOVERY_COLD] = "cold",
	[RECOVERY_HOT] = "hot",
	[RECOVERY_TOLERANT] = "tolerant",
};
static_assert(sizeof(recovery_names) / sizeof(recovery_names[0]) == RECOVERY_COUNT,
	      "a name for each way to recover");

/* Hours that all GPUs of the job lose with one failure. */
static double standing_h(const struct expense_inputs *inputs)
{
	double half = inputs->checkpoint_h / 2;
	double lost = inputs->sum ? inputs->detect_h + half : fmax(inputs->detect_h, half);

	switch (inputs->recovery) {
	case RECOVERY_COLD:
		return lost + inputs->initialise_h + inputs->replace_h;
	case RECOVERY_HOT:
		return lost + inputs->initialise_h;
	case RECOVERY_TOLERANT:
		return inputs->detect_h + inputs->failover_h;
	case RECOVERY_COUNT:
		break;
	}
	assert(false); /* it is one of these */
	return NAN;
}

struct expense goodput_expense(const struct expense_inputs *inputs)
{
	struct expense expense = {
		.standing = standing_h(inputs) * inputs->gpus / inputs->mtbf,
		.idle = inputs->idle,
		.overhead = inputs->overhead,
	};

	if (inputs->recovery != RECOVERY_COLD)
		expense.blast = inputs->replace_h * inputs->blast / inputs->mtbf;
	expense.total = expense.standing + expense.blast + expense.idle + expense.overhead;
	return expense;
}

double goodput_cost(double price, double lost)
{
	return lost < 1 ? price / (1 - lost) : (double)INFINITY;
}

double failures_per_1000_node_days(double mtbf_gpu_hours, double gpus_per_node)
{
	return NODES_OF_RATE * HOURS_OF_DAY * gpus_per_node / mtbf_gpu_hours;
}

double mtbf_of_node_days(double failures, double gpus_per_node)
{
	return NODES_OF_RATE * HOURS_OF_DAY * gpus_per_node / failures;
}

double job_mtbf_h(double mtbf_gpu_hours, double gpus)
{
	return mtbf_gpu_hours / gpus;
}

double goodput_availability(double failures_per_hour, double repair_h)
{
	return 1 / (1 + failures_per_hour * repair_h);
}

double goodput_allowance_h(double useful, double mtbf_h)
{
	return (1 - useful) * mtbf_h;
}

struct fleet_goodput goodput_of_fleet(double available, double allocated, double productive)
{
	return (struct fleet_goodput){
		.scheduling = 1 - available,
		.allocation = available * (1 - allocated),
		.production = available * allocated * (1 - productive),
		.total = available * allocated * productive,
	};
}
