#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "check/handbook.h"

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *a, *b;
	int order;
} orders[] = {
	{ "1.2.10", "1.2.9", 1 },         { "550.90.07", "550.54.14", 1 },
	{ "550.90.07", "550.90.7", 0 },   { "1.2", "1.2.0", 0 },
	{ "1.2", "1.2.1", -1 },           { "v1.2.3", "1.2.3", 0 },
	{ "1.4.0-rc.2", "1.4.0", 0 },     { "1.1.5+ds1-1+deb12u1", "1.1.5", 0 },
	{ "535.309.01", "535.1000", -1 }, { "9", "10", -1 },
};

static void versions_compare_by_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(orders); i++) {
		int order = 7;

		assert_true(version_compare(span_of(orders[i].a), span_of(orders[i].b), &order));
		assert_int_equal(order, orders[i].order);
		assert_true(version_compare(span_of(orders[i].b), span_of(orders[i].a), &order));
		assert_int_equal(order, -orders[i].order);
	}
}

static void what_is_no_version_is_refused(void **state)
{
	static const char *const cases[] = {
		"",
		"v",
		"1.",
		".1",
		"1..2",
		"Failed to initialize NVML",
		"N/A",
		"1.2x",
		"-1",
		"5:28.5.2",
		"1.2.3.4.5.6.7.8.9",
		"99999999999999999999.1",
		"1.2 3",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int order;

		assert_false(version_compare(span_of(cases[i]), SPAN("1"), &order));
		assert_false(version_compare(SPAN("1"), span_of(cases[i]), &order));
	}
}

enum {
	PUBLISHED = 20000,
	EXPIRES = 20120,
};

#define FLOOR(name, of, lowest)                                                         \
	{                                                                               \
		.component = (name), .branch = (of), .floor = (lowest), .advisory = "", \
		.published = PUBLISHED, .expires = EXPIRES                              \
	}
#define RANGE(name, of, first, end, fixed)                                             \
	{                                                                              \
		.component = (name), .branch = (of), .from = (first), .before = (end), \
		.packaged_fix = (fixed), .advisory = "", .published = PUBLISHED,       \
		.expires = EXPIRES                                                     \
	}

static const struct floor_row floors[] = {
	FLOOR("runc", "1.1", "1.1.14"),
	FLOOR("runc", "1.2", "1.2.8"),
	FLOOR("runc", "1.4", "1.4.3"),
	FLOOR("runc", "1.5", "1.5.0-rc.3"),
	RANGE("runc", "*", NULL, "1.1.12", "1.1.5+ds1-1+deb12u1"),
	RANGE("runc", "1.4", "1.4.0-rc.1", "1.4.0-rc.3", NULL),
	FLOOR("nvidia-driver", "580", "580.159.03"),
	{ .component = "nvidia-driver",
	  .branch = "550",
	  .end_of_life = true,
	  .advisory = "",
	  .published = PUBLISHED,
	  .expires = EXPIRES },
	FLOOR("docker", "*", "20.1"),
	FLOOR("docker", "29", "29.7.0"),
	FLOOR("connectx-firmware", "28", "28.4702"),
	FLOOR("connectx-firmware", "43", "43.8002"),
	RANGE("containerd", "*", "2.0.0", "2.0.7", NULL),
};

static const struct handbook handbook = { .floors = floors, .floor_count = COUNT(floors) };

static const struct {
	const char *component, *version, *package;
	date_t today;
	enum floor_state state;
	int row; /* of `floors`, -1 for none */
} cases[] = {
	{ "runc", "1.2.8", NULL, PUBLISHED, FLOOR_MET, 1 },
	{ "runc", "1.2.7", NULL, PUBLISHED, FLOOR_BELOW, 1 },
	{ "runc", "v1.2.10", NULL, PUBLISHED, FLOOR_MET, 1 },
	/* No row for the branch is unknown, however high the number. */
	{ "runc", "999.9", NULL, PUBLISHED, FLOOR_UNKNOWN, -1 },
	{ "runc", "1.3.9", NULL, PUBLISHED, FLOOR_UNKNOWN, -1 },
	{ "crun", "1.2.8", NULL, PUBLISHED, FLOOR_UNKNOWN, -1 },
	{ "runc", "unavailable", NULL, PUBLISHED, FLOOR_UNKNOWN, -1 },
	{ "runc", "", NULL, PUBLISHED, FLOOR_UNKNOWN, -1 },
	/* The range counts as well, whatever the branch. */
	{ "runc", "1.0.9", NULL, PUBLISHED, FLOOR_BELOW, 4 },
	{ "runc", "1.1.5", NULL, PUBLISHED, FLOOR_BELOW, 4 },
	/* A distribution's package closes the range, but not the floor. */
	{ "runc", "1.1.5", "1.1.5+ds1-1+deb12u1", PUBLISHED, FLOOR_BELOW, 0 },
	{ "runc", "1.0.9", "1.1.5+ds1-1+deb12u1", PUBLISHED, FLOOR_UNKNOWN, -1 },
	{ "runc", "1.0.9", "1.1.5+ds1-1+deb12u3", PUBLISHED, FLOOR_UNKNOWN, -1 },
	{ "runc", "1.0.9", "1.1.5+ds1-1+deb12u0", PUBLISHED, FLOOR_BELOW, 4 },
	{ "runc", "1.0.9", "1.1.5+ds1-1", PUBLISHED, FLOOR_BELOW, 4 },
	/* Candidates come before their release. */
	{ "runc", "1.4.0-rc.2", NULL, PUBLISHED, FLOOR_BELOW, 5 },
	{ "runc", "1.4.0-rc.3", NULL, PUBLISHED, FLOOR_BELOW, 2 },
	{ "runc", "1.4.3-rc.1", NULL, PUBLISHED, FLOOR_BELOW, 2 },
	{ "runc", "1.4.3", NULL, PUBLISHED, FLOOR_MET, 2 },
	{ "runc", "1.5.0-rc.2", NULL, PUBLISHED, FLOOR_BELOW, 3 },
	{ "runc", "1.5.0~rc3", NULL, PUBLISHED, FLOOR_MET, 3 },
	{ "runc", "1.5.0-beta.9", NULL, PUBLISHED, FLOOR_BELOW, 3 },
	{ "runc", "1.5.0", NULL, PUBLISHED, FLOOR_MET, 3 },
	{ "nvidia-driver", "580.159.03", NULL, PUBLISHED, FLOOR_MET, 6 },
	{ "nvidia-driver", "580.95.05", NULL, PUBLISHED, FLOOR_BELOW, 6 },
	{ "nvidia-driver", "550.163.01", NULL, PUBLISHED, FLOOR_BELOW, 7 },
	{ "nvidia-driver", "999.9", NULL, PUBLISHED, FLOOR_UNKNOWN, -1 },
	/* The closest branch decides. */
	{ "docker", "28.5.2", NULL, PUBLISHED, FLOOR_MET, 8 },
	{ "docker", "29.6.9", NULL, PUBLISHED, FLOOR_BELOW, 9 },
	/* The family of the NIC is no branch: 28 is BlueField or ConnectX-7 there. */
	{ "connectx-firmware", "28.43.8002", NULL, PUBLISHED, FLOOR_MET, 11 },
	{ "connectx-firmware", "28.43.3608", NULL, PUBLISHED, FLOOR_BELOW, 11 },
	{ "connectx-firmware", "43.3608", NULL, PUBLISHED, FLOOR_BELOW, 11 },
	{ "connectx-firmware", "28.99.0001", NULL, PUBLISHED, FLOOR_UNKNOWN, -1 },
	{ "containerd", "2.0.6", NULL, PUBLISHED, FLOOR_BELOW, 12 },
	{ "containerd", "2.0.7", NULL, PUBLISHED, FLOOR_UNKNOWN, -1 },
	{ "containerd", "1.7.1", NULL, PUBLISHED, FLOOR_UNKNOWN, -1 },
	/* An old table does not say that all is well, but what it finds stays found. */
	{ "runc", "1.2.8", NULL, EXPIRES, FLOOR_MET, 1 },
	{ "runc", "1.2.8", NULL, EXPIRES + 1, FLOOR_TABLE_EXPIRED, 1 },
	{ "runc", "1.2.7", NULL, EXPIRES + 1, FLOOR_BELOW, 1 },
	{ "runc", "1.0.9", NULL, EXPIRES + 1, FLOOR_BELOW, 4 },
	{ "runc", "1.2.8", NULL, DATE_NONE, FLOOR_MET, 1 },
};

static void floors_and_ranges_judge_together(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct floor_row *row = &floors[0];
		enum floor_state judged =
			floor_judge(&handbook, cases[i].component, span_of(cases[i].version),
				    cases[i].package, cases[i].today, &row);
		int index = row ? (int)(row - floors) : -1;

		if (judged != cases[i].state || index != cases[i].row)
			fail_msg("case %zu (%s %s): state %d by row %d", i, cases[i].component,
				 cases[i].version, (int)judged, index);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_compare_by_numbers),
		cmocka_unit_test(what_is_no_version_is_refused),
		cmocka_unit_test(floors_and_ranges_judge_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
