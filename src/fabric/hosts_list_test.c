#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "fabric/hosts.h"
#include <cmocka.h>

#define COLONS "b83f:d203:00a1:b2c0"
#define GUID UINT64_C(0xb83fd20300a1b2c0)

static void each_form_of_a_line_is_read(void **state)
{
	static const struct {
		const char *line;
		unsigned count; /* of facts */
		const char *device, *pci;
	} lines[] = {
		{ "n1 0xb83fd20300a1b2c0", 1, "", "" },
		{ "n1,b83fd20300a1b2c0", 1, "", "" },
		{ "n1: " COLONS, 1, "", "" },
		{ "  n1\t" COLONS " 0xb83fd20300a1b2c1 # two\r", 2, "", "" },
		{ "n1 mlx5_0=0xb83fd20300a1b2c0", 1, "mlx5_0", "" },
		{ "n1 mlx5_0@0000:19:00.0=" COLONS, 1, "mlx5_0", "0000:19:00.0" },
		{ "n1:     mlx5_0          \tb83fd20300a1b2c0", 1, "mlx5_0", "" },
		{ "n1: /sys/class/infiniband/mlx5_7/node_guid:" COLONS, 1, "mlx5_7", "" },
		{ "n1: ssh: no route to host", 1, "", "" },
		{ "n1:", 1, "", "" },
		{ "n1", 1, "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		SCOPED_ARENA(arena);
		struct host_facts facts = { .arena = &arena };
		struct error err = { .text = "" };

		(void)host_list_read(&facts, span_of(lines[i].line), "f", &err);
		assert_string_equal(err.text, "");
		assert_int_equal(facts.count, lines[i].count);
		assert_string_equal(facts.items[0].host, "n1");
		assert_int_equal(facts.items[0].naming, HOST_NAMED_BY_LIST);
		assert_string_equal(facts.items[0].adapter.device, lines[i].device);
		assert_string_equal(facts.items[0].adapter.pci, lines[i].pci);
		if (i < 8)
			assert_true(facts.items[0].adapter.node_guid == GUID);
	}
}

static void a_system_is_told_from_an_adapter(void **state)
{
	SCOPED_ARENA(arena);
	struct host_facts facts = { .arena = &arena };

	(void)state;
	assert_true(host_list_read(
		&facts, SPAN("n1: /sys/class/infiniband/mlx5_7/sys_image_guid:" COLONS "\n"), "f",
		NULL));
	assert_true(facts.items[0].adapter.system_guid == GUID);
	assert_true(facts.items[0].adapter.node_guid == 0);
}

static void headings_and_comments_are_passed_over(void **state)
{
	SCOPED_ARENA(arena);
	struct host_facts facts = { .arena = &arena };

	(void)state;
	assert_true(host_list_read(&facts,
				   SPAN("# all\n\n   # of it\n"
					"n1:     device                 node GUID\n"
					"n1:     ------              ----------------\n"
					"n1:     mlx5_0          \tb83fd20300a1b2c0\n"),
				   "f", NULL));
	assert_int_equal(facts.count, 1);
}

static void what_is_no_list_is_refused_with_its_line(void **state)
{
	static const char *const texts[][2] = {
		{ "n1 " COLONS "\nwhat is this\n", "f: line 2: no GUID behind 'what'" },
		{ "n1 b83fd20300a1b2c\n", "f: line 1: no GUID behind 'n1'" },
		{ "n1 " COLONS "\nn2 \xff\n", "f: line 2, column 4: no UTF-8" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		SCOPED_ARENA(arena);
		struct host_facts facts = { .arena = &arena };
		struct error err = { .text = "" };

		assert_false(host_list_read(&facts, span_of(texts[i][0]), "f", &err));
		assert_memory_equal(err.text, texts[i][1], strlen(texts[i][1]));
	}
	assert_true(host_list_is(SPAN("# hosts\nn1: " COLONS "\n")));
	assert_false(host_list_is(SPAN("{ \"a\": 1 }\n")));
	assert_false(host_list_is(SPAN("SwitchName=leaf1 Nodes=n[1-4]\n")));
	assert_false(host_list_is(SPAN("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_form_of_a_line_is_read),
		cmocka_unit_test(a_system_is_told_from_an_adapter),
		cmocka_unit_test(headings_and_comments_are_passed_over),
		cmocka_unit_test(what_is_no_list_is_refused_with_its_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
