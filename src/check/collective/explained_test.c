#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "fabric/collective.h"
#include "test/curves.h"
#include "test/rails.h"
#include "test/scene.h"
#include <cmocka.h>

#define NAME "collective-explained"

/* A curve of all-gathers of 64 ranks on 8 nodes with that asymptote, GB/s. */
static const char *curve_of(double asymptote, struct arena *arena)
{
	static const double sizes[] = { 0x1p20, 0x1p24, 0x1p28, 0x1p30, 0x1p33 };
	double factor = collective_factor(COLLECTIVE_ALL_GATHER, 64);
	SCOPED_TEXT(lines);

	text_add(&lines, WAY("network", "64", "8"));
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		double seconds = 300e-6 + sizes[i] * factor / (asymptote * 1e9);

		text_format(&lines, POINT("all-gather:network/%.0f", "%.9g", "%.9g"), sizes[i],
			    seconds, sizes[i], sizes[i] * factor / seconds);
	}
	return arena_string(arena, text_span(&lines));
}

static void the_share_of_the_links_has_a_cause(void **state)
{
	static const struct {
		double share; /* of what the ring's slower part carries */
		enum verdict verdict;
		const char *word;
	} cases[] = {
		{ 1.0, VERDICT_PASS, "as the links allow" },
		{ 0.875, VERDICT_WARN, "7 of 8 adapters" },
		{ 0.5, VERDICT_WARN, "half" },
		{ 1.0 / 3, VERDICT_WARN, "GPUDirect" },
		{ 0.42, VERDICT_WARN, "oversubscription" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);
		SCOPED_ARENA(arena);

		scene_make(&scene, scene_h100, RAILS, curve_of(364.5 * cases[i].share, &arena),
			   NULL);
		assert_int_equal(scene_worst(&scene, NAME), cases[i].verdict);
		if (!strstr(scene.found.items[0].text, cases[i].word))
			fail_msg("%s", scene.found.items[0].text);
	}
}

static void a_ring_in_place_of_the_switch_is_named(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, FAST_CURVE("nvlink"), NULL);
	assert_int_equal(scene_worst(&scene, NAME), VERDICT_PASS);
	scene_release(&scene);
	scene_make(&scene, scene_h100, RING_CURVE("nvlink"), NULL);
	assert_int_equal(scene_worst(&scene, NAME), VERDICT_WARN);
	assert_non_null(strstr(scene.found.items[0].text, "NVLS"));
	scene_release(&scene);
	scene_make(&scene, scene_h100, RING_CURVE("no-nvls"), NULL);
	assert_int_equal(scene_worst(&scene, NAME), VERDICT_PASS);
}

static void no_bound_and_silence_are_unknown(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, RING_CURVE("no-nvlink"), NULL);
	assert_int_equal(scene_worst(&scene, NAME), VERDICT_UNKNOWN);
	scene_release(&scene);
	scene_make(&scene, scene_bare, RING_CURVE("nvlink"), NULL);
	assert_int_equal(scene_worst(&scene, NAME), VERDICT_UNKNOWN);
	scene_release(&scene);
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, NAME), VERDICT_UNKNOWN);
}

static void two_nodes_all_reduce_tells_nothing_of_adapters(void **state)
{
	static const char *const sizes[] = { "1048576", "16777216", "268435456", "1073741824" };
	SCOPED_SCENE(scene);
	SCOPED_TEXT(lines);

	(void)state;
	text_add(&lines, WAY("network", "16", "2"));
	/* A third of what the adapters carry: with any other collective that is a warning. */
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		uint64_t bytes = 0;

		assert_true(span_to_u64(span_of(sizes[i]), &bytes));
		text_format(&lines, POINT("all-reduce:network/%s", "%.9g", "%.9g"), sizes[i],
			    300e-6 + (double)bytes * 1.875 / 120e9, sizes[i], 120e9);
	}
	scene_make(&scene, scene_h100, RAILS, text_string(&lines), NULL);
	assert_int_equal(scene_worst(&scene, NAME), VERDICT_NOT_APPLICABLE);
	assert_non_null(strstr(scene.found.items[0].text, "nothing of the adapters"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_share_of_the_links_has_a_cause),
		cmocka_unit_test(two_nodes_all_reduce_tells_nothing_of_adapters),
		cmocka_unit_test(a_ring_in_place_of_the_switch_is_named),
		cmocka_unit_test(no_bound_and_silence_are_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
