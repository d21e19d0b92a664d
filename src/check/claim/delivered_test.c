#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "check/claims.h"
#include "test/scene.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define HEAD "schema: assay/claims/v1\nsource: a page\nday: 2025-11-01\nclaims:\n"

static const char rails[] = "rdma.rate rdma:mlx5_0/1 400\nrdma.rate rdma:mlx5_1/1 400\n"
			    "rdma.rate rdma:mlx5_2/1 200\n";

/* What the check says of one claim about a node of those lines. */
static const struct finding *hold(struct scene *scene, const char *claim, const char *lines)
{
	struct claims *claims;
	struct error err = { 0 };
	const char *text;

	scene_make(scene, scene_h100, lines, NULL);
	claims = ARENA_NEW(&scene->arena, struct claims);
	text = arena_format(&scene->arena, HEAD "  - { %s }\n", claim);
	if (!claims_read(span_of(text), "c.yaml", &scene->arena, claims, &err))
		fail_msg("%s", err.text);
	scene->input.claims = claims;
	(void)scene_judge(scene, "claim-delivered");
	assert_int_equal(scene->found.count, 1);
	return &scene->found.items[0];
}

static void each_verdict_follows_from_the_difference(void **state)
{
	static const struct {
		const char *claim, *lines;
		enum verdict verdict;
		const char *says;
	} cases[] = {
		{ "what: gpu-model, is: H100-SXM", "", VERDICT_PASS, "it is H100-SXM" },
		{ "what: gpu-model, is: NVIDIA H100 80GB HBM3", "", VERDICT_PASS, "H100-SXM" },
		{ "what: gpu-model, is: H200-SXM", "", VERDICT_FAIL, "it is H100-SXM" },
		{ "what: gpu-model, is: X900", "", VERDICT_UNKNOWN, "no model of shape.tsv" },
		{ "what: gpu-count, value: 8, unit: GPUs", "", VERDICT_PASS, "8 GPUs" },
		{ "what: gpu-count, value: 9, unit: GPUs", "", VERDICT_FAIL, "-11.1 %" },
		{ "what: memory, value: 2, unit: TB", "memory.total - 1990000000000\n",
		  VERDICT_PASS, "-0.5 %" },
		{ "what: memory, value: 2, unit: TB", "memory.total - 1500000000000\n",
		  VERDICT_FAIL, "-25.0 %" },
		{ "what: memory, value: 2, unit: TB, counts: [up-to]",
		  "memory.total - 1500000000000\n", VERDICT_WARN, "-25.0 %" },
		{ "what: memory, value: 2, unit: TB", "", VERDICT_UNKNOWN, "not measured" },
		{ "what: memory, value: 2, unit: TB", "memory.total - ? it was hidden\n",
		  VERDICT_UNKNOWN, "it was hidden" },
		{ "what: uptime, value: 99.9, unit: \"%\"", "", VERDICT_UNKNOWN, "months" },
		/* By the links alone more is a bound, and less is a fault. */
		{ "what: node-bandwidth, value: 800, unit: Gb/s", rails, VERDICT_UNKNOWN,
		  "none was measured" },
		{ "what: node-bandwidth, value: 1000, unit: Gb/s", rails, VERDICT_FAIL,
		  "front end or storage seems to be counted" },
		{ "what: node-bandwidth, value: 1600, unit: Gb/s", rails, VERDICT_FAIL,
		  "both directions seem to be counted" },
		{ "what: node-bandwidth, value: 1600, unit: Gb/s, counts: [both-directions]", rails,
		  VERDICT_UNKNOWN, "which is 800 Gb/s" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_SCENE(scene);
		const struct finding *finding = hold(&scene, cases[i].claim, cases[i].lines);

		if (finding->verdict != cases[i].verdict || !strstr(finding->text, cases[i].says))
			fail_msg("%s: %s: %s", cases[i].claim, verdict_names[finding->verdict],
				 finding->text);
		assert_non_null(strstr(finding->bar, "c.yaml line 5: a page, as sold 2025-11-01"));
		assert_true((finding->verdict == VERDICT_FAIL) == (finding->action != NULL));
	}
}

static void without_claims_it_does_not_apply(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, "claim-delivered"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_verdict_follows_from_the_difference),
		cmocka_unit_test(without_claims_it_does_not_apply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
