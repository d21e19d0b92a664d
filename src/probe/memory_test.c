#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/watch.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MC "/sys/devices/system/edac/mc/"

static const struct root_entry server[] = {
	{ "/proc/meminfo",
	  "MemTotal:       2113436932 kB\nMemFree: 5 kB\nMemAvailable:   1024 kB\n" },
	{ MC "mc0/ce_count", "5\n" },
	{ MC "mc0/ue_count", "0\n" },
	{ MC "mc0/ce_noinfo_count", "1\n" },
	{ MC "mc0/ue_noinfo_count", "0\n" },
	{ MC "mc0/dimm0/dimm_label", "P1-DIMMA1\n" },
	{ MC "mc0/dimm0/dimm_ce_count", "4\n" },
	{ MC "mc0/dimm0/dimm_ue_count", "0\n" },
	{ MC "mc0/dimm1/dimm_label", "same\n" },
	{ MC "mc0/dimm1/dimm_ce_count", "0\n" },
	{ MC "mc0/dimm1/dimm_ue_count", "2\n" },
	{ MC "mc1/ce_noinfo_count", "0\n" },
	{ MC "mc1/ue_noinfo_count", "0\n" },
	{ MC "mc1/rank0/dimm_label", "same\n" },
	{ MC "mc1/rank0/dimm_ce_count", "7\n" },
	{ MC "mc1/rank0/dimm_ue_count", "0\n" },
	{ MC "mc2/ce_count", "9\n" },
	{ MC "mc2/ue_count", "3\n" },
	{ MC "mc2/csrow0/ce_count", "9\n" },
	{ MC "power/control", "auto\n" },
	{ NULL, NULL },
};

static void errors_are_counted_by_module_and_once(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, server);
	watch_run(&watch, &probe_memory);
	watch_expect(&watch, "memory.total", NULL, "2164159418368");
	watch_expect(&watch, "memory.available", NULL, "1048576");
	watch_expect(&watch, "edac.controllers", NULL, "3");
	watch_expect(&watch, "edac.corrected", "dimm:P1-DIMMA1", "4");
	/* What two modules are labelled names neither. */
	watch_expect(&watch, "edac.uncorrected", "dimm:mc0.dimm1", "2");
	watch_expect(&watch, "edac.corrected", "dimm:mc1.rank0", "7");
	/* What no module could be found for, and all where no module is known. */
	watch_expect(&watch, "edac.corrected", "mc:mc0", "1");
	watch_expect(&watch, "edac.corrected", "mc:mc2", "9");
	watch_expect(&watch, "edac.uncorrected", "mc:mc2", "3");
	assert_int_equal(watch_count(&watch, "edac.corrected"), 6);
	assert_int_equal(watch_count(&watch, "edac.uncorrected"), 6);
}

static void counters_alone_can_be_read_again(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, server);
	watch.request.shares = PROBE_COUNTERS;
	watch_run(&watch, &probe_memory);
	assert_int_equal(watch_count(&watch, "memory.total"), 0);
	watch_expect(&watch, "edac.corrected", "dimm:P1-DIMMA1", "4");
	watch.request.shares = PROBE_FULL;
	watch_run(&watch, &probe_memory);
	assert_int_equal(watch.sightings.count, 0);
}

static void no_driver_is_no_controller(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, NULL);
	root_put(&watch.root, "/proc/meminfo", "MemTotal: 1 kB\nMemAvailable: 1 kB\n");
	watch_run(&watch, &probe_memory);
	watch_expect(&watch, "edac.controllers", NULL, "0");
	assert_int_equal(watch_count(&watch, "edac.corrected"), 0);
}

static void what_cannot_be_read_is_unknown_with_its_cause(void **state)
{
	static const struct {
		const char *path, *text, *measure, *device, *says;
	} cases[] = {
		{ "/proc/meminfo", NULL, "memory.total", NULL, "?Too many levels" },
		{ "/proc/meminfo", NULL, "memory.available", NULL, "?Too many levels" },
		{ "/proc/meminfo", "MemTotal", "memory.total", NULL, "?no 'MemTotal'" },
		{ "/proc/meminfo", "MemTotal: 12", "memory.total", NULL, "?no 'MemTotal'" },
		{ "/proc/meminfo", "MemTotal: 12 MB", "memory.total", NULL, "?no 'MemTotal'" },
		{ "/proc/meminfo", "MemTotal: -1 kB", "memory.total", NULL, "?no 'MemTotal'" },
		{ MC "mc0/dimm0/dimm_ue_count", NULL, "edac.uncorrected", "dimm:P1-DIMMA1",
		  "?Too many levels" },
		{ MC "mc0/dimm0/dimm_ce_count", "lots", "edac.corrected", "dimm:P1-DIMMA1",
		  "?is no number" },
		{ MC "mc0/dimm0/dimm_label", NULL, "edac.corrected", "dimm:mc0.dimm0", "4" },
		{ MC "mc2/ue_count", "", "edac.uncorrected", "mc:mc2", "?is no number" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_WATCH(watch);

		watch_make(&watch, server);
		root_put(&watch.root, cases[i].path, cases[i].text);
		watch_run(&watch, &probe_memory);
		watch_expect(&watch, cases[i].measure, cases[i].device, cases[i].says);
	}
}

static void controllers_that_cannot_be_listed_are_not_none(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, NULL);
	root_put(&watch.root, "/sys/devices/system/edac/mc", NULL);
	watch_run(&watch, &probe_memory);
	watch_expect(&watch, "edac.controllers", NULL, "?Too many levels");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(errors_are_counted_by_module_and_once),
		cmocka_unit_test(counters_alone_can_be_read_again),
		cmocka_unit_test(no_driver_is_no_controller),
		cmocka_unit_test(what_cannot_be_read_is_unknown_with_its_cause),
		cmocka_unit_test(controllers_that_cannot_be_listed_are_not_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
