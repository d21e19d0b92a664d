#include "active/heat_read.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define NEAR(is, ought) assert_true(fabs((is) - (ought)) <= 1e-9)

static size_t read_lines(const char *const *lines, size_t count, struct heat_sample *samples,
			 size_t room)
{
	struct span answers[16];

	assert_true(count <= COUNT(answers));
	for (size_t i = 0; i < count; i++)
		answers[i] = span_of(lines[i]);
	return heat_read(answers, count, 5, samples, room);
}

static void lines_of_several_gpus_become_samples(void **state)
{
	static const char *const lines[] = {
		"g gpu:0000:19:00.0 0",
		"v gpu:0000:19:00.0 gpu.temperature 61",
		"v gpu:0000:19:00.0 gpu.temperature.margin 26",
		"s gpu:0000:19:00.0 gpu.throttle sw-power+hw-thermal+other-8000",
		"v gpu:0000:3b:00.0 gpu.power 698.5",
		"u gpu:0000:3b:00.0 gpu.temperature nvmlDeviceGetTemperature: timeout (10)",
		"s gpu:0000:3b:00.0 gpu.throttle none",
		"s gpu:0000:3b:00.0 gpu.answers ok",
		"v gpu:0000:19:00.0 gpu.clock 1755",
		"s gpu:0000:5d:00.0 gpu.answers lost",
		"s library:nvml gpu.library ok",
	};
	struct heat_sample samples[8];

	(void)state;
	assert_int_equal(read_lines(lines, COUNT(lines), samples, 8), 3);
	assert_string_equal(samples[0].gpu, "gpu:0000:19:00.0");
	assert_int_equal(samples[0].time_ns, 5);
	NEAR(samples[0].temperature_c, 61);
	NEAR(samples[0].margin_c, 26);
	NEAR(samples[0].clock_mhz, 1755);
	assert_true(isnan(samples[0].power_w) && isnan(samples[0].memory_c));
	assert_int_equal(samples[0].reasons, 1u << HEAT_SW_POWER | 1u << HEAT_HW_THERMAL);
	assert_true(isnan(samples[1].temperature_c));
	NEAR(samples[1].power_w, 698.5);
	assert_true(samples[1].has_reasons && samples[1].reasons == 0 && !samples[1].is_gone);
	assert_true(samples[2].is_gone && !samples[2].has_reasons);
	/* Where there is no room the others are still read. */
	assert_int_equal(read_lines(lines, COUNT(lines), samples, 1), 1);
	NEAR(samples[0].clock_mhz, 1755);
}

static void what_no_sensor_says_is_not_known(void **state)
{
	static const char *const lines[] = {
		"v gpu:a gpu.temperature 4294967295",
		"v gpu:a gpu.power -1",
		"v gpu:a gpu.clock x",
		"v gpu:a gpu.temperature.memory -273",
		"v gpu:b/link:3 gpu.temperature 50",
		"v gpu:c gpu.temperature",
		"temperature",
		"",
	};
	struct heat_sample samples[8];

	(void)state;
	assert_int_equal(read_lines(lines, COUNT(lines), samples, 8), 2);
	assert_true(isnan(samples[0].temperature_c) && isnan(samples[0].power_w) &&
		    isnan(samples[0].clock_mhz) && isnan(samples[0].memory_c));
	assert_true(isnan(samples[1].temperature_c));
}

static void each_source_of_an_alarm_is_heard(void **state)
{
	static const struct {
		double temperature_c, slowdown_c, margin_c, limit_c;
		uint32_t reasons;
		const char *why;
	} cases[] = {
		{ 60, 89, 29, 0, 1u << HEAT_SW_POWER, NULL },
		{ 88, 89, 1, 0, 1u << HEAT_SW_THERMAL, NULL },
		{ 89, 89, 1, 0, 0, "gpu:a is at 89 degrees, 89 is its slowdown threshold" },
		{ 70, 89, 19, 70, 0, "gpu:a is at 70 degrees, 70 is the limit that was given" },
		{ 89, 89, 0, 95, 0, "gpu:a is at 89 degrees, 89 is its slowdown threshold" },
		{ 60, (double)NAN, -1, 0, 0,
		  "gpu:a has no margin left to its slowdown (-1 degrees)" },
		{ (double)NAN, (double)NAN, (double)NAN, 0, 1u << HEAT_HW_THERMAL,
		  "gpu:a is slowed down by its own thermal protection" },
		{ (double)NAN, 89, (double)NAN, 70, 0, NULL },
	};
	SCOPED_TEXT(why);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct heat_sample sample = {
			.gpu = "gpu:a",
			.temperature_c = cases[i].temperature_c,
			.slowdown_c = cases[i].slowdown_c,
			.margin_c = cases[i].margin_c,
			.reasons = cases[i].reasons,
		};

		assert_int_equal(heat_is_too_hot(&sample, cases[i].limit_c, &why),
				 cases[i].why != NULL);
		assert_string_equal(text_string(&why), cases[i].why ? cases[i].why : "");
	}
}

static void a_table_has_a_dash_for_what_is_not_known(void **state)
{
	static const char *const lines[] = { "v gpu:a gpu.temperature 61",
					     "s gpu:a gpu.throttle idle+sync",
					     "v gpu:b gpu.power 70.25" };
	struct heat_sample samples[2];
	SCOPED_TEXT(table);

	(void)state;
	assert_int_equal(read_lines(lines, COUNT(lines), samples, 2), 2);
	samples[0].time_ns = 1500000000;
	heat_table_line(&samples[0], 1000000000, &table);
	heat_table_line(&samples[1], 5, &table);
	assert_string_equal(text_string(&table), "0.500\tgpu:a\t61\t-\t-\t-\t-\t-\tidle+sync\tok\n"
						 "0.000\tgpu:b\t-\t-\t-\t-\t70.25\t-\t-\tok\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_several_gpus_become_samples),
		cmocka_unit_test(what_no_sensor_says_is_not_known),
		cmocka_unit_test(each_source_of_an_alarm_is_heard),
		cmocka_unit_test(a_table_has_a_dash_for_what_is_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
