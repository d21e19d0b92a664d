#include "active/heat_read.h"

#include <assert.h>
#include <math.h>
#include <string.h>

const char *const heat_reason_names[] = {
	[HEAT_IDLE] = "idle",
	[HEAT_APPLICATION] = "application",
	[HEAT_SW_POWER] = "sw-power",
	[HEAT_HW_SLOWDOWN] = "hw-slowdown",
	[HEAT_SYNC] = "sync",
	[HEAT_SW_THERMAL] = "sw-thermal",
	[HEAT_HW_THERMAL] = "hw-thermal",
	[HEAT_POWER_BRAKE] = "power-brake",
	[HEAT_DISPLAY] = "display",
};
static_assert(sizeof(heat_reason_names) / sizeof(heat_reason_names[0]) == HEAT_REASON_COUNT,
	      "a name for each reason");

const char heat_table_head[] = "seconds\tgpu\ttemperature_c\tslowdown_c\tmargin_c\tmemory_c\t"
			       "power_w\tclock_mhz\treasons\tstate\n";

/* A temperature, power or clock beyond these is no reading: a sensor that fell off its bus answers
 * with all ones or with rubbish, and must neither stop a load nor let it run. */
static const double coldest_c = -50, hottest_c = 200, most_w = 10000, most_mhz = 10000;

static const struct {
	const char *name;
	size_t at;
	const double *least, *most;
} values[] = {
#define FIELD(name) offsetof(struct heat_sample, name)
	{ "gpu.temperature", FIELD(temperature_c), &coldest_c, &hottest_c },
	{ "gpu.temperature.slowdown", FIELD(slowdown_c), &coldest_c, &hottest_c },
	{ "gpu.temperature.margin", FIELD(margin_c), &coldest_c, &hottest_c },
	{ "gpu.temperature.memory", FIELD(memory_c), &coldest_c, &hottest_c },
	{ "gpu.power", FIELD(power_w), NULL, &most_w },
	{ "gpu.clock", FIELD(clock_mhz), NULL, &most_mhz },
#undef FIELD
};

static struct heat_sample *find(struct heat_sample *samples, size_t *count, size_t room,
				struct span gpu, int64_t time_ns)
{
	for (size_t i = 0; i < *count; i++)
		if (span_is(gpu, samples[i].gpu))
			return &samples[i];
	if (*count == room || gpu.length >= VENDOR_NAME_SIZE)
		return NULL;
	samples[*count] = (struct heat_sample){
		.time_ns = time_ns,
		.temperature_c = (double)NAN,
		.slowdown_c = (double)NAN,
		.margin_c = (double)NAN,
		.memory_c = (double)NAN,
		.power_w = (double)NAN,
		.clock_mhz = (double)NAN,
	};
	memcpy(samples[*count].gpu, gpu.at, gpu.length);
	return &samples[(*count)++];
}

static bool take_value(struct heat_sample *sample, struct span name, struct span words)
{
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		double value;

		if (!span_is(name, values[i].name))
			continue;
		if (!span_to_double(words, &value) || value > *values[i].most ||
		    value < (values[i].least ? *values[i].least : 0))
			return false;
		memcpy((char *)sample + values[i].at, &value, sizeof(value));
		return true;
	}
	return false;
}

/* "sw-power+hw-thermal"; what is not known here counts for nothing. */
static void take_reasons(struct heat_sample *sample, struct span words)
{
	struct span word;

	sample->has_reasons = true;
	while (span_cut(&words, '+', &word))
		for (unsigned i = 0; i < HEAT_REASON_COUNT; i++)
			if (span_is(word, heat_reason_names[i]))
				sample->reasons |= 1u << i;
}

static void take_line(struct span line, int64_t time_ns, struct heat_sample *samples, size_t *count,
		      size_t room)
{
	struct span kind, device, name;
	struct heat_sample *sample;

	if (!span_cut(&line, ' ', &kind) || !span_cut(&line, ' ', &device) ||
	    !span_cut(&line, ' ', &name) || !span_starts(device, "gpu:") ||
	    memchr(device.at, '/', device.length) || (!span_is(kind, "v") && !span_is(kind, "s")))
		return;
	sample = find(samples, count, room, device, time_ns);
	if (!sample)
		return;
	if (span_is(kind, "v"))
		(void)take_value(sample, name, line);
	else if (span_is(name, "gpu.throttle"))
		take_reasons(sample, line);
	else if (span_is(name, "gpu.answers"))
		sample->is_gone = span_is(line, "lost") || span_is(line, "reset-required");
}

size_t heat_read(const struct span *answers, size_t count, int64_t time_ns,
		 struct heat_sample *ret_samples, size_t room)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		take_line(answers[i], time_ns, ret_samples, &found, room);
	return found;
}

bool heat_is_too_hot(const struct heat_sample *sample, double limit_c, struct text *why)
{
	double c = sample->temperature_c;

	text_clear(why);
	if (limit_c > 0 && c >= limit_c)
		text_format(why, "%s is at %.0f degrees, %.0f is the limit that was given",
			    sample->gpu, c, limit_c);
	else if (c >= sample->slowdown_c)
		text_format(why, "%s is at %.0f degrees, %.0f is its slowdown threshold",
			    sample->gpu, c, sample->slowdown_c);
	else if (sample->margin_c <= 0)
		text_format(why, "%s has no margin left to its slowdown (%.0f degrees)",
			    sample->gpu, sample->margin_c);
	else if (sample->reasons & (1u << HEAT_HW_THERMAL))
		text_format(why, "%s is slowed down by its own thermal protection", sample->gpu);
	return why->length > 0;
}

static void add_number(double value, struct text *into)
{
	if (isnan(value))
		text_add(into, "\t-");
	else
		text_format(into, "\t%.6g", value);
}

void heat_table_line(const struct heat_sample *sample, int64_t start_ns, struct text *into)
{
	const char *glue = "";

	text_format(into, "%.3f\t%s", (double)(sample->time_ns - start_ns) / 1e9, sample->gpu);
	add_number(sample->temperature_c, into);
	add_number(sample->slowdown_c, into);
	add_number(sample->margin_c, into);
	add_number(sample->memory_c, into);
	add_number(sample->power_w, into);
	add_number(sample->clock_mhz, into);
	text_add_char(into, '\t');
	for (unsigned i = 0; i < HEAT_REASON_COUNT; i++) {
		if (!(sample->reasons & (1u << i)))
			continue;
		text_format(into, "%s%s", glue, heat_reason_names[i]);
		glue = "+";
	}
	if (sample->reasons == 0)
		text_add(into, sample->has_reasons ? "none" : "-");
	text_format(into, "\t%s\n", sample->is_gone ? "gone" : "ok");
}
