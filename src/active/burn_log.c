#include "active/burn_log.h"

#include <math.h>

#define NS_PER_S 1000000000ll

enum {
	WINDOWS_USUAL = 480, /* eight hours of minutes */
	EDGE_PART = 10,
};

static const int64_t window_usual_ns = 60 * NS_PER_S, window_least_ns = NS_PER_S / 4;
static const int64_t edge_most_ns = 3600 * NS_PER_S;

/* A sample says nothing of the full load that has just begun: power and clock follow, and what is
 * told is a mean of the past up to a second (nvmlDeviceGetPowerUsage since Ampere). */
static const int64_t settling_most_ns = NS_PER_S;
enum {
	SETTLING_PART = 5, /* of the full load, where that is shorter */
};

/* Between samples that lie further apart nobody knows. */
static const int64_t gap_most_ns = 3 * NS_PER_S;

void burn_log_start(struct burn_log *log, const struct burn_pace *pace)
{
	int64_t length_ns = pace->end_ns - pace->start_ns;
	int64_t window_ns = length_ns / WINDOWS_USUAL;

	/* Of eight hours a minute, of longer ones a minute as long as there is room for it. */
	if (window_ns > window_usual_ns)
		window_ns = length_ns / BURN_POINTS_MAXIMUM + 1 > window_usual_ns
				    ? length_ns / BURN_POINTS_MAXIMUM + 1
				    : window_usual_ns;
	*log = (struct burn_log){
		.pace = *pace,
		.window_ns = window_ns < window_least_ns ? window_least_ns : window_ns,
		.lowest_c = (double)NAN,
		.highest_c = (double)NAN,
	};
}

static struct burn_window *window_at(struct burn_log *log, int64_t time_ns)
{
	int64_t at = (time_ns - log->pace.start_ns) / log->window_ns;

	return time_ns >= log->pace.start_ns && at < BURN_POINTS_MAXIMUM ? &log->windows[at] : NULL;
}

/* Whether power and clock are those of the phase that the moment lies in. */
static bool is_settled(const struct burn_log *log, int64_t time_ns, enum burn_phase *ret_phase)
{
	int64_t since_ns, until_ns, settling_ns;
	bool is_on;

	*ret_phase = burn_pace_at(&log->pace, time_ns, &is_on, &since_ns, &until_ns);
	if (*ret_phase == BURN_HALF)
		return time_ns - since_ns >= settling_most_ns;
	settling_ns = (until_ns - since_ns) / SETTLING_PART;
	return time_ns - since_ns >=
	       (settling_ns < settling_most_ns ? settling_ns : settling_most_ns);
}

void burn_log_sample(struct burn_log *log, const struct heat_sample *sample)
{
	unsigned slot = log->kept_count % BURN_SAMPLES_KEPT;
	struct burn_window *window = window_at(log, sample->time_ns);
	enum burn_phase phase;

	log->kept[slot].time_ns = sample->time_ns;
	log->kept[slot].temperature_c = sample->temperature_c;
	log->kept_count++;
	if (!window || sample->is_gone || !is_settled(log, sample->time_ns, &phase))
		return;
	if (isfinite(sample->power_w)) {
		log->steps[phase].power += sample->power_w;
		log->steps[phase].powers++;
	}
	if (phase != BURN_FULL)
		return;
	log->samples++;
	log->lowest_c = fmin(log->lowest_c, sample->temperature_c);
	log->highest_c = fmax(log->highest_c, sample->temperature_c);
	if (isfinite(sample->power_w)) {
		window->power += sample->power_w;
		window->powers++;
	}
	if (isfinite(sample->clock_mhz)) {
		window->clock += sample->clock_mhz;
		window->clocks++;
	}
	if (!sample->has_reasons)
		return;
	log->told++;
	for (unsigned i = 0; i < HEAT_REASON_COUNT; i++)
		log->reasons[i] += sample->reasons >> i & 1;
}

/* Between the last sample before the moment and the first after it; NAN when one is missing or far
 * away. At the edges the only one, when it is near. */
static double temperature_at(const struct burn_log *log, int64_t time_ns)
{
	unsigned count = log->kept_count < BURN_SAMPLES_KEPT ? log->kept_count : BURN_SAMPLES_KEPT;
	int64_t before_ns = -1, after_ns = -1;
	double before_c = (double)NAN, after_c = (double)NAN;

	for (unsigned i = 0; i < count; i++) {
		int64_t at_ns = log->kept[i].time_ns;

		if (!isfinite(log->kept[i].temperature_c))
			continue;
		if (at_ns <= time_ns && at_ns > before_ns) {
			before_ns = at_ns;
			before_c = log->kept[i].temperature_c;
		} else if (at_ns > time_ns && (after_ns < 0 || at_ns < after_ns)) {
			after_ns = at_ns;
			after_c = log->kept[i].temperature_c;
		}
	}
	if (before_ns >= 0 && after_ns >= 0 && after_ns - before_ns <= gap_most_ns)
		return before_c + (after_c - before_c) * (double)(time_ns - before_ns) /
					  (double)(after_ns - before_ns);
	if (before_ns >= 0 && time_ns - before_ns <= gap_most_ns / 2)
		return before_c;
	return after_ns >= 0 && after_ns - time_ns <= gap_most_ns / 2 ? after_c : (double)NAN;
}

void burn_log_slice(struct burn_log *log, int64_t start_ns, int64_t end_ns, double speed)
{
	int64_t middle_ns = start_ns + (end_ns - start_ns) / 2;
	struct burn_window *window = window_at(log, middle_ns);
	int64_t since_ns, until_ns;
	bool is_on;

	if (end_ns <= start_ns || !window || !isfinite(speed) || speed <= 0)
		return;
	if (log->first_ns == 0)
		log->first_ns = start_ns;
	log->last_ns = end_ns;
	/* A slice that was begun under full load is one, however long a busy machine makes it. */
	if (burn_pace_at(&log->pace, start_ns, &is_on, &since_ns, &until_ns) != BURN_FULL)
		return;
	double seconds = (double)(end_ns - start_ns) / (double)NS_PER_S;
	double celsius = temperature_at(log, middle_ns);

	window->seconds += seconds;
	window->work += seconds * speed;
	if (!isfinite(celsius))
		return;
	window->warm_seconds += seconds;
	window->heat += seconds * celsius;
}

/* Most of a window's load has to have a temperature. */
static const double warm_share = 0.5;

size_t burn_log_points(const struct burn_log *log,
		       struct burn_point ret_points[static BURN_POINTS_MAXIMUM])
{
	size_t count = 0;

	for (size_t i = 0; i < BURN_POINTS_MAXIMUM; i++) {
		const struct burn_window *window = &log->windows[i];

		if (window->seconds <= 0)
			continue;
		ret_points[count++] = (struct burn_point){
			.speed = window->work / window->seconds,
			.temperature_c = window->warm_seconds >= warm_share * window->seconds
						 ? window->heat / window->warm_seconds
						 : (double)NAN,
		};
	}
	return count;
}

struct burn_middle burn_log_speed(const struct burn_log *log, int64_t from_ns, int64_t to_ns)
{
	double speeds[BURN_POINTS_MAXIMUM];
	size_t count = 0;

	for (size_t i = 0; i < BURN_POINTS_MAXIMUM; i++) {
		int64_t at_ns = log->pace.start_ns + (int64_t)i * log->window_ns;

		if (log->windows[i].seconds > 0 && at_ns >= from_ns && at_ns < to_ns)
			speeds[count++] = log->windows[i].work / log->windows[i].seconds;
	}
	return burn_middle(speeds, count);
}

struct burn_middle burn_log_step(const struct burn_log *log, enum burn_phase phase)
{
	unsigned count = log->steps[phase].powers;

	return (struct burn_middle){
		.median = count > 0 ? log->steps[phase].power / count : 0,
		.count = count,
	};
}

struct burn_middle burn_log_power(const struct burn_log *log)
{
	double values[BURN_POINTS_MAXIMUM];
	size_t count = 0;

	for (size_t i = 0; i < BURN_POINTS_MAXIMUM; i++)
		if (log->windows[i].powers > 0)
			values[count++] = log->windows[i].power / log->windows[i].powers;
	return burn_middle(values, count);
}

struct burn_middle burn_log_clock(const struct burn_log *log)
{
	double values[BURN_POINTS_MAXIMUM];
	size_t count = 0;

	for (size_t i = 0; i < BURN_POINTS_MAXIMUM; i++)
		if (log->windows[i].clocks > 0)
			values[count++] = log->windows[i].clock / log->windows[i].clocks;
	return burn_middle(values, count);
}

int64_t burn_log_edge_ns(const struct burn_log *log)
{
	int64_t length_ns = log->last_ns - log->first_ns;
	int64_t edge_ns = length_ns / EDGE_PART;

	if (edge_ns > edge_most_ns)
		edge_ns = edge_most_ns;
	if (edge_ns < log->pace.cycle_ns)
		edge_ns = log->pace.cycle_ns;
	return length_ns >= 2 * edge_ns ? edge_ns : 0;
}
