#include "active/storage_fio.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void files_stay_within_the_share_and_are_refused_when_too_small(void **state)
{
	struct storage_place place = { .room = 100ull << 20 };

	(void)state;
	assert_int_equal(fio_size(&place, 8, 1ull << 30), 12ull << 20);
	assert_int_equal(fio_size(&place, 8, 64ull << 20), 8ull << 20);
	assert_int_equal(fio_size(&place, 32, 1ull << 30), 0);
	place.room = 0;
	assert_int_equal(fio_size(&place, 1, 1ull << 30), 0);
}

static void a_load_has_a_name(void **state)
{
	static const struct fio_work work = { .name = "random-read", .direct = true };
	const struct fio_load load = { .work = &work, .clients = 8 };

	(void)state;
	SCOPED_ARENA(arena);
	assert_string_equal(fio_load_name(&load, &arena), "random-read.direct.c8");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_stay_within_the_share_and_are_refused_when_too_small),
		cmocka_unit_test(a_load_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
