#include "fabric/locate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"

enum {
	ENDPOINTS = 64,
	SLOW = 5,
	LOSSY = 17,
	FLAPPING = 40,
	DEAD = 41,
	AWAY = 63,
};

static double chance(uint64_t *thrown)
{
	return (double)(random_u64(11, (*thrown)++) >> 11) / 0x1p53;
}

/* Of a cluster with one of each fault, on its second rail alone. */
static struct locate_result measure(uint32_t a, uint32_t b, unsigned rail, uint64_t *thrown)
{
	struct locate_result result = { .a = a, .b = b, .rail = (uint8_t)rail };
	double noise = -6;

	for (unsigned i = 0; i < 12; i++)
		noise += chance(thrown);
	result.rate = 1e9 * (1 + 0.01 * noise);
	result.lost = 0.0002 * chance(thrown);
	result.worst_part = 0.85 + 0.1 * chance(thrown);
	if (rail == 0)
		return result;
	if (a == SLOW || b == SLOW)
		result.rate *= 0.9;
	if (a == LOSSY || b == LOSSY)
		result.lost = 0.03;
	if ((a == FLAPPING || b == FLAPPING) && chance(thrown) < 0.7)
		result.worst_part = 0.01;
	result.failed = a == DEAD || b == DEAD;
	return result;
}

static void search(struct locate *locate, struct arena *arena)
{
	struct locate_options options = locate_defaults;
	struct locate_pair pairs[ENDPOINTS];
	struct error err = { 0 };
	uint64_t thrown = 0;
	uint32_t count;

	options.rails = 2;
	options.rounds = 20;
	assert_true(locate_init(locate, &options, ENDPOINTS, NULL, arena, &err));
	locate_leave_out(locate, AWAY);
	while ((count = locate_plan(locate, arena, pairs)) > 0)
		for (uint32_t i = 0; i < count; i++)
			for (unsigned rail = 0; rail < 2; rail++) {
				const struct locate_result result =
					measure(pairs[i].a, pairs[i].b, rail, &thrown);

				locate_add(locate, &result);
			}
	locate_judge(locate, arena);
}

static void each_fault_is_told_on_its_rail(void **state)
{
	static const struct {
		uint32_t endpoint;
		enum locate_symptom symptom;
	} faults[] = {
		{ SLOW, LOCATE_SLOW },
		{ LOSSY, LOCATE_LOSSY },
		{ FLAPPING, LOCATE_FLAPPING },
		{ DEAD, LOCATE_FLAPPING },
	};
	SCOPED_ARENA(arena);
	struct locate locate;

	(void)state;
	search(&locate, &arena);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		const struct locate_finding *finding =
			&locate.findings[(size_t)faults[i].endpoint * 2];

		assert_int_equal(finding[0].verdict, LOCATE_SOUND);
		assert_int_equal(finding[1].verdict, LOCATE_FAULTY);
		assert_int_equal(finding[1].symptom, faults[i].symptom);
	}
	for (uint32_t i = 0; i < ENDPOINTS; i++)
		if (i != SLOW && i != LOSSY && i != FLAPPING && i != DEAD && i != AWAY)
			assert_int_equal(locate_verdict_of(&locate, i), LOCATE_SOUND);
	assert_int_equal(locate_verdict_of(&locate, AWAY), LOCATE_UNTESTED);
	assert_true(locate.round < 20);
}

static void how_much_it_lacks_comes_with_its_error(void **state)
{
	SCOPED_ARENA(arena);
	struct locate locate;
	const struct locate_finding *slow;

	(void)state;
	search(&locate, &arena);
	slow = &locate.findings[(size_t)SLOW * 2 + 1];
	assert_true(slow->partners > 0);
	assert_true(fabs(slow->lacks - 0.1) < 4 * slow->lacks_within);
	assert_true(slow->lacks_within > 0 && slow->lacks_within < 0.02);
	assert_true(fabs(locate.findings[(size_t)LOSSY * 2 + 1].lost - 0.03) < 0.001);
	assert_int_equal(locate.findings[(size_t)DEAD * 2 + 1].failures,
			 locate.findings[(size_t)DEAD * 2 + 1].tests);
	assert_true(fabs(locate.rates[1] / 1e9 - 1) < 0.01);
	assert_true(locate.noises[1] > 0.005 && locate.noises[1] < 0.02);
}

static void what_cannot_be_is_refused(void **state)
{
	SCOPED_ARENA(arena);
	struct locate_options options = locate_defaults;
	struct locate locate;
	struct error err = { 0 };

	(void)state;
	assert_false(locate_init(&locate, &options, 3, NULL, &arena, &err));
	assert_non_null(strstr(err.text, "at least 4"));
	options.slow = (double)NAN;
	assert_false(locate_init(&locate, &options, 4, NULL, &arena, &err));
	options = locate_defaults;
	options.rounds = 0;
	assert_false(locate_init(&locate, &options, 4, NULL, &arena, &err));
	options = locate_defaults;
	options.rails = 65;
	assert_false(locate_init(&locate, &options, 4, NULL, &arena, &err));
}

static void without_a_single_result_nobody_is_sound(void **state)
{
	SCOPED_ARENA(arena);
	struct locate locate;
	struct error err = { 0 };

	(void)state;
	assert_true(locate_init(&locate, &locate_defaults, 4, NULL, &arena, &err));
	locate_judge(&locate, &arena);
	assert_int_equal(locate_verdict_of(&locate, 0), LOCATE_UNTESTED);
	assert_false(locate_is_decided(&locate, 0));
}

static void when_everything_fails_nobody_is_sound(void **state)
{
	SCOPED_ARENA(arena);
	struct locate locate;
	struct locate_pair pairs[16];
	struct error err = { 0 };
	uint32_t count;

	(void)state;
	assert_true(locate_init(&locate, &locate_defaults, 16, NULL, &arena, &err));
	while ((count = locate_plan(&locate, &arena, pairs)) > 0)
		for (uint32_t i = 0; i < count; i++)
			locate_add(&locate, &(struct locate_result){ .a = pairs[i].a,
								     .b = pairs[i].b,
								     .failed = true });
	locate_judge(&locate, &arena);
	for (uint32_t i = 0; i < 16; i++)
		assert_int_not_equal(locate_verdict_of(&locate, i), LOCATE_SOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_fault_is_told_on_its_rail),
		cmocka_unit_test(how_much_it_lacks_comes_with_its_error),
		cmocka_unit_test(what_cannot_be_is_refused),
		cmocka_unit_test(without_a_single_result_nobody_is_sound),
		cmocka_unit_test(when_everything_fails_nobody_is_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
