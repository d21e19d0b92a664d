#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "check/claims.h"
#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

#define RAN "test.network.bandwidth network:peer/"

static const char well[] = "net.speed net:eth0 25000\n"
			   "test.network.interface network:peer eth0\n" RAN "send:8 2.9e9\n" RAN
			   "receive:8 2.9e9\n" RAN "send:1 1e9\n"
			   "test.network.busy network:peer/send:8 60\n";

static const struct verdict_case cases[] = {
	{ "well", "", VERDICT_PASS, "25000 Mb/s" },
	{ "a third", RAN "receive:8 1e9\n", VERDICT_WARN, "from the peer" },
	{ "bound by a processor", RAN "send:8 1e9\ntest.network.busy network:peer/send:8 97\n",
	  VERDICT_UNKNOWN, "97 % of the time" },
	{ "busy and well", "test.network.busy network:peer/send:8 97\n", VERDICT_PASS, NULL },
	{ "more than can be", RAN "send:8 4e9\n", VERDICT_WARN, "more than can be" },
	{ "no speed", "net.speed net:eth0 ? it has none\n", VERDICT_UNKNOWN, "no reference" },
	{ "no interface", "test.network.interface network:peer -\n", VERDICT_UNKNOWN,
	  "no reference" },
	{ "failed", RAN "send:8 ? the peer closed the connection in the middle\n", VERDICT_UNKNOWN,
	  "in the middle" },
};

static void verdicts_follow_what_was_measured(void **state)
{
	(void)state;
	VERDICTS_HOLD("network-bandwidth", well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "network-bandwidth"), VERDICT_UNKNOWN);
}

static void what_was_sold_is_held_against_it(void **state)
{
	static const struct claim sold[] = { { .kind = CLAIM_NODE_BANDWIDTH,
					       .value = 3400,
					       .front_end = 200,
					       .traps = CLAIM_BOTH_DIRECTIONS,
					       .source = "sold.yaml" } };
	static const struct claims claims = { .file = "sold.yaml", .items = sold, .count = 1 };
	static const struct {
		const char *lines;
		enum verdict verdict;
	} rows[] = {
		{ RAN "send:8 1.25e10\n" RAN "receive:8 1.2e10\n", VERDICT_PASS },
		{ RAN "send:8 8e9\n", VERDICT_WARN },
		{ RAN "send:8 3e9\n", VERDICT_FAIL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_bare, rows[i].lines, NULL);
		scene.input.claims = &claims;
		assert_int_equal(scene_worst(&scene, "network-bandwidth"), rows[i].verdict);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_measured),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(what_was_sold_is_held_against_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
