#include "host/ethernet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void places_follow_the_kind_of_module(void **state)
{
	static const struct {
		uint8_t identifier, second, diagnostics; /* bytes 0, 2 and 92 */
		size_t size;
		unsigned temperature, alarm;
	} cases[] = {
		{ 0x03, 0, 0x68, 512, 352, 256 }, /* SFP with calibrated values */
		{ 0x03, 0, 0x58, 512, 0, 0 },     /* with raw ones */
		{ 0x03, 0, 0x00, 512, 0, 0 },     /* without a sensor */
		{ 0x03, 0, 0x68, 256, 0, 0 },     /* without the second memory */
		{ 0x11, 0x00, 0, 640, 22, 512 },  /* QSFP28 */
		{ 0x0d, 0x04, 0, 640, 22, 0 },    /* flat memory */
		{ 0x11, 0x00, 0, 256, 22, 0 },    { 0x18, 0x00, 0, 640, 14, 384 }, /* QSFP-DD */
		{ 0x19, 0x00, 0, 256, 14, 0 },                                     /* OSFP */
		{ 0x1e, 0x80, 0, 640, 0, 0 },                                      /* a cable */
		{ 0x00, 0x00, 0, 640, 0, 0 },     { 0xff, 0xff, 0xff, 640, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t first[128] = { cases[i].identifier, 0, cases[i].second };

		first[92] = cases[i].diagnostics;
		struct ethernet_places places = ethernet_places(first, cases[i].size);

		assert_int_equal(places.temperature, cases[i].temperature);
		assert_int_equal(places.alarm, cases[i].alarm);
		assert_true(places.temperature + 2u <= cases[i].size);
		assert_true(places.alarm + 2u <= cases[i].size);
	}
}

static void degrees_are_signed_and_sane(void **state)
{
	static const struct {
		uint8_t high, low;
		int hundredths; /* 0: refused */
	} cases[] = {
		{ 0x2d, 0x80, 4550 }, { 0x4b, 0x00, 7500 },  { 0xfb, 0x00, -500 },
		{ 0xff, 0x80, -50 },  { 0x7f, 0xff, 12799 }, { 0x80, 0x00, 0 },
		{ 0xc3, 0x00, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		double degrees = 1000.0;
		bool good = ethernet_degrees(cases[i].high, cases[i].low, &degrees);

		assert_int_equal(good, cases[i].hundredths != 0);
		if (good)
			assert_int_equal((int)(degrees * 100.0), cases[i].hundredths);
		else
			assert_true(degrees > 999.0);
	}
}

/* The loopback interface has neither; a name that there is not, or cannot be, is missing. */
static void what_has_no_module_says_so(void **state)
{
	static const struct host machine = { .root = NULL };
	static const struct {
		const char *name;
		enum error_code code;
	} cases[] = {
		{ "lo", ERROR_UNSUPPORTED },
		{ "assay-none", ERROR_MISSING },
		{ "a-name-beyond-what-the-kernel-takes", ERROR_MISSING },
	};
	SCOPED_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ethernet_module module = { .alarm_c = 42.0 };
		const char *firmware = "untouched";
		struct error err = { 0 };

		assert_false(ethernet_module(&machine, cases[i].name, &module, &err));
		assert_int_equal(err.code, cases[i].code);
		assert_true(module.alarm_c > 41.0);
		assert_false(ethernet_firmware(&machine, cases[i].name, &arena, &firmware, &err));
		assert_int_equal(err.code, cases[i].code);
		assert_string_equal(firmware, "untouched");
	}
}

static void below_a_root_no_driver_is_asked(void **state)
{
	static const struct host root = { .root = "/tmp" };
	struct ethernet_module module;
	const char *firmware;
	struct error err = { 0 };
	SCOPED_ARENA(arena);

	(void)state;
	assert_false(ethernet_module(&root, "lo", &module, &err));
	assert_int_equal(err.code, ERROR_UNSUPPORTED);
	assert_false(ethernet_firmware(&root, "lo", &arena, &firmware, &err));
	assert_int_equal(err.code, ERROR_UNSUPPORTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_follow_the_kind_of_module),
		cmocka_unit_test(degrees_are_signed_and_sane),
		cmocka_unit_test(what_has_no_module_says_so),
		cmocka_unit_test(below_a_root_no_driver_is_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
