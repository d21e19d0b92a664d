#include "active/locate_hosts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_file_names_hosts_addresses_and_leaves(void **state)
{
	SCOPED_ARENA(arena);
	struct locate_hosts hosts;
	struct error err = { 0 };

	(void)state;
	assert_true(locate_hosts_read(SPAN("# the pod\n"
					   "n1 10.0.0.1,10.1.0.1 leaf=a\n"
					   "\n"
					   "n2\t10.0.0.2,10.1.0.2  leaf=b # rack 2\r\n"
					   "n3 10.0.0.3,fe80::3%eth1 leaf=a\n"
					   "n4 10.0.0.4,10.1.0.4"),
				      "hosts", &arena, &hosts, &err));
	assert_int_equal(hosts.count, 4);
	assert_int_equal(hosts.rails, 2);
	assert_int_equal(hosts.leaf_count, 2);
	assert_false(hosts.are_all_leafed);
	assert_string_equal(hosts.hosts[2].addresses[1], "fe80::3%eth1");
	assert_int_equal(hosts.hosts[2].leaf, 0);
	assert_string_equal(hosts.leaves[1], "b");
	assert_int_equal(hosts.hosts[3].leaf, LOCATE_NONE);
}

static void a_name_is_its_own_address(void **state)
{
	static const char *const words[] = { "n1", "n2=10.0.0.2", "n3", "n4" };
	SCOPED_ARENA(arena);
	struct locate_hosts hosts;
	struct error err = { 0 };

	(void)state;
	assert_true(locate_hosts_of(words, 4, &arena, &hosts, &err));
	assert_string_equal(hosts.hosts[0].addresses[0], "n1");
	assert_string_equal(hosts.hosts[1].name, "n2");
	assert_string_equal(hosts.hosts[1].addresses[0], "10.0.0.2");
	assert_false(hosts.are_all_leafed);
}

static void what_is_no_name_is_refused_with_its_line(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "a\nb\nc\nd e f g\n", "hosts:4: 'd'" },
		{ "a\n-oProxyCommand=x\nc\nd\n", "hosts:2: '-oProxyCommand=x'" },
		{ "a\nb;reboot\nc\nd\n", "hosts:2: 'b;reboot'" },
		{ "a\nb $(x)\nc\nd\n", "hosts:2: '$(x)'" },
		{ "a 1,2\nb 1\nc 1,2\nd 1,2\n", "as many addresses as the first" },
		{ "a 1,\nb\nc\nd\n", "hosts:1: '1,': that is no address" },
		{ "a\nb\nc leaf=x\nd leaf=x`y`\n", "hosts:4" },
		{ "a\nb\nc leaf=\nd\n", "hosts:3: 'c': leaf= has the name" },
		{ "a 10.0.0.1\n\nb 10.0.0.2\nc 10.0.0.1\nd\n",
		  "hosts:4: the address 10.0.0.1 is that of line 1 too" },
		{ "a\nb\na\nd\n", "hosts:3: host 'a' stands in line 1 already; take one" },
		{ "a\nb\nc\n",
		  "hosts: it names 3 hosts, and which end of a pair is slow is told from 4" },
		{ "# only this\n", "hosts: it names 0 hosts" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_ARENA(arena);
		struct locate_hosts hosts;
		struct error err = { 0 };

		assert_false(
			locate_hosts_read(span_of(cases[i].text), "hosts", &arena, &hosts, &err));
		if (!strstr(err.text, cases[i].says))
			fail_msg("case %zu: %s", i, err.text);
	}
}

static void words_are_told_by_their_number(void **state)
{
	static const struct {
		const char *words[5], *says;
	} cases[] = {
		{ { "a", "b", "a", "d" },
		  "host 3, 'a', is named as host 1 already; leave one out" },
		{ { "a", "b;", "c", "d" }, "host 2, 'b;': that is no name of a host" },
		{ { "a", "b" }, "2 hosts are named: which end of a pair is slow is told from 4" },
		{ { "a" }, "1 host is named: " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_ARENA(arena);
		struct locate_hosts hosts;
		struct error err = { 0 };
		size_t count = 0;

		while (cases[i].words[count])
			count++;
		assert_false(locate_hosts_of(cases[i].words, count, &arena, &hosts, &err));
		if (!strstr(err.text, cases[i].says))
			fail_msg("case %zu: %s", i, err.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_names_hosts_addresses_and_leaves),
		cmocka_unit_test(a_name_is_its_own_address),
		cmocka_unit_test(what_is_no_name_is_refused_with_its_line),
		cmocka_unit_test(words_are_told_by_their_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
