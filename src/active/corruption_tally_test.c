#include "active/corruption_tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum {
	UNITS = 4,
	LANES = 3,
	KERNELS = 2,
};

static const char *const units[] = { "gpu:0000:19:00.0/sm:0", "gpu:0000:19:00.0/sm:1",
				     "gpu:0000:3b:00.0/sm:0", "gpu:0000:3b:00.0/sm:1" };
static const char *const kernels[] = { "fma64", "divide" };

struct scene {
	struct arena arena;
	struct sightings sightings;
	struct corruption_tally tally;
};

static void start(struct scene *scene)
{
	scene->sightings = (struct sightings){ .arena = &scene->arena, .run = "run" };
	scene->tally = (struct corruption_tally){
		.test = "corruption-gpu",
		.units = units,
		.unit_count = UNITS,
		.kernels = kernels,
		.kernel_count = KERNELS,
		.lanes = LANES,
	};
	corruption_tally_start(&scene->tally, &scene->arena);
}

static void end(struct scene *scene)
{
	arena_release(&scene->arena);
}

#define SCOPED_TALLY(name)                                                    \
	struct scene name __attribute__((cleanup(end))) = { .arena = { 0 } }; \
	start(&(name))

/* "mismatches gpu:0000:19:00.0 0", one line a record, what is unknown behind "?". */
static const char *written(struct scene *scene)
{
	struct text text = { 0 };
	const char *copy;

	corruption_tally_write(&scene->tally, &scene->sightings);
	for (size_t i = 0; i < scene->sightings.count; i++) {
		const struct record *record = &scene->sightings.items[i];

		text_format(&text, "%s %s ", strrchr(record->what, '.') + 1,
			    record->subject.parts[SUBJECT_DEVICE]);
		if (record->says == SAYS_VALUE)
			text_format(&text, "%g\n", record->value);
		else
			text_format(&text, "%s%s\n", record->says == SAYS_UNKNOWN ? "?" : "",
				    record->text);
	}
	copy = arena_string(&scene->arena, text_span(&text));
	text_release(&text);
	return copy;
}

static void has(const char *text, const char *line)
{
	if (!strstr(text, line))
		fail_msg("no '%s' in\n%s", line, text);
}

static void who_differs_is_told_by_unit_kernel_lane_and_point(void **state)
{
	static const uint64_t digests[UNITS * LANES] = { 1, 2, 3, 1, 9, 8, 1, 2, 3, 1, 2, 3 };
	static const struct corruption_ballot ballot = {
		.kernel = 1,
		.point = CORRUPTION_ALL,
		.digests = digests,
	};
	uint64_t reference[LANES];
	uint32_t odd[UNITS];
	const char *text;
	SCOPED_TALLY(scene);

	(void)state;
	assert_int_equal(corruption_tally_vote(&scene.tally, &ballot, reference, odd), VOTE_ODD);
	assert_int_equal(odd[1], 6);
	corruption_tally_rounds(&scene.tally, CORRUPTION_ALL, 5, NULL);
	assert_true(corruption_tally_wants_rerun(&scene.tally, 1, 1));
	assert_false(corruption_tally_wants_rerun(&scene.tally, 0, 1));
	for (unsigned i = 0; i < 3; i++)
		corruption_tally_rerun(&scene.tally, 1, 1, i == 0, true);
	text = written(&scene);
	has(text, "units test:corruption-gpu 4\n");
	has(text, "rounds test:corruption-gpu/all 5\n");
	has(text, "mismatches gpu:0000:19:00.0/sm:1/divide 1\n");
	has(text, "lanes gpu:0000:19:00.0/sm:1/divide 1+2\n");
	has(text, "points gpu:0000:19:00.0/sm:1/divide all\n");
	has(text, "repeats gpu:0000:19:00.0/sm:1/divide intermittent\n");
	has(text, "mismatches gpu:0000:19:00.0 1\n");
	has(text, "mismatches gpu:0000:3b:00.0 0\n");
	has(text, "rounds gpu:0000:3b:00.0 5\n");
	assert_null(strstr(text, "fma64"));
}

static void a_split_vote_is_unknown(void **state)
{
	static const uint64_t digests[UNITS * LANES] = { 1, 2, 3, 1, 2, 3, 7, 2, 3, 7, 2, 3 };
	static const struct corruption_ballot ballot = {
		.kernel = 0,
		.point = CORRUPTION_ALL,
		.digests = digests,
	};
	uint64_t reference[LANES];
	uint32_t odd[UNITS];
	const char *text;
	SCOPED_TALLY(scene);

	(void)state;
	assert_int_equal(corruption_tally_vote(&scene.tally, &ballot, reference, odd), VOTE_SPLIT);
	text = written(&scene);
	has(text, "mismatches test:corruption-gpu/fma64 ?1 of 1 votes had no majority\n");
}

static void units_that_are_not_there_have_no_vote(void **state)
{
	static const uint64_t digests[UNITS * LANES] = { 1, 2, 3, 7, 7, 7, 1, 2, 3, 1, 2, 3 };
	static const bool present[UNITS] = { true, false, true, true };
	static const struct corruption_ballot ballot = {
		.kernel = 0,
		.point = CORRUPTION_ALL,
		.digests = digests,
		.present = present,
	};
	uint64_t reference[LANES];
	uint32_t odd[UNITS];
	SCOPED_TALLY(scene);

	(void)state;
	assert_int_equal(corruption_tally_vote(&scene.tally, &ballot, reference, odd), VOTE_AGREED);
	corruption_tally_rounds(&scene.tally, CORRUPTION_ALL, 5, present);
	has(written(&scene), "rounds gpu:0000:19:00.0 0\n");
	assert_null(strstr(written(&scene), "mismatches gpu:0000:19:00.0 "));
}

static void what_a_rerun_says_depends_on_its_witness(void **state)
{
	static const struct {
		struct corruption_count count;
		enum corruption_repeats repeats;
	} cases[] = {
		{ { .reruns = 0 }, CORRUPTION_NOT_REPEATED },
		{ { .reruns = 5, .again = 0, .is_witness_well = true }, CORRUPTION_TRANSIENT },
		{ { .reruns = 5, .again = 3, .is_witness_well = true }, CORRUPTION_INTERMITTENT },
		{ { .reruns = 5, .again = 5, .is_witness_well = true }, CORRUPTION_PERSISTENT },
		{ { .reruns = 5, .again = 5, .is_witness_well = false }, CORRUPTION_NOT_REPEATED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(corruption_repeats_of(&cases[i].count), cases[i].repeats);
}

static void results_are_held_to_those_published(void **state)
{
	const char *text;
	SCOPED_TALLY(scene);

	(void)state;
	corruption_tally_known(&scene.tally, 0, true);
	corruption_tally_known(&scene.tally, 1, true);
	corruption_tally_known(&scene.tally, 1, false);
	text = written(&scene);
	has(text, "known test:corruption-gpu differs\n");
	assert_null(strstr(text, "fma64"));
	has(text, "known test:corruption-gpu/divide differs\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_differs_is_told_by_unit_kernel_lane_and_point),
		cmocka_unit_test(a_split_vote_is_unknown),
		cmocka_unit_test(units_that_are_not_there_have_no_vote),
		cmocka_unit_test(what_a_rerun_says_depends_on_its_witness),
		cmocka_unit_test(results_are_held_to_those_published),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
