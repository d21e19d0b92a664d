#include "probe/vendor_take.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "probe/probe.h"
#include "test/watch.h"

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define GPU "gpu:0000:19:00.0"

static const char *const addresses[] = { "0000:19:00.0", "0000:3b:00.0", "0000:4c:00.0" };

/* What these lines, the last of them NULL, become. */
static void take(struct watch *watch, struct vendor_list *list, const char *const *lines)
{
	static const struct subject subject = {
		.parts = { [SUBJECT_PROVIDER] = "p", [SUBJECT_NODE] = "n1" }
	};
	const struct vendor_take how = {
		.sightings = &watch->sightings,
		.library = "library:nvml",
		.list = list,
		.addresses = addresses,
		.address_count = COUNT(addresses),
	};
	struct span answers[32];
	size_t count = 0;

	watch_make(watch, NULL);
	sightings_start(&watch->sightings, &subject, &watch->root.host, &watch->root.arena);
	for (; lines[count]; count++)
		answers[count] = span_of(lines[count]);
	vendor_list_read(answers, count, "library:nvml", list);
	vendor_take(&how, answers, count);
}

static void a_line_is_one_fact(void **state)
{
	static const char *const lines[] = {
		"g " GPU " 0",
		"v " GPU " gpu.temperature 45",
		"v " GPU " gpu.temperature.margin -3",
		"v " GPU " gpu.ecc.corrected 123456789012345",
		"v " GPU "/link:7 gpu.link.symbol-ber 15e-255",
		"s " GPU "/link:7 gpu.link up",
		"s - cuda.driver 12.8",
		"t library:nvml gpu.call nvmlInit_v2: no permission (4)",
		"u " GPU " gpu.power nvmlDeviceGetPowerUsage: timeout (10)",
		"v " GPU "/block:xgmi_wafl gpu.ras.corrected 2",
		"v " GPU "/pid:4711 gpu.process.memory 1048576",
		NULL,
	};
	struct vendor_list list = { .count = 0 };

	(void)state;
	SCOPED_WATCH(watch);
	take(&watch, &list, lines);
	assert_int_equal(list.count, 1);
	watch_expect(&watch, "gpu.temperature", GPU, "45");
	watch_expect(&watch, "gpu.temperature.margin", GPU, "-3");
	watch_expect(&watch, "gpu.ecc.corrected", GPU, "123456789012345");
	watch_expect(&watch, "gpu.link.symbol-ber", GPU "/link:7", "1.5e-254");
	watch_expect(&watch, "gpu.link", GPU "/link:7", "up");
	watch_expect(&watch, "cuda.driver", NULL, "12.8");
	watch_expect(&watch, "gpu.call", "library:nvml", "nvmlInit_v2: no permission (4)");
	watch_expect(&watch, "gpu.power", GPU, "?timeout (10)");
	watch_expect(&watch, "gpu.ras.corrected", GPU "/block:xgmi_wafl", "2");
	watch_expect(&watch, "gpu.process.memory", GPU "/pid:4711", "1048576");
	assert_int_equal(watch.sightings.count, COUNT(lines) - 2);
}

/* Each alone: nothing but the complaint comes of it. */
static void what_is_no_fact_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		" ",
		"v",
		"v " GPU,
		"v " GPU " gpu.temperature",
		"v " GPU " gpu.temperature ",
		"v " GPU " gpu.temperature 45 C",
		"v " GPU " gpu.temperature +45",
		"v " GPU " gpu.temperature nan",
		"v " GPU " gpu.temperature inf",
		"v " GPU " gpu.temperature 0x2d",
		"v " GPU " gpu.temperature 1e999",
		"s " GPU " gpu.temperature 45",
		"t " GPU " gpu.name NVIDIA",
		"v " GPU " gpu.name 4",
		"x " GPU " gpu.name NVIDIA",
		"vv " GPU " gpu.temperature 45",
		"v " GPU " node.gpu.temperature 45",
		"v " GPU " gpu.no-such-thing 45",
		"s - kernel 6.1",
		"v mount:/home gpu.temperature 45",
		"v gpu:19 gpu.temperature 45",
		"v gpu:0000:19:00.0x gpu.temperature 45",
		"v gpu:../../../../etc gpu.temperature 45",
		"v gpu:0000:19:00.0/link:-1 gpu.link.replays 45",
		"v gpu:0000:19:00.0/link:1/link:2 gpu.link.replays 45",
		"v gpu:0000:19:00.0/block: gpu.ras.corrected 45",
		"v gpu:0000:19:00.0/block:a b gpu.ras.corrected 45",
		"v index:64 gpu.temperature 45",
		"v index:-1 gpu.temperature 45",
		"v library:amd gpu.count.library 8",
		"g gpu:0000:19:00.0 -1",
		"g gpu:0000:19:00.0 64",
		"g gpu:0000:19:00.0/link:0 0",
		"g nonsense 0",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		const char *const lines[] = { bad[i], NULL };
		struct vendor_list list = { .count = 0 };

		SCOPED_WATCH(watch);
		take(&watch, &list, lines);
		if (watch.sightings.count != 1 || list.count != 0)
			fail_msg("'%s' was taken for something", bad[i]);
		watch_expect(&watch, "gpu.call", "library:nvml", "?1 answers make no sense");
	}
}

static void all_that_is_refused_is_one_unknown(void **state)
{
	static const char *const lines[] = {
		"\x01\xff\xfe garbage",
		("v " GPU " gpu.temperature 45"),
		"more",
		"still more",
		NULL,
	};
	struct vendor_list list = { .count = 0 };

	(void)state;
	SCOPED_WATCH(watch);
	take(&watch, &list, lines);
	assert_int_equal(watch.sightings.count, 2);
	watch_expect(&watch, "gpu.temperature", GPU, "45");
	watch_expect(&watch, "gpu.call", "library:nvml", "?3 answers make no sense");
}

static void what_cannot_be_is_rubbish(void **state)
{
	static const struct {
		const char *line, *measure;
		bool is_fine;
	} cases[] = {
		{ "v " GPU " gpu.temperature 200", "gpu.temperature", true },
		{ "v " GPU " gpu.temperature 201", "gpu.temperature", false },
		{ "v " GPU " gpu.temperature -50", "gpu.temperature", true },
		{ "v " GPU " gpu.temperature -51", "gpu.temperature", false },
		{ "v " GPU " gpu.utilisation 100", "gpu.utilisation", true },
		{ "v " GPU " gpu.utilisation 101", "gpu.utilisation", false },
		{ "v " GPU " gpu.power 4294967", "gpu.power", false },
		{ "v " GPU " gpu.pcie.generation 0", "gpu.pcie.generation", false },
		{ "v " GPU " gpu.pcie.width.maximum 33", "gpu.pcie.width.maximum", false },
		{ "v " GPU " gpu.ecc.corrected 9e15", "gpu.ecc.corrected", true },
		{ "v " GPU " gpu.ecc.corrected 18446744073709551615", "gpu.ecc.corrected", false },
		{ "v " GPU " gpu.ecc.corrected -1", "gpu.ecc.corrected", false },
		{ "v " GPU " gpu.link.symbol-ber 1.5", "gpu.link.symbol-ber", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *const lines[] = { cases[i].line, NULL };
		struct vendor_list list = { .count = 0 };
		const struct record *record;

		SCOPED_WATCH(watch);
		take(&watch, &list, lines);
		record = watch_find(&watch, cases[i].measure, GPU);
		assert_non_null(record);
		if ((record->says == SAYS_VALUE) != cases[i].is_fine)
			fail_msg("'%s'", cases[i].line);
		if (!cases[i].is_fine)
			watch_expect(&watch, cases[i].measure, GPU, "?rubbish: ");
	}
}

static void the_only_address_left_is_that_of_a_gpu_without_one(void **state)
{
	static const char *const lines[] = {
		"v library:nvml gpu.count.library 3",
		"g gpu:0000:19:00.0 0",
		"g gpu:0000:4c:00.0 2",
		"s index:1 gpu.answers lost",
		"s index:1/link:3 gpu.link down",
		NULL,
	};
	struct vendor_list list = { .count = 0 };

	(void)state;
	SCOPED_WATCH(watch);
	take(&watch, &list, lines);
	watch_expect(&watch, "gpu.answers", "gpu:0000:3b:00.0", "lost");
	watch_expect(&watch, "gpu.link", "gpu:0000:3b:00.0/link:3", "down");
}

static void an_address_is_not_guessed(void **state)
{
	static const char *const lines[] = {
		"v library:nvml gpu.count.library 2",
		"g gpu:0000:19:00.0 0",
		"s index:1 gpu.answers lost",
		NULL,
	};
	struct vendor_list list = { .count = 0 };

	(void)state;
	SCOPED_WATCH(watch);
	take(&watch, &list, lines);
	watch_expect(&watch, "gpu.answers", "gpu:index:1", "lost");
}

static void a_list_without_end_is_cut(void **state)
{
	struct vendor_list list = { .count = 0 };
	char text[80][40];
	struct span answers[80];

	(void)state;
	for (unsigned i = 0; i < COUNT(answers); i++) {
		(void)snprintf(text[i], sizeof(text[i]), "g gpu:%04x:19:00.0 %u", i, i % 64);
		answers[i] = span_of(text[i]);
	}
	vendor_list_read(answers, COUNT(answers), "library:nvml", &list);
	assert_int_equal(list.count, VENDOR_GPUS_MAXIMUM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_one_fact),
		cmocka_unit_test(what_is_no_fact_is_refused),
		cmocka_unit_test(all_that_is_refused_is_one_unknown),
		cmocka_unit_test(what_cannot_be_is_rubbish),
		cmocka_unit_test(the_only_address_left_is_that_of_a_gpu_without_one),
		cmocka_unit_test(an_address_is_not_guessed),
		cmocka_unit_test(a_list_without_end_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
