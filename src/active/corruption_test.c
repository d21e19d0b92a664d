#include "active/corruption.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "active/corruption_choose.h"
#include "active/vote.h"
#include "base/arena.h"
#include "test/inject.h"
#include <cmocka.h>

enum {
	UNITS = 5,
	FAULTS = 6, /* of each kind in each kernel */
};

static const struct corruption_size small = {
	.steps = 64,
	.near_words = 64,
	.middle_words = 64,
	.far_words = 64,
};

static uint64_t *take_memory(struct arena *arena, const struct corruption_size *size)
{
	const size_t line = CORRUPTION_LANES * sizeof(uint64_t);
	char *memory = arena_take(arena, size->far_words * sizeof(uint64_t) + line);

	return (uint64_t *)(void *)(memory + (line - (uintptr_t)memory % line) % line);
}

static void gives_what_is_known(struct corruption_work *work, enum corruption_kernel kernel,
				unsigned seed)
{
	uint64_t lanes[CORRUPTION_LANES];

	work->seed = seed;
	corruption_run(work, kernel, lanes);
	if (corruption_join(lanes) != corruption_known(kernel, seed))
		fail_msg("%s of seed %u gives 0x%016llx", corruption_kernel_names[kernel], seed,
			 (unsigned long long)corruption_join(lanes));
}

static void a_seed_has_the_digest_that_it_has_everywhere(void **state)
{
	SCOPED_ARENA(arena);
	struct corruption_work work = { .size = corruption_full };

	(void)state;
	work.memory = take_memory(&arena, &work.size);
	for (enum corruption_kernel kernel = 0; kernel < CORRUPTION_KERNEL_COUNT; kernel++)
		for (unsigned seed = 0; seed < CORRUPTION_KNOWN_SEEDS; seed++)
			if (corruption_has(kernel))
				gives_what_is_known(&work, kernel, seed);
}

/* What needs no instructions but those that every processor has is what others than x86-64 run. */
static void plain_instructions_give_the_same_digests(void **state)
{
	SCOPED_ARENA(arena);
	struct corruption_work work = { .size = corruption_full };
	uint64_t lanes[CORRUPTION_LANES], chosen[CORRUPTION_LANES];

	(void)state;
	work.memory = take_memory(&arena, &work.size);
	for (enum corruption_kernel kernel = 0; kernel < CORRUPTION_KERNEL_COUNT; kernel++) {
		assert_int_equal(corruption_is_everywhere(kernel),
				 kernel != CORRUPTION_CRC && kernel != CORRUPTION_AES);
		for (work.seed = 0; work.seed < CORRUPTION_KNOWN_SEEDS; work.seed++) {
			if (!corruption_is_everywhere(kernel))
				continue;
			memset(lanes, 0, sizeof(lanes));
			assert_true(run_plain(&work, kernel, lanes));
			assert_true(run_kernel(&work, kernel, chosen));
			assert_memory_equal(lanes, chosen, sizeof(lanes));
			assert_int_equal(corruption_join(lanes),
					 corruption_known(kernel, (unsigned)work.seed));
		}
	}
}

static void every_kernel_lane_and_seed_differs_from_the_others(void **state)
{
	enum {
		SEEDS = 3,
		ALL = CORRUPTION_KERNEL_COUNT * SEEDS,
	};
	SCOPED_ARENA(arena);
	struct corruption_work work = { .size = small };
	uint64_t lanes[ALL][CORRUPTION_LANES];
	size_t count = 0;

	(void)state;
	work.memory = take_memory(&arena, &work.size);
	for (enum corruption_kernel kernel = 0; kernel < CORRUPTION_KERNEL_COUNT; kernel++)
		for (work.seed = 0; work.seed < SEEDS && corruption_has(kernel); work.seed++)
			corruption_run(&work, kernel, lanes[count++]);
	for (size_t i = 0; i < count * CORRUPTION_LANES; i++)
		for (size_t j = 0; j < i; j++)
			if (i / CORRUPTION_LANES / SEEDS != j / CORRUPTION_LANES / SEEDS)
				assert_true(lanes[i / CORRUPTION_LANES][i % CORRUPTION_LANES] !=
					    lanes[j / CORRUPTION_LANES][j % CORRUPTION_LANES]);
}

static void the_build_with_faults_is_the_same_without_one(void **state)
{
	SCOPED_ARENA(arena);
	struct corruption_work work = { .size = small };
	uint64_t real[CORRUPTION_LANES], built[CORRUPTION_LANES];

	(void)state;
	work.memory = take_memory(&arena, &work.size);
	for (enum corruption_kernel kernel = 0; kernel < CORRUPTION_KERNEL_COUNT; kernel++) {
		for (work.seed = 0; work.seed < 8 && corruption_has(kernel); work.seed++) {
			corruption_run(&work, kernel, real);
			assert_int_equal(fault_run(&work, kernel, NULL, built), 0);
			assert_memory_equal(real, built, sizeof(real));
		}
	}
}

/* Runs the kernel on all units, one of which has the fault; false when the fault changed nothing.
 */
static bool run_units(struct corruption_work *work, enum corruption_kernel kernel,
		      const struct fault *fault, size_t faulty,
		      uint64_t digests[static UNITS * CORRUPTION_LANES])
{
	unsigned changes = 0;

	for (size_t unit = 0; unit < UNITS; unit++) {
		if (unit == faulty)
			changes = fault_run(work, kernel, fault, &digests[unit * CORRUPTION_LANES]);
		else
			corruption_run(work, kernel, &digests[unit * CORRUPTION_LANES]);
	}
	return changes > 0;
}

static void try_fault(struct corruption_work *work, enum corruption_kernel kernel,
		      const struct fault *fault, size_t faulty)
{
	uint64_t digests[UNITS * CORRUPTION_LANES], reference[CORRUPTION_LANES];
	uint32_t odd[UNITS];
	enum vote_says says;

	if (!run_units(work, kernel, fault, faulty, digests))
		return;
	says = vote(digests, UNITS, CORRUPTION_LANES, reference, odd);
	for (size_t unit = 0; unit < UNITS; unit++)
		if (says != VOTE_ODD || odd[unit] != (unit == faulty ? fault_lanes(fault) : 0))
			fail_msg("%s in %s, lane %u, at %u: unit %zu has odd lanes 0x%x",
				 fault_kind_names[fault->kind], corruption_kernel_names[kernel],
				 fault->lane, fault->at, unit, odd[unit]);
}

static void a_fault_of_any_kind_is_found_in_its_unit_and_lane(void **state)
{
	SCOPED_ARENA(arena);
	struct corruption_work work = { .size = small };

	(void)state;
	work.memory = take_memory(&arena, &work.size);
	for (unsigned i = 0; i < FAULT_KIND_COUNT * CORRUPTION_KERNEL_COUNT * FAULTS; i++) {
		const enum fault_kind kind = i % FAULT_KIND_COUNT;
		const enum corruption_kernel kernel =
			i / FAULT_KIND_COUNT % CORRUPTION_KERNEL_COUNT;
		const struct fault fault = fault_draw(kind, kernel, &work.size, i);

		work.seed = i;
		/* What a register held may be rounded away, or be no operand any more. */
		if (kind != FAULT_HELD && fault_fits(kind, kernel) && corruption_has(kernel))
			try_fault(&work, kernel, &fault, i % UNITS);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_seed_has_the_digest_that_it_has_everywhere),
		cmocka_unit_test(plain_instructions_give_the_same_digests),
		cmocka_unit_test(every_kernel_lane_and_seed_differs_from_the_others),
		cmocka_unit_test(the_build_with_faults_is_the_same_without_one),
		cmocka_unit_test(a_fault_of_any_kind_is_found_in_its_unit_and_lane),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
