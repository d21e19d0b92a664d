#include "check/cohort.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check/checkup.h"
#include "check/reference.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool starts(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* The kinds of devices whose name is an address, or a number given by the kernel. */
static bool is_addressed(const char *device)
{
	static const char *const kinds[] = {
		"gpu:", "pci:", "rdma:", "net:", "numa:", "disk:", "core:", "cpu:",
	};

	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (starts(device, kinds[i]))
			return true;
	}
	return false;
}

const char *device_role(const char *device, struct arena *arena)
{
	const char *part, *colon = strchr(device, ':');

	if (!is_addressed(device) || !colon)
		return device;
	part = strchr(colon, '/');
	if (part && starts(part, "/to:"))
		part = "/to:~";
	return arena_format(arena, "%.*s:~%s", (int)(colon - device), device, part ? part : "");
}

static bool is_same(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

static const char *driver_of(const struct machine *machine)
{
	const char *nvidia = machine_state(machine, NODE_NVIDIA_DRIVER, NULL);

	return nvidia ? nvidia : machine_state(machine, NODE_AMD_DRIVER, NULL);
}

bool cohort_is_like(const struct machine *machine, const struct machine *other)
{
	if (strcmp(machine->name, other->name) == 0 || machine->shape != other->shape)
		return false;
	if (machine->shape)
		return is_same(driver_of(machine), driver_of(other));
	return is_same(machine_state(machine, NODE_CPU_MODEL, NULL),
		       machine_state(other, NODE_CPU_MODEL, NULL));
}

static bool is_of_role(const struct record *record, const char *role, struct arena *arena)
{
	const char *device = record->subject.parts[SUBJECT_DEVICE];

	if (!device || !role)
		return !device && !role;
	return strcmp(device_role(device, arena), role) == 0;
}

/* How many devices of the role stand before it. */
static size_t place_of(const struct machine *machine, enum measure measure, const char *device,
		       const char *role, struct arena *arena)
{
	const struct record *one;
	size_t at = 0, place = 0;

	while (device && (one = machine_next(machine, measure, &at))) {
		if (is_same(one->subject.parts[SUBJECT_DEVICE], device))
			break;
		place += is_of_role(one, role, arena);
	}
	return place;
}

static bool value_at(const struct machine *machine, enum measure measure, const char *role,
		     size_t place, struct arena *arena, double *ret_value)
{
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(machine, measure, &at))) {
		if (!is_of_role(one, role, arena) || place-- > 0)
			continue;
		if (one->says != SAYS_VALUE)
			return false;
		*ret_value = one->value;
		return true;
	}
	return false;
}

static int compare_values(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

/* Sorts the values. */
static double median_of(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), compare_values);
	return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

struct cohort_figure cohort_find(const struct check_input *seen, enum measure measure,
				 const char *device, struct arena *arena)
{
	double values[REFERENCE_COHORT_MAXIMUM];
	struct cohort_figure figure = { 0 };
	const char *role;
	size_t place;

	if (!seen->machine || seen->cohort_count == 0)
		return figure;
	role = device ? device_role(device, arena) : NULL;
	place = place_of(seen->machine, measure, device, role, arena);
	for (size_t i = 0; i < seen->cohort_count && figure.nodes < COUNT(values); i++) {
		if (cohort_is_like(seen->machine, &seen->cohort[i]) &&
		    value_at(&seen->cohort[i], measure, role, place, arena, &values[figure.nodes]))
			figure.nodes++;
	}
	if (figure.nodes == 0)
		return figure;
	figure.median = median_of(values, figure.nodes);
	for (size_t i = 0; i < figure.nodes; i++)
		values[i] = fabs(values[i] - figure.median);
	figure.deviation = 1.4826 * median_of(values, figure.nodes);
	return figure;
}

/* Of a normal distribution, by simulation of at least 300,000 cohorts of each size: the 0.99
 * quantile of (median - x) / (1.4826 MAD), x another node. A size between two takes the smaller
 * one's. */
double cohort_width(size_t nodes)
{
	static const struct {
		size_t nodes;
		double width;
	} widths[] = {
		{ 128, 2.42 }, { 64, 2.52 }, { 32, 2.74 }, { 24, 2.91 }, { 16, 3.27 },
		{ 12, 3.69 },  { 10, 4.07 }, { 8, 4.76 },  { 6, 6.13 },  { 5, 10.09 },
	};

	for (size_t i = 0; i < COUNT(widths); i++) {
		if (nodes >= widths[i].nodes)
			return widths[i].width;
	}
	return (double)INFINITY;
}

static bool is_fit(const struct check_input *seen, const struct machine *machine,
		   struct arena *arena)
{
	static const enum check_profile profiles[] = { PROFILE_QUICK, PROFILE_ACTIVE };

	for (size_t i = 0; i < COUNT(profiles); i++) {
		struct check_input input = *seen;
		struct checkup checkup;

		input.machine = machine;
		input.golden = NULL;
		input.cohort = NULL;
		input.cohort_count = 0;
		checkup_run(&input, profiles[i], NULL, arena, &checkup);
		if (checkup.gate == VERDICT_FAIL)
			return false;
	}
	return true;
}

size_t cohort_choose(const struct check_input *seen, const struct machine *machines, size_t count,
		     struct arena *arena, const struct machine **ret_cohort, size_t *ret_refused)
{
	struct machine *cohort = ARENA_ARRAY(arena, struct machine, count + 1);
	size_t chosen = 0;

	for (size_t i = 0; i < count; i++) {
		if (is_fit(seen, &machines[i], arena))
			cohort[chosen++] = machines[i];
	}
	*ret_cohort = cohort;
	if (ret_refused)
		*ret_refused = count - chosen;
	return chosen;
}
