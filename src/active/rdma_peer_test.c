#include "active/rdma_peer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void an_offer_survives_the_way(void **state)
{
	static const struct rdma_rail rails[] = {
		{ "rdma:mlx5_0/1", "mlx5_0", "1", 400, 3, false },
		{ "rdma:mlx5_1/2", "mlx5_1", "2", 400, -1, false },
	};
	const struct rdma_offer mine = {
		.test = "rdma-latency", .rails = rails, .rail_count = 2, .has_gpus = true
	};
	SCOPED_ARENA(arena);
	SCOPED_TEXT(text);
	struct rdma_offer theirs;
	struct error err;

	(void)state;
	rdma_offer_write(&mine, &text);
	assert_true(rdma_offer_read(text_span(&text), "rdma-latency", &arena, &theirs, &err));
	assert_int_equal(theirs.rail_count, 2);
	assert_string_equal(theirs.rails[1].name, "mlx5_1");
	assert_string_equal(theirs.rails[1].port, "2");
	assert_true(theirs.has_gpus && theirs.rails[0].gpu >= 0 && theirs.rails[1].gpu < 0);
	assert_false(rdma_offer_read(text_span(&text), "rdma-bandwidth", &arena, &theirs, &err));
	assert_non_null(strstr(err.text, "does not run the test rdma-bandwidth"));
}

static void an_offer_that_makes_no_sense_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"test x gpus yes\n",
		"test t gpus maybe\n",
		"test t gpus no\nmlx5_0\n",
		"test t gpus no\nmlx5_0/1\n",
		"test t gpus no\n/1 -\n",
		"test t gpus no\na b/1 -\n",
		"test t gpus no\n\x1b[2J/1 -\n",
		"test t gpus no\nmlx5_0/1 rocm\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		SCOPED_ARENA(arena);
		struct rdma_offer offer;
		struct error err;

		assert_false(rdma_offer_read(span_of(bad[i]), "t", &arena, &offer, &err));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_offer_survives_the_way),
		cmocka_unit_test(an_offer_that_makes_no_sense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
