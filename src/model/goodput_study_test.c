#include "model/goodput_study.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct room {
	struct parameters parameters;
	struct goodput_study study;
	struct error err;
};

static void set_up(struct room *room, const char *const *assignments)
{
	*room = (struct room){ 0 };
	parameters_init(&room->parameters, &goodput_table);
	for (; *assignments; assignments++)
		assert_true(parameters_assign(&room->parameters, *assignments, &room->err));
}

static void study(struct room *room, const char *const *assignments)
{
	set_up(room, assignments);
	assert_true(goodput_settle(&room->parameters, &room->err));
	goodput_study(&room->parameters, NULL, 0, &room->study);
}

static void without_any_word_failures_are_a_range(void **state)
{
	static const char *const none[] = { NULL };
	struct room room;

	(void)state;
	study(&room, none);
	assert_true(fabs(room.study.figures[FIGURE_GPU_DAYS].low - 625) < 1e-9);
	assert_true(fabs(room.study.figures[FIGURE_GPU_DAYS].high - 3748) < 1e-9);
	assert_true(room.study.figures[FIGURE_EXPENSE].low <
		    room.study.figures[FIGURE_EXPENSE].high);
}

static void every_likely_figure_lies_in_its_range(void **state)
{
	static const char *const some[] = { "price=1..2..3",        "spot-price=1",  "deadline=40",
					    "checkpoint=5..20..90", "recovery=cold", NULL };
	struct room room;

	(void)state;
	study(&room, some);
	for (unsigned i = 0; i < FIGURE_COUNT; i++) {
		const struct quantity *figure = &room.study.figures[i];

		assert_false(isnan(figure->value));
		assert_true(figure->low <= figure->value && figure->value <= figure->high);
	}
}

/* Young's interval grows with both the write and the time between failures, so neither the cheap
 * nor the dear end has its extremes. */
static void the_range_of_a_figure_has_the_corners_in_it(void **state)
{
	static const char *const some[] = { "mtbf=10000..40000", "write=1..4", "gpus=1000", NULL };
	struct room room;

	(void)state;
	study(&room, some);
	assert_true(fabs(room.study.figures[FIGURE_YOUNG].low - sqrt(2 * 1 * 10 * 60.0)) < 1e-9);
	assert_true(fabs(room.study.figures[FIGURE_YOUNG].high - sqrt(2 * 4 * 40 * 60.0)) < 1e-9);
}

static void rates_and_counts_become_hours(void **state)
{
	static const char *const rate[] = { "failure-rate=2.34..6.5", NULL };
	static const char *const count[] = { "failures=10", "observed-gpus=1000",
					     "observed-days=100", NULL };
	static const char *const none[] = { "failures=0", "observed-gpus=1000", "observed-days=100",
					    NULL };
	struct room room;
	const struct quantity *mtbf = &room.parameters.values[GOODPUT_MTBF];

	(void)state;
	study(&room, rate);
	assert_true(fabs(mtbf->low - 192000 / 6.5) < 1e-6);
	assert_true(fabs(mtbf->high - 192000 / 2.34) < 1e-6);
	study(&room, count);
	assert_true(fabs(mtbf->value - 240000) < 1e-6);
	assert_true(fabs(2400000 / mtbf->low - 18.3904) < 1e-4);
	assert_true(fabs(2400000 / mtbf->high - 4.7954) < 1e-4);
	study(&room, none);
	assert_true(fabs(2400000 / mtbf->low - 3.6889) < 1e-4);
	assert_true(mtbf->value > mtbf->low && mtbf->high > 1e11);
}

static void what_cannot_be_settled_is_refused(void **state)
{
	static const struct {
		const char *assignments[4];
		enum error_code code;
	} wrong[] = {
		{ { "failures=3", "observed-gpus=5" }, ERROR_MISSING },
		{ { "failures=3.5", "observed-gpus=5", "observed-days=2" }, ERROR_INVALID },
		{ { "mtbf=3", "failure-rate=4" }, ERROR_CONFLICT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct room room;

		set_up(&room, wrong[i].assignments);
		assert_false(goodput_settle(&room.parameters, &room.err));
		assert_int_equal(room.err.code, wrong[i].code);
	}
}

static void the_simulation_gives_what_the_exact_form_says(void **state)
{
	static const char *const plain[] = {
		"mtbf=50000",  "gpus=16384", "detect=5",    "initialise=10",
		"replace=30",  "write=1",    "slow-rate=0", "corruption-rate=0",
		"spares=1000", "days=200",   NULL
	};
	SCOPED_ARENA(arena);
	struct goodput_request request = { .seed = 3, .runs = 100, .threads = 2 };
	struct room room;

	(void)state;
	study(&room, plain);
	assert_true(goodput_simulate(&room.study, &request, &arena, &room.err));
	for (unsigned i = 0; i < CASE_COUNT; i++) {
		const struct simulation_result *result = &room.study.results[i];
		double exact = room.study.figures[FIGURE_EXACT].value;

		assert_true(fabs(result->mean - exact) < 4 * result->error + 1e-4);
	}
}

static void what_has_too_many_events_is_refused(void **state)
{
	static const char *const huge[] = { "mtbf=1", "gpus=8000000", NULL };
	SCOPED_ARENA(arena);
	struct goodput_request request = { .seed = 3, .runs = 1000, .threads = 1 };
	struct room room;

	(void)state;
	study(&room, huge);
	assert_false(goodput_simulate(&room.study, &request, &arena, &room.err));
	assert_int_equal(room.err.code, ERROR_LIMIT);
	assert_false(room.study.simulated);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_any_word_failures_are_a_range),
		cmocka_unit_test(every_likely_figure_lies_in_its_range),
		cmocka_unit_test(the_range_of_a_figure_has_the_corners_in_it),
		cmocka_unit_test(rates_and_counts_become_hours),
		cmocka_unit_test(what_cannot_be_settled_is_refused),
		cmocka_unit_test(the_simulation_gives_what_the_exact_form_says),
		cmocka_unit_test(what_has_too_many_events_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
