#include "model/causes.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/yaml.h"

#include <cmocka.h>

static bool read(struct span text, struct arena *arena, const struct failure_cause **ret_causes,
		 unsigned *ret_count, struct error *err)
{
	const struct node *root = NULL;

	assert_true(yaml_read(text, "f", arena, &root, err));
	return causes_read(root, "f", arena, ret_causes, ret_count, err);
}

static void counts_become_shares(void **state)
{
	SCOPED_ARENA(arena);
	const struct failure_cause *causes = NULL;
	struct error err = { 0 };
	unsigned count = 0;

	(void)state;
	assert_true(
		read(SPAN("- { cause: gpu, count: 30 }\n- { cause: software, count: 10, nodes: 0 "
			  "}\n- { cause: switch, count: 10, nodes: 8 }\n"),
		     &arena, &causes, &count, &err));
	assert_int_equal(count, 3);
	assert_string_equal(causes[1].name, "software");
	assert_true(fabs(causes[0].share - 0.6) < 1e-12 && causes[0].nodes == 1);
	assert_true(causes[1].nodes == 0 && causes[2].nodes == 8);
	assert_true(fabs(causes_mean_nodes(causes, count) - 2.2) < 1e-12);
	assert_true(fabs(causes_mean_nodes(NULL, 0) - 1) < 1e-12);
}

static void what_is_no_list_of_causes_is_refused(void **state)
{
	static const struct {
		const char *text, *says;
	} wrong[] = {
		{ "[]", "1 to 32" },
		{ "- { cause: a }\n", "count" },
		{ "- { cause: a, count: -1 }\n", "count '-1'" },
		{ "- { cause: a, count: 0 }\n", "above 0" },
		{ "- { cause: a, count: 1, nodes: 2000000 }\n", "nodes '2000000'" },
		{ "- { cause: a, count: 1, surprise: 1 }\n", "surprise" },
	};
	SCOPED_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const struct failure_cause *causes = NULL;
		struct error err = { 0 };
		unsigned count = 0;

		assert_false(read(span_of(wrong[i].text), &arena, &causes, &count, &err));
		assert_non_null(strstr(err.text, wrong[i].says));
		assert_non_null(strstr(err.text, "f: line 1"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_become_shares),
		cmocka_unit_test(what_is_no_list_of_causes_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
