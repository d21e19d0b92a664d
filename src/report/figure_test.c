#include "report/figure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_figure_has_the_scale_that_the_field_reads(void **state)
{
	static const struct {
		double value;
		const char *unit, *text;
	} cases[] = {
		{ 7.021e14, "FLOP/s", "702.1 TFLOP/s" },
		{ 3.35e12, "B/s", "3.350 TB/s" },
		{ 5.543e10, "B/s", "55.43 GB/s" },
		{ 1.24e-5, "s", "12.40 us" },
		{ 0.85, "s", "850 ms" },
		{ 90, "s", "90 s" },
		{ 17179869184.0, "B", "16 GiB" },
		{ 4e11, "b/s", "400 Gb/s" },
		{ 0, "B/s", "0 B/s" },
		{ 0.7, "%", "0.700 %" },
		{ 3, "errors", "3 errors" },
		{ 4000, "s", "4000 s" },
	};
	SCOPED_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(figure_text(cases[i].value, cases[i].unit, &arena),
				    cases[i].text);
}

static void an_address_is_a_star(void **state)
{
	SCOPED_ARENA(arena);

	(void)state;
	assert_string_equal(figure_role("gpu:0000:19:00.0/to:0000:3b:00.0", &arena), "gpu:*/to:*");
	assert_string_equal(figure_role("numa:0/triad", &arena), "numa:0/triad");
	assert_string_equal(figure_role("gpu:0000:19:00", &arena), "gpu:0000:19:00");
	assert_null(figure_role(NULL, &arena));
}

static struct record value(const char *device, double number)
{
	return (struct record){
		.what = "node.gpu.power",
		.says = SAYS_VALUE,
		.value = number,
		.unit = "W",
		.subject = { .parts = { [SUBJECT_DEVICE] = device } },
	};
}

static void alike_figures_are_one_group(void **state)
{
	SCOPED_ARENA(arena);
	struct record records[] = {
		value("gpu:0000:19:00.0", 500), value("gpu:0000:3b:00.0", 300),
		value("gpu:0000:4c:00.0", 700), value("gpu:0000:5d:00.0", 400),
		value("gpu:0000:6e:00.0", 0),   value("rest", 1),
	};
	struct figure_group *groups;

	(void)state;
	records[4].says = SAYS_UNKNOWN;
	records[4].text = "lost";
	assert_int_equal(figure_groups(records, 6, &arena, &groups), 2);
	assert_string_equal(groups[0].role, "gpu:*");
	assert_int_equal(groups[0].count, 4);
	assert_true(groups[0].least > 299 && groups[0].least < 301);
	assert_true(groups[0].middle > 449 && groups[0].middle < 451);
	assert_true(groups[0].most > 699 && groups[0].most < 701);
	assert_ptr_equal(groups[0].lowest, &records[1]);
	assert_int_equal(groups[0].unknown_count, 1);
	assert_ptr_equal(groups[0].unknown, &records[4]);
	assert_int_equal(groups[1].count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_figure_has_the_scale_that_the_field_reads),
		cmocka_unit_test(an_address_is_a_star),
		cmocka_unit_test(alike_figures_are_one_group),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
