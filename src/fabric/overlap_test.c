#include "fabric/overlap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void half_of_the_smaller_set_joins(void **state)
{
	static const uint32_t first[] = { 0, 4, 6, 8, 9, 9 };
	static const uint32_t members[] = { 0, 1, 2, 3, 3, 4, 5, 6, 7 };
	SCOPED_ARENA(scratch);
	uint32_t label[5];

	(void)state;
	overlap_join(
		&(struct overlap_sets){
			.item_count = 5,
			.member_count = 8,
			.first = first,
			.members = members,
		},
		&scratch, label);
	assert_int_equal(label[0], 0);
	assert_int_equal(label[1], 0);
	assert_int_equal(label[2], 2);
	assert_int_equal(label[3], 3);
	assert_int_equal(label[4], 4);
}

static void colours_stay_apart(void **state)
{
	static const uint32_t first[] = { 0, 2, 4, 6 };
	static const uint32_t members[] = { 0, 1, 0, 1, 0, 1 };
	static const uint32_t colours[] = { 1, 2, 1 };
	SCOPED_ARENA(scratch);
	uint32_t label[3];

	(void)state;
	overlap_join(
		&(struct overlap_sets){
			.item_count = 3,
			.member_count = 2,
			.first = first,
			.members = members,
			.colours = colours,
		},
		&scratch, label);
	assert_int_equal(label[0], 0);
	assert_int_equal(label[1], 1);
	assert_int_equal(label[2], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(half_of_the_smaller_set_joins),
		cmocka_unit_test(colours_stay_apart),
	};

	return cmocka_run_group_tests_name("fabric/overlap", tests, NULL, NULL);
}
