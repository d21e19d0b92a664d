#include "active/burn_say.h"

#define NS_PER_S 1e9

/* A share of fewer samples than this would be a chance. */
enum {
	SAMPLES_LEAST = 3,
};

static void say_middle(struct active_run *run, enum measure measure, const char *gpu,
		       struct burn_middle middle, const char *missing)
{
	if (middle.count > 0)
		(void)saw_value(run->sightings, measure, gpu, middle.median);
	else
		(void)saw_unknown(run->sightings, measure, gpu, "%s", missing);
}

static void say_speed(struct active_run *run, const struct burn_gpu *gpu, const char *missing)
{
	const struct burn_log *log = &gpu->log;
	struct burn_middle all = burn_log_speed(log, 0, INT64_MAX);
	int64_t edge_ns = burn_log_edge_ns(log);

	say_middle(run, NODE_TEST_BURN_SPEED, gpu->name, all, missing);
	if (all.count == 0)
		return;
	(void)saw_value(run->sightings, NODE_TEST_BURN_SPREAD, gpu->name,
			100 * all.deviation / all.median);
	missing = "the burn-in was too short for a beginning and an end";
	say_middle(run, NODE_TEST_BURN_SPEED_FIRST, gpu->name,
		   burn_log_speed(log, log->first_ns - log->window_ns,
				  edge_ns > 0 ? log->first_ns + edge_ns : 0),
		   missing);
	say_middle(run, NODE_TEST_BURN_SPEED_LAST, gpu->name,
		   burn_log_speed(log, edge_ns > 0 ? log->last_ns - edge_ns : INT64_MAX, INT64_MAX),
		   missing);
}

static void say_loss(struct active_run *run, const struct burn_gpu *gpu)
{
	struct burn_point points[BURN_POINTS_MAXIMUM];
	size_t count = burn_log_points(&gpu->log, points);
	struct burn_loss loss;
	const char *reason = NULL;

	if (!burn_fit(points, count, &loss, &reason)) {
		(void)saw_unknown(run->sightings, NODE_TEST_BURN_LOSS, gpu->name, "%s", reason);
		return;
	}
	(void)saw_value(run->sightings, NODE_TEST_BURN_LOSS, gpu->name, loss.percent);
	(void)saw_value(run->sightings, NODE_TEST_BURN_LOSS_LOW, gpu->name, loss.low);
	(void)saw_value(run->sightings, NODE_TEST_BURN_LOSS_HIGH, gpu->name, loss.high);
}

static void say_throttle(struct active_run *run, const struct burn_gpu *gpu)
{
	const struct burn_log *log = &gpu->log;

	if (log->told < SAMPLES_LEAST) {
		(void)saw_unknown(run->sightings, NODE_TEST_BURN_THROTTLE, gpu->name,
				  "%u samples under full load told reasons", log->told);
		return;
	}
	for (unsigned i = 0; i < HEAT_REASON_COUNT; i++)
		(void)saw_value(run->sightings, NODE_TEST_BURN_THROTTLE,
				arena_format(run->arena, "%s/%s", gpu->name, heat_reason_names[i]),
				100.0 * log->reasons[i] / log->told);
}

static void say_heat(struct active_run *run, const struct burn_gpu *gpu)
{
	const struct burn_log *log = &gpu->log;
	const char *missing = "no sample under full load tells it";

	(void)saw_value(run->sightings, NODE_TEST_BURN_TEMPERATURE_LOW, gpu->name, log->lowest_c);
	(void)saw_value(run->sightings, NODE_TEST_BURN_TEMPERATURE_HIGH, gpu->name, log->highest_c);
	say_middle(run, NODE_TEST_BURN_POWER, gpu->name, burn_log_power(log), missing);
	say_middle(run, NODE_TEST_BURN_POWER_HALF, gpu->name, burn_log_step(log, BURN_HALF),
		   "no sample within the pulses tells it");
	say_middle(run, NODE_TEST_BURN_POWER_IDLE, gpu->name, burn_log_step(log, BURN_IDLE),
		   "no sample within a pause tells it");
	say_middle(run, NODE_TEST_BURN_CLOCK, gpu->name, burn_log_clock(log), missing);
}

static void say_end(struct active_run *run, const struct burn_gpu *gpu)
{
	const char *why = gpu->why ? gpu->why : gpu->place;

	if (why)
		(void)saw_text(run->sightings, NODE_TEST_REASON, gpu->name, span_of(why));
	if (gpu->checked_products > 0) {
		(void)saw_value(run->sightings, NODE_TEST_BURN_CHECKED, gpu->name,
				(double)gpu->checked_products);
		(void)saw_value(run->sightings, NODE_TEST_BURN_WRONG, gpu->name,
				(double)gpu->wrong);
	}
	if (gpu->was_not_ready)
		(void)saw_unknown(run->sightings, NODE_TEST_BURN_END, gpu->name, "%s", why);
	else if (gpu->end)
		(void)saw_state(run->sightings, NODE_TEST_BURN_END, gpu->name, gpu->end);
	else if (gpu->wrong > 0)
		(void)saw_state(run->sightings, NODE_TEST_BURN_END, gpu->name, "wrong");
	else if (gpu->log.last_ns > 0)
		(void)saw_state(run->sightings, NODE_TEST_BURN_END, gpu->name, "ok");
	else
		(void)saw_unknown(run->sightings, NODE_TEST_BURN_END, gpu->name, "%s",
				  run->reason ? run->reason : "nothing was done on it");
}

void burn_say(struct active_run *run, const struct burn_pace *pace, const struct burn_gpu *gpus,
	      size_t count)
{
	int64_t last_ns = pace->start_ns;

	sightings_again(run->sightings, run->request->host);
	for (size_t i = 0; i < count; i++) {
		const struct burn_gpu *gpu = &gpus[i];
		const char *missing = gpu->why ? gpu->why : "no slice of full load was done";

		if (gpu->log.last_ns > last_ns)
			last_ns = gpu->log.last_ns;
		say_end(run, gpu);
		say_speed(run, gpu, missing);
		if (gpu->log.last_ns == 0)
			continue;
		say_loss(run, gpu);
		say_throttle(run, gpu);
		say_heat(run, gpu);
	}
	(void)saw_value(run->sightings, NODE_TEST_BURN_LOADED, "test:burn",
			(double)(last_ns - pace->start_ns) / NS_PER_S);
}

static void say_rank(struct active_run *run, const struct burn_gpu *gpu)
{
	if (gpu->rank_end)
		(void)saw_state(run->sightings, NODE_TEST_BURN_COLLECTIVE_END, gpu->name,
				gpu->rank_end);
	else
		(void)saw_state(run->sightings, NODE_TEST_BURN_COLLECTIVE_END, gpu->name,
				gpu->wrong_elements > 0 ? "wrong" : "ok");
	if (gpu->compared > 0)
		(void)saw_value(run->sightings, NODE_TEST_BURN_COLLECTIVE_WRONG, gpu->name,
				(double)gpu->wrong_elements);
	else
		(void)saw_unknown(run->sightings, NODE_TEST_BURN_COLLECTIVE_WRONG, gpu->name,
				  "no operation was compared");
}

void burn_say_traffic(struct active_run *run, const struct burn_traffic *traffic,
		      const struct burn_gpu *gpus, size_t count)
{
	static const char device[] = "test:burn";
	const struct burn_log *log = &traffic->log;
	const char *missing = traffic->why ? traffic->why : "no operation was timed";
	const char *short_one = "the burn-in was too short for a beginning and an end";
	struct burn_middle all = { .count = 0 };
	int64_t edge_ns = 0;

	if (traffic->was_on && log->last_ns > 0) {
		all = burn_log_speed(log, 0, INT64_MAX);
		edge_ns = burn_log_edge_ns(log);
	}
	say_middle(run, NODE_TEST_BURN_COLLECTIVE_BUSBW, device, all, missing);
	for (size_t i = 0; i < count; i++)
		if (gpus[i].is_rank)
			say_rank(run, &gpus[i]);
	if (all.count == 0)
		return;
	(void)saw_value(run->sightings, NODE_TEST_BURN_COLLECTIVE_SPREAD, device,
			100 * all.deviation / all.median);
	say_middle(run, NODE_TEST_BURN_COLLECTIVE_BUSBW_FIRST, device,
		   burn_log_speed(log, log->first_ns - log->window_ns,
				  edge_ns > 0 ? log->first_ns + edge_ns : 0),
		   short_one);
	say_middle(run, NODE_TEST_BURN_COLLECTIVE_BUSBW_LAST, device,
		   burn_log_speed(log, edge_ns > 0 ? log->last_ns - edge_ns : INT64_MAX, INT64_MAX),
		   short_one);
}
