#include "active/locate_leaves.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct placement_unit units[] = {
	{ .name = "leaf-a", .parent = UINT32_MAX },
	{ .name = "rack 7/b", .parent = UINT32_MAX },
};

static struct placement_host placed[] = {
	{ .name = "n1.pod", .unit = 0, .why = "" },
	{ .name = "n2", .unit = 0, .why = "" },
	{ .name = "n3", .unit = 0, .why = "" },
	{ .name = "n4", .unit = 0, .why = "" },
	{ .name = "n5", .unit = 1, .why = "" },
	{ .name = "n6", .unit = UINT32_MAX, .why = "?" },
	{ .name = "n7.a", .unit = 1, .why = "" },
	{ .name = "n7.b", .unit = 0, .why = "" },
	{ .name = "guid-b83fd20300a1b2c0", .unit = 0, .why = "", .is_unnamed = true },
};

static const struct placement placement = {
	.units = units,
	.unit_count = 2,
	.tier_count = 1,
	.hosts = placed,
	.host_count = sizeof(placed) / sizeof(placed[0]),
	.source = "a test",
};

static struct locate_hosts hosts_of(const char *text, struct arena *arena)
{
	struct locate_hosts hosts;
	struct error err = { 0 };

	if (!locate_hosts_read(span_of(text), "hosts", arena, &hosts, &err))
		fail_msg("%s", err.text);
	return hosts;
}

static void hosts_get_the_leaf_that_the_fabric_has_them_on(void **state)
{
	static const uint32_t leaves[] = { 0, 0, 1, LOCATE_NONE, LOCATE_NONE, LOCATE_NONE, 0 };
	SCOPED_ARENA(arena);
	struct locate_hosts hosts = hosts_of("n1\nn2.example.com\nn5\nn6\nn9\nn7\nn7.b\n", &arena);
	struct error err = { 0 };

	(void)state;
	assert_true(locate_hosts_place(&hosts, &placement, &arena, &err));
	for (uint32_t i = 0; i < hosts.count; i++)
		assert_int_equal(hosts.hosts[i].leaf, leaves[i]);
	assert_int_equal(hosts.leaf_count, 2);
	assert_string_equal(hosts.leaves[0], "leaf-a");
	assert_string_equal(hosts.leaves[1], "leaf-1");
	assert_false(hosts.are_all_leafed);
}

static void a_fabric_of_others_and_two_tellers_of_leaves_are_refused(void **state)
{
	SCOPED_ARENA(arena);
	struct locate_hosts others = hosts_of("a\nb\nc\nd\n", &arena);
	struct locate_hosts told = hosts_of("n1 leaf=x\nn2\nn3\nn4\n", &arena);
	struct error err = { 0 };

	(void)state;
	assert_false(locate_hosts_place(&others, &placement, &arena, &err));
	assert_non_null(strstr(err.text, "n1.pod, and not as a"));
	assert_false(locate_hosts_place(&told, &placement, &arena, &err));
	assert_non_null(strstr(err.text, "leaf=x"));
}

static void hosts_of_the_fabric_can_be_taken_from_it(void **state)
{
	SCOPED_ARENA(arena);
	struct locate_hosts hosts;
	struct error err = { 0 };

	(void)state;
	assert_true(locate_hosts_placed(&placement, &arena, &hosts, &err));
	assert_int_equal(hosts.count, 7);
	assert_true(locate_hosts_place(&hosts, &placement, &arena, &err));
	assert_true(hosts.are_all_leafed);
}

static void hosts_without_a_leaf_of_enough_are_paired_all_the_same(void **state)
{
	SCOPED_ARENA(arena);
	struct locate_hosts few = hosts_of("a1 leaf=a\na2 leaf=a\na3 leaf=a\na4 leaf=a\n"
					   "b1 leaf=b\nc1\n",
					   &arena);
	struct locate_hosts many = hosts_of("a1 leaf=a\na2 leaf=a\na3 leaf=a\na4 leaf=a\n"
					    "b1 leaf=b\nb2 leaf=b\nc1\nd1\n",
					    &arena);
	struct locate_hosts none = hosts_of("a leaf=a\nb leaf=b\nc\nd\n", &arena);
	const uint32_t *groups = locate_groups(&few, &arena);

	(void)state;
	assert_int_equal(groups[4], 0);
	assert_int_equal(groups[5], 0);
	assert_non_null(strstr(locate_leaves_note(&few, &arena), "2 hosts (b1, …) on no leaf"));
	groups = locate_groups(&many, &arena);
	for (unsigned i = 0; i < 8; i++)
		assert_int_equal(groups[i], i < 4 ? 0 : 2);
	assert_null(locate_groups(&none, &arena));
	assert_non_null(strstr(locate_leaves_note(&none, &arena), "No leaf has 4 hosts"));
	assert_false(locate_has_ways(&few));
}

static void without_leaves_nothing_is_to_be_said(void **state)
{
	SCOPED_ARENA(arena);
	struct locate_hosts hosts = hosts_of("a\nb\nc\nd\n", &arena);

	(void)state;
	assert_null(locate_groups(&hosts, &arena));
	assert_false(locate_has_ways(&hosts));
	assert_string_equal(locate_leaves_note(&hosts, &arena), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_get_the_leaf_that_the_fabric_has_them_on),
		cmocka_unit_test(a_fabric_of_others_and_two_tellers_of_leaves_are_refused),
		cmocka_unit_test(hosts_of_the_fabric_can_be_taken_from_it),
		cmocka_unit_test(hosts_without_a_leaf_of_enough_are_paired_all_the_same),
		cmocka_unit_test(without_leaves_nothing_is_to_be_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
