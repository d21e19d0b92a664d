#include "active/gpu_rate.h"

#include "host/system.h"

/* The kernel may need a moment before it starts, and a copy of less than this is mostly that. */
static bool measure_once(struct gpu_child *child, const struct gpu_work *work,
			 struct gpu_timer *timer, double *ret_seconds, struct error *err)
{
	const struct gpu_device *device = &child->device;

	return gpu_timer_start(device, timer, NULL, err) &&
	       work->action(child, work->what, NULL, err) &&
	       gpu_timer_end(device, timer, NULL, ret_seconds, err);
}

static bool repeat(struct gpu_child *child, const struct gpu_work *work,
		   const struct gpu_effort *effort, struct gpu_timer *timer,
		   struct repeats_summary *ret_rate, struct error *err)
{
	const struct host here = { .root = NULL };
	const int64_t end_ns = host_boot_ns(&here) + (int64_t)(effort->limit_s * 1e9);
	struct repeats repeats = { .count = 0 };
	double seconds;

	if (!measure_once(child, work, timer, &seconds, err))
		return false;
	do {
		if (!measure_once(child, work, timer, &seconds, err))
			return false;
		if (!(seconds > 0))
			return fail(err, ERROR_INVALID, "%s: its clock says that no time passed",
				    child->device.gpu);
		repeats_add(&repeats, work->bytes / seconds);
	} while (!repeats_are_enough(&repeats, effort->width) &&
		 (repeats.count < REPEATS_LEAST || host_boot_ns(&here) < end_ns));
	*ret_rate = repeats_summary(&repeats);
	return true;
}

bool gpu_rate(struct gpu_child *child, const struct gpu_work *work, const struct gpu_effort *effort,
	      struct repeats_summary *ret_rate, struct error *err)
{
	struct gpu_timer timer;

	if (!gpu_timer_make(&child->device, &timer, err))
		return false;
	bool good = repeat(child, work, effort, &timer, ret_rate, err);

	gpu_timer_drop(&child->device, &timer);
	return good;
}

void gpu_rate_say(struct worker_port *port, const char *device, enum measure measure,
		  const struct repeats_summary *rate)
{
	say_value(port, device, measure, rate->median);
	say_value(port, device, NODE_TEST_GPU_SPREAD, 100 * rate->spread);
}
