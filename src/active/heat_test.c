#include "active/heat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "host/system.h"
#include "host/worker.h"
#include "test/played.h"

#include <cmocka.h>

#define NS_PER_S 1000000000ll

struct heard {
	unsigned samples;
	double temperature_c;
};

static void hear(void *context, const struct heat_sample *sample)
{
	struct heard *heard = context;

	heard->samples++;
	if (strcmp(sample->gpu, "gpu:0000:43:00.0") == 0)
		heard->temperature_c = sample->temperature_c;
}

/* Until so many samples have come, or there is an alarm; fails the test after half a minute. */
static void watch_until(struct heat *heat, const struct host *host, const struct heard *heard,
			unsigned samples)
{
	int64_t until_ns = host_boot_ns(host) + 30 * NS_PER_S;

	while (heard->samples < samples && !heat_alarm(heat)) {
		assert_true(host_boot_ns(host) < until_ns);
		heat_turn(heat);
		worker_wait(NULL, 0, NS_PER_S / 100);
	}
}

static void a_machine_without_gpus_has_nothing_to_watch(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, NULL);
	assert_null(heat_start(&watch.root.host, 0, &watch.root.arena));
	heat_tell(NULL, &watch.sightings);
	heat_end(NULL);
}

static void every_gpu_is_heard_and_the_library_is_told_to_be_watched(void **state)
{
	struct heard heard = { 0 };
	SCOPED_WATCH(watch);

	(void)state;
	played_make(&watch, &played_kinds[PLAYED_H100], "gpu 1 temperature 61\n");
	struct heat *heat = heat_start(&watch.root.host, 0, &watch.root.arena);
	assert_non_null(heat);
	heat_listen(heat, hear, &heard);
	watch_until(heat, &watch.root.host, &heard, 1);
	assert_int_equal(heard.samples, played_count(&played_kinds[PLAYED_H100]));
	assert_int_equal((int)heard.temperature_c, 61);
	assert_null(heat_alarm(heat));
	sightings_start(&watch.sightings, &(struct subject){ .parts = { NULL } }, &watch.root.host,
			&watch.root.arena);
	heat_tell(heat, &watch.sightings);
	watch_expect(&watch, "test.sensors", "library:nvml", "watched");
	heat_end(heat);
}

static void heat_alarms_by_the_third_sample_and_not_before(void **state)
{
	struct heard heard = { 0 };
	SCOPED_WATCH(watch);

	(void)state;
	played_make(&watch, &played_kinds[PLAYED_H100], "gpu 1 temperature 61\n");
	struct heat *heat = heat_start(&watch.root.host, 60, &watch.root.arena);
	assert_non_null(heat);
	heat_listen(heat, hear, &heard);
	watch_until(heat, &watch.root.host, &heard, 1000);
	assert_int_equal(heard.samples, HEAT_STRIKES * played_count(&played_kinds[PLAYED_H100]));
	assert_non_null(strstr(heat_alarm(heat), "gpu:0000:43:00.0"));
	heat_end(heat);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_machine_without_gpus_has_nothing_to_watch),
		cmocka_unit_test(every_gpu_is_heard_and_the_library_is_told_to_be_watched),
		cmocka_unit_test(heat_alarms_by_the_third_sample_and_not_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
