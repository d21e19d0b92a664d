#include "probe/range.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/root.h"
#include <cmocka.h>

static const struct record *take(struct root *root, enum look_missing missing)
{
	static const struct subject subject = {
		.parts = { [SUBJECT_PROVIDER] = "p", [SUBJECT_NODE] = "n" }
	};
	static struct sightings sightings;
	const struct look look = { &root->host, &sightings, "net:eth0", missing };

	sightings_start(&sightings, &subject, &root->host, &root->arena);
	(void)look_in_range(&look, "/value", NODE_NET_SPEED, (struct range){ 1, 400 });
	return sightings.count > 0 ? &sightings.items[0] : NULL;
}

static void only_numbers_of_the_range_are_values(void **state)
{
	static const struct {
		const char *text;
		double value; /* 0: unknown */
	} cases[] = {
		{ "1\n", 1 },       { "400", 400 }, { "2.5 GT/s PCIe\n", 2.5 },
		{ "0", 0 },         { "401", 0 },   { "-1\n", 0 },
		{ "Unknown\n", 0 }, { "", 0 },      { "12x", 0 },
		{ "nan", 0 },       { "1e999", 0 }, { "\xff\x01", 0 },
		{ "0x10", 0 },      { "  7  ", 7 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_ROOT(root);
		root_make(&root, NULL);
		root_put(&root, "/value", cases[i].text);
		const struct record *record = take(&root, MISSING_IS_SILENT);

		assert_non_null(record);
		assert_int_equal(record->says, cases[i].value > 0 ? SAYS_VALUE : SAYS_UNKNOWN);
		if (cases[i].value > 0)
			assert_true(record->value >= cases[i].value &&
				    record->value <= cases[i].value);
		else
			assert_non_null(strstr(record->text, "'/value' says"));
	}
}

static void a_missing_file_is_silent_or_unknown_and_a_refused_one_unknown(void **state)
{
	SCOPED_ROOT(root);

	(void)state;
	root_make(&root, NULL);
	assert_null(take(&root, MISSING_IS_SILENT));
	assert_int_equal(take(&root, MISSING_IS_UNKNOWN)->says, SAYS_UNKNOWN);
	root_put(&root, "/value", NULL);
	assert_int_equal(take(&root, MISSING_IS_SILENT)->says, SAYS_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_numbers_of_the_range_are_values),
		cmocka_unit_test(a_missing_file_is_silent_or_unknown_and_a_refused_one_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
