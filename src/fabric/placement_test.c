#include "fabric/placement.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "test/places.h"

static void a_good_placement_is_let_through(void **state)
{
	SCOPED_ARENA(arena);
	struct placement *placement = places_make(&arena);

	(void)state;
	assert_true(placement_check(placement, NULL));
}

static void each_broken_promise_is_named(void **state)
{
	SCOPED_ARENA(arena);
	struct error err = { 0 };

	(void)state;
	struct placement *placement = places_make(&arena);
	placement->units[0].parent = 1;
	assert_false(placement_check(placement, &err));
	assert_non_null(strstr(err.text, "leaf1"));
	placement = places_make(&arena);
	placement->units[0].tier = 7;
	assert_false(placement_check(placement, &err));
	placement = places_make(&arena);
	placement->hosts[0].unit = 3;
	assert_false(placement_check(placement, &err));
	assert_non_null(strstr(err.text, "n1"));
	placement = places_make(&arena);
	placement->hosts[0].unit = UINT32_MAX;
	assert_false(placement_check(placement, &err));
	placement = places_make(&arena);
	placement->placed++;
	assert_false(placement_check(placement, &err));
	placement = places_make(&arena);
	placement->hosts[0].name = "";
	assert_false(placement_check(placement, &err));
}

static void the_tree_has_what_has_hosts(void **state)
{
	SCOPED_ARENA(arena);
	struct placement *placement = places_make(&arena);
	struct placement_tree tree;

	(void)state;
	placement_tree_make(placement, &arena, &tree);
	assert_int_equal(tree.root_count, 1);
	assert_int_equal(tree.roots[0], 5);
	assert_int_equal(tree.order_count, 3);
	assert_int_equal(tree.below[0], 4);
	assert_int_equal(tree.below[3], 8);
	assert_int_equal(tree.below[5], 10);
	assert_int_equal(tree.first_child[5 + 1] - tree.first_child[5], 2);
	assert_int_equal(tree.first_host[1] - tree.first_host[0], 4);
	assert_int_equal(tree.hosts[tree.first_host[2]], 8);
}

static void blocks_stand_as_they_lie(void **state)
{
	SCOPED_ARENA(arena);
	struct placement *placement = places_make(&arena);
	struct placement_tree tree;
	struct placement_blocks blocks;

	(void)state;
	/* The domain whose name comes first lies last. */
	for (uint32_t i = 0; i < 4; i++)
		placement->hosts[i].domain = "zeta";
	for (uint32_t i = 4; i < 7; i++)
		placement->hosts[i].domain = "alpha";
	placement->hosts[6].subdomain = "1";
	placement_tree_make(placement, &arena, &tree);
	placement_blocks_make(placement, &tree, &arena, &blocks);
	assert_int_equal(blocks.block_count, 3);
	assert_string_equal(blocks.blocks[0].domain, "zeta");
	assert_int_equal(blocks.blocks[0].count, 4);
	assert_string_equal(blocks.blocks[2].subdomain, "1");
	assert_int_equal(blocks.smallest, 1);
	assert_int_equal(blocks.without, placement->host_count - 7);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_placement_is_let_through),
		cmocka_unit_test(each_broken_promise_is_named),
		cmocka_unit_test(the_tree_has_what_has_hosts),
		cmocka_unit_test(blocks_stand_as_they_lie),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
