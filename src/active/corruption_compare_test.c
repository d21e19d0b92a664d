#include "active/corruption_compare.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/system.h"
#include <cmocka.h>

enum {
	UNITS_MAXIMUM = 5,
};

/* A unit that gives made up digests, wrong ones in lane 3 of one kernel for its first runs. */
struct actor {
	unsigned wrong_runs;
	enum corruption_kernel kernel;
	bool dies;
};

static void tell(struct worker_port *port, const struct actor *actor, bool is_wrong)
{
	for (enum corruption_kernel kernel = 0; kernel < CORRUPTION_KERNEL_COUNT; kernel++) {
		if (corruption_has(kernel))
			worker_answers(port, "%s %d 2 3 %d 5 6 7 8",
				       corruption_kernel_names[kernel], (int)kernel,
				       is_wrong && kernel == actor->kernel ? 99 : 4);
	}
}

static void act(struct worker_port *port, const char *request, void **state, const void *context)
{
	const struct actor *actor = context;
	uintptr_t runs = (uintptr_t)*state;

	if (strcmp(request, "tell") == 0) {
		tell(port, actor, runs <= actor->wrong_runs);
		return;
	}
	worker_calls(port, "kernel fma64");
	if (actor->dies)
		(void)raise(SIGKILL);
	runs++;
	worker_answers(port, "ran %d", runs <= actor->wrong_runs ? 1 : 0);
	*state = (void *)runs;
}

struct scene {
	struct arena arena;
	struct host host;
	struct sightings sightings;
	struct active_request request;
	struct active_test test;
	struct active_step step;
	struct active_run run;
	struct corruption_trial trial;
};

static void make(struct scene *scene, const struct actor *actors, size_t count)
{
	static const char *const units[] = { "cpu:0", "cpu:1", "cpu:2", "cpu:3", "cpu:4" };
	struct arena *arena = &scene->arena;
	struct corruption_trial *trial = &scene->trial;

	scene->sightings = (struct sightings){ .arena = arena, .run = "run" };
	scene->request = (struct active_request){ .host = &scene->host, .here = &scene->host };
	scene->test = (struct active_test){ .name = "corruption-cpu" };
	scene->step = (struct active_step){ .test = &scene->test };
	scene->run = (struct active_run){
		.request = &scene->request,
		.step = &scene->step,
		.sightings = &scene->sightings,
		.arena = arena,
		.deadline_ns = host_boot_ns(&scene->host) + 60000000000,
	};
	*trial = (struct corruption_trial){
		.run = &scene->run,
		.workers = ARENA_ARRAY(arena, struct worker, count),
		.unit_of = ARENA_ARRAY(arena, size_t, count),
		.count = count,
		.results = ARENA_ARRAY(arena, struct worker_result, count),
		.tally = {
			.test = "corruption-cpu",
			.units = units,
			.unit_count = count,
			.kernels = corruption_kernel_names,
			.kernel_count = CORRUPTION_KERNEL_COUNT,
			.lanes = CORRUPTION_LANES,
		},
		.digests = ARENA_ARRAY(arena, uint64_t,
				       UNITS_MAXIMUM * CORRUPTION_KERNEL_COUNT * CORRUPTION_LANES),
		.is_present = ARENA_ARRAY(arena, bool, count),
		.odd = ARENA_ARRAY(arena, uint32_t, count * CORRUPTION_KERNEL_COUNT),
	};
	corruption_tally_start(&trial->tally, arena);
	for (size_t i = 0; i < count; i++) {
		trial->unit_of[i] = i;
		trial->workers[i] = (struct worker){
			.host = &scene->host,
			.function = act,
			.context = &actors[i],
			.call_limit_ns = 60000000000,
			.name = "corruption",
		};
	}
}

static void end(struct scene *scene)
{
	for (size_t i = 0; i < scene->trial.count; i++)
		worker_end(&scene->trial.workers[i]);
	arena_release(&scene->arena);
}

#define SCOPED_TRIAL(name, actors, count)                                     \
	struct scene name __attribute__((cleanup(end))) = { .arena = { 0 } }; \
	make(&(name), actors, count)

static void run_once(struct scene *scene, uint64_t first)
{
	struct corruption_batch batch = { .point = CORRUPTION_ALL, .first = first, .count = 1 };
	const struct corruption_group all = { 0, scene->trial.count };

	(void)snprintf(batch.request, sizeof(batch.request), "run");
	assert_true(corruption_ask(&scene->trial, all, batch.request));
	corruption_compare(&scene->trial, all, &batch);
}

static const struct corruption_count *count_of(const struct scene *scene, size_t unit,
					       enum corruption_kernel kernel)
{
	return &scene->trial.tally.counts[unit * CORRUPTION_KERNEL_COUNT + kernel];
}

static void who_differs_is_run_again_beside_a_witness(void **state)
{
	static const struct {
		unsigned wrong_runs;
		enum corruption_repeats repeats;
	} cases[] = {
		{ 1, CORRUPTION_TRANSIENT },
		{ 3, CORRUPTION_INTERMITTENT },
		{ 99, CORRUPTION_PERSISTENT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct actor actors[4] = {
			[2] = { .wrong_runs = cases[i].wrong_runs, .kernel = CORRUPTION_FMA64 },
		};
		const struct corruption_count *count;
		SCOPED_TRIAL(scene, actors, 4);

		run_once(&scene, 100);
		count = count_of(&scene, 2, CORRUPTION_FMA64);
		assert_int_equal(count->mismatches, 1);
		assert_int_equal(count->lanes, 1 << 3);
		assert_int_equal(corruption_repeats_of(count), cases[i].repeats);
		for (size_t unit = 0; unit < 4; unit++)
			for (unsigned kernel = 0; kernel < CORRUPTION_KERNEL_COUNT; kernel++)
				if (unit != 2 || kernel != CORRUPTION_FMA64)
					assert_int_equal(count_of(&scene, unit, kernel)->mismatches,
							 0);
	}
}

static void all_alike_is_a_round_and_no_more(void **state)
{
	static const struct actor actors[5];
	SCOPED_TRIAL(scene, actors, 5);

	(void)state;
	run_once(&scene, 100);
	for (size_t unit = 0; unit < 5; unit++)
		assert_int_equal(scene.trial.tally.rounds[unit], 1);
	assert_int_equal(scene.sightings.count, 0);
}

static void a_unit_that_dies_is_named_and_the_others_go_on(void **state)
{
	static const struct actor actors[5] = { [1] = { .dies = true } };
	SCOPED_TRIAL(scene, actors, 5);

	(void)state;
	run_once(&scene, 100);
	run_once(&scene, 101);
	assert_int_equal(scene.trial.count, 4);
	assert_int_equal(scene.sightings.count, 1);
	assert_string_equal(scene.sightings.items[0].subject.parts[SUBJECT_DEVICE], "cpu:1");
	assert_int_equal(scene.sightings.items[0].says, SAYS_UNKNOWN);
	assert_int_equal(scene.trial.tally.rounds[1], 0);
	assert_int_equal(scene.trial.tally.rounds[4], 2);
}

static void two_that_differ_and_are_not_published_accuse_nobody(void **state)
{
	static const struct actor actors[2] = {
		[1] = { .wrong_runs = 99, .kernel = CORRUPTION_BITS },
	};
	SCOPED_TRIAL(scene, actors, 2);

	(void)state;
	run_once(&scene, 1);
	run_once(&scene, 100);
	assert_int_equal(count_of(&scene, 0, CORRUPTION_BITS)->mismatches, 0);
	assert_int_equal(count_of(&scene, 1, CORRUPTION_BITS)->mismatches, 0);
	assert_int_equal(scene.trial.tally.undecided[CORRUPTION_BITS], 2);
	assert_int_equal(scene.trial.tally.known_ill[CORRUPTION_BITS], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_differs_is_run_again_beside_a_witness),
		cmocka_unit_test(all_alike_is_a_round_and_no_more),
		cmocka_unit_test(a_unit_that_dies_is_named_and_the_others_go_on),
		cmocka_unit_test(two_that_differ_and_are_not_published_accuse_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
