#include "check/claims.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "host/file.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define HEAD "schema: assay/claims/v1\nsource: a page\nday: 2026-11-01\nclaims:\n"

static void the_example_is_read(void **state)
{
	const struct host host = { 0 };
	SCOPED_ARENA(arena);
	struct claims claims;
	struct span text;
	struct error err = { 0 };

	(void)state;
	assert_true(
		host_read(&host, "data/example/claims-h100.yaml", 1 << 20, &arena, &text, NULL));
	if (!claims_read(text, "f", &arena, &claims, &err))
		fail_msg("%s", err.text);
	assert_int_equal(claims.count, 14);
	assert_string_equal(claims.provider, "example");
	assert_string_equal(claims.items[0].word, "H100-SXM");
	assert_string_equal(claims.items[1].source,
			    "an invented product page, https://example.org/h100");
	/* 3.6 Tb/s of which 0.4 are front end. */
	assert_int_equal(claims.items[7].kind, CLAIM_NODE_BANDWIDTH);
	assert_true(fabs(claim_promised(&claims.items[7]) - 3200) < 1e-6);
	assert_string_equal(claims.items[7].source, "a price list of the same provider");
	/* Both directions, and sparsity. */
	assert_true(fabs(claim_promised(&claims.items[6]) - 450) < 1e-6);
	assert_true(fabs(claim_promised(&claims.items[5]) - 989.5) < 1e-6);
	assert_string_equal(claims.items[11].folder, "/mnt/shared");
	assert_true(fabs(claims.items[12].value - 300) < 1e-9);
}

static void units_are_of_the_kind(void **state)
{
	static const struct {
		enum claim_kind kind;
		const char *unit;
		double factor;
	} cases[] = {
		{ CLAIM_GPU_MEMORY, "GB", 1 },       { CLAIM_GPU_MEMORY, "GiB", 1.073741824 },
		{ CLAIM_GPU_MEMORY, "Gb/s", 0 },     { CLAIM_NODE_BANDWIDTH, "Tb/s", 1000 },
		{ CLAIM_NODE_BANDWIDTH, "GB/s", 0 }, { CLAIM_START_TIME, "min", 60 },
		{ CLAIM_GPU_POWER, "kW", 1000 },     { CLAIM_CPU_THREADS, "vCPU", 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_true(
			fabs(claim_unit_factor(&claim_rows[cases[i].kind], span_of(cases[i].unit)) -
			     cases[i].factor) < 1e-12);
}

static void what_is_wrong_is_said_with_its_place(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "schema: assay/claims/v2\nclaims: []\n", "line 1" },
		{ HEAD "  []\n", "1 to 200 claims" },
		{ HEAD "  - { what: gpu-colour, value: 1, unit: GB }\n", "line 5" },
		{ HEAD "  - { what: gpu-memory, value: 80 }\n", "GB" },
		{ HEAD "  - { what: gpu-memory, value: 80, unit: Gb/s }\n", "in one of: MB GB" },
		{ HEAD "  - { what: gpu-memory, value: 80 GB, unit: GB }\n", "no number above 0" },
		{ HEAD "  - { what: gpu-memory, value: -80, unit: GB }\n", "no number above 0" },
		{ HEAD "  - { what: gpu-memory, is: much }\n", "is a number" },
		{ HEAD "  - { what: gpu-model, value: 1, unit: GB }\n", "is a word" },
		{ HEAD "  - { what: uptime, value: 101, unit: \"%\" }\n", "100 % at most" },
		{ HEAD "  - { what: memory, value: 1, unit: TB, front-end: 1 }\n",
		  "only 'node-bandwidth'" },
		{ HEAD "  - { what: node-bandwidth, value: 1, unit: Tb/s, front-end: 1 }\n",
		  "give less" },
		{ HEAD "  - { what: memory, value: 1, unit: TB, counts: [lies] }\n",
		  "both-directions" },
		{ HEAD "  - { what: storage-read, value: 1, unit: GB/s }\n", "needs the 'folder'" },
		{ HEAD "  - { what: memory, value: 1, unit: TB, folder: /a }\n", "has no folder" },
		{ HEAD "  - { what: memory, value: 1, unit: TB, day: soon }\n", "YYYY-MM-DD" },
		{ HEAD "  - { what: memory, value: 1, unit: TB }\n"
		       "  - { what: memory, value: 2, unit: TB }\n",
		  "claimed above" },
		{ "schema: assay/claims/v1\nclaims:\n  - { what: memory, value: 1, unit: TB }\n",
		  "needs a 'source'" },
	};
	SCOPED_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct claims claims;
		struct error err = { 0 };

		assert_false(claims_read(span_of(cases[i].text), "f.yaml", &arena, &claims, &err));
		if (!strstr(err.text, cases[i].says) || !strstr(err.text, "f.yaml"))
			fail_msg("'%s' is not in: %s", cases[i].says, err.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_example_is_read),
		cmocka_unit_test(units_are_of_the_kind),
		cmocka_unit_test(what_is_wrong_is_said_with_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
