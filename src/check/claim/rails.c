#include "check/claim/rails.h"

#include <math.h>
#include <string.h>

#include "check/reference.h"

static const char measure_name[] = "node.test.rdma.bandwidth";

/* The rate that most ports have; of equally many the higher one. 0 when none is known. */
static double usual_rate(const struct machine *machine)
{
	const struct record *one, *other;
	double usual = 0;
	size_t most = 0, at = 0;

	while ((one = machine_next(machine, NODE_RDMA_RATE, &at))) {
		size_t alike = 0, inner = 0;

		if (one->says != SAYS_VALUE || !(one->value > 0))
			continue;
		while ((other = machine_next(machine, NODE_RDMA_RATE, &inner)))
			alike += other->says == SAYS_VALUE && fabs(other->value - one->value) < 0.5;
		if (alike > most || (alike == most && one->value > usual)) {
			most = alike;
			usual = one->value;
		}
	}
	return usual;
}

double rails_left_out(const struct machine *machine, size_t *ret_ports)
{
	double usual = usual_rate(machine), sum = 0;
	const struct record *one;
	size_t at = 0;

	*ret_ports = 0;
	while ((one = machine_next(machine, NODE_RDMA_RATE, &at))) {
		if (one->says != SAYS_VALUE || fabs(one->value - usual) < 0.5)
			continue;
		sum += one->value;
		*ret_ports += 1;
	}
	return sum;
}

/* True when a record is about a write of the port: "rdma:mlx5_0/1/write:65536". */
static bool is_write_of(const struct record *record, const char *port)
{
	const char *device = record->subject.parts[SUBJECT_DEVICE];
	size_t length = strlen(port);

	return device && strncmp(device, port, length) == 0 &&
	       strncmp(device + length, "/write", 6) == 0;
}

/* The most that a port wrote, of all sizes; NULL when it was not measured. */
static const struct record *best_of(const struct machine *machine, const char *port)
{
	const struct record *one, *best = NULL;
	enum measure measure;
	size_t at = 0;

	if (!measure_find(measure_name, &measure))
		return NULL;
	while ((one = machine_next(machine, measure, &at))) {
		if (one->says == SAYS_VALUE && is_write_of(one, port) &&
		    (!best || one->value > best->value))
			best = one;
	}
	return best;
}

struct rails {
	size_t count, measured;
	double sum, least;
	const struct record *slowest;
};

static void take_port(const struct machine *machine, const struct record *rate, struct rails *rails)
{
	const struct record *best = best_of(machine, rate->subject.parts[SUBJECT_DEVICE]);
	double value = best ? best->value * 8e-9 : rate->value;

	rails->count++;
	rails->measured += best != NULL;
	rails->sum += value;
	if (rails->slowest && value >= rails->least)
		return;
	rails->least = value;
	rails->slowest = best ? best : rate;
}

void rails_find(const struct machine *machine, struct arena *arena, struct delivered *ret_delivered)
{
	double usual = usual_rate(machine);
	struct rails rails = { 0 };
	const struct record *one;
	size_t at = 0;

	*ret_delivered = (struct delivered){ .how = "" };
	while ((one = machine_next(machine, NODE_RDMA_RATE, &at))) {
		if (one->says == SAYS_VALUE && fabs(one->value - usual) < 0.5 &&
		    one->subject.parts[SUBJECT_DEVICE])
			take_port(machine, one, &rails);
	}
	if (rails.count == 0) {
		ret_delivered->why_not = "no RDMA port tells its rate";
		return;
	}
	ret_delivered->is_known = true;
	ret_delivered->value = ret_delivered->low = ret_delivered->high = rails.sum;
	ret_delivered->is_bound = rails.measured < rails.count;
	ret_delivered->confidence = ret_delivered->is_bound ? CONFIDENCE_LOW : CONFIDENCE_MEDIUM;
	ret_delivered->evidence[0] = rails.slowest;
	ret_delivered->how = arena_format(
		arena, "%zu rails of %.0f Gb/s%s, the slowest %.4g Gb/s", rails.count, usual,
		rails.measured == rails.count ? ""
		: rails.measured == 0         ? " by their links, none was measured"
					      : ", some by their links alone",
		rails.least);
}

/* Sum over the links of one GPU; negative when a link does not tell. */
static double links_of(const struct machine *machine, const char *gpu)
{
	const struct record *one;
	size_t at = 0, length = strlen(gpu);
	double sum = 0;

	while ((one = machine_next(machine, NODE_GPU_LINK_SPEED, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];

		if (!device || strncmp(device, gpu, length) != 0 || device[length] != '/')
			continue;
		if (one->says != SAYS_VALUE)
			return -1;
		sum += one->value;
	}
	return sum;
}

void links_find(const struct machine *machine, struct arena *arena, struct delivered *ret_delivered)
{
	const struct record *one, *least = NULL;
	double value = 0;
	size_t at = 0, count = 0;

	*ret_delivered = (struct delivered){ .how = "", .why_not = "no link tells its rate" };
	while ((one = machine_next(machine, NODE_GPU_ANSWERS, &at))) {
		const char *gpu = one->subject.parts[SUBJECT_DEVICE];
		double sum = gpu ? links_of(machine, gpu) : -1;

		if (sum <= 0)
			return;
		if (!least || sum < value) {
			least = one;
			value = sum;
		}
		count++;
	}
	if (!least)
		return;
	ret_delivered->is_known = true;
	ret_delivered->is_bound = true;
	ret_delivered->value = ret_delivered->low = ret_delivered->high = value * 1e-9;
	ret_delivered->confidence = CONFIDENCE_LOW;
	ret_delivered->evidence[0] = least;
	ret_delivered->how =
		arena_format(arena, "by the links of %zu GPUs, no copy was measured", count);
}
