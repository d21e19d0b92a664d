#include "base/metric.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_head_tells_what_it_is_and_its_type(void **state)
{
	SCOPED_TEXT(text);

	(void)state;
	metric_head(&text, "assay_looks_total", "Looks taken.", true);
	metric_head(&text, "assay_gpu_power_watts", "Power drawn.", false);
	assert_string_equal(text_string(&text), "# HELP assay_looks_total Looks taken.\n"
						"# TYPE assay_looks_total counter\n"
						"# HELP assay_gpu_power_watts Power drawn.\n"
						"# TYPE assay_gpu_power_watts gauge\n");
}

static void no_value_leaves_its_quotes_or_its_line(void **state)
{
	static const struct {
		const char *value, *wanted;
	} cases[] = {
		{ "", "device=\"\"" },
		{ "gpu 0", "device=\"gpu 0\"" },
		{ "a\"} 1", "device=\"a\\\"} 1\"" },
		{ "a\\", "device=\"a\\\\\"" },
		{ "a\nb 1", "device=\"a\\nb 1\"" },
		{ "Zürich", "device=\"Zürich\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_TEXT(text);

		metric_label(&text, "device", cases[i].value);
		assert_string_equal(text_string(&text), cases[i].wanted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_head_tells_what_it_is_and_its_type),
		cmocka_unit_test(no_value_leaves_its_quotes_or_its_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
