/*
 * How many faults that are built into one of several units the vote finds, and whom it names.
 *
 * usage: sdc-inject FAULTS ROUNDS THREADS
 *
 * Prints "fault KIND DRAWN EFFECTIVE DETECTED UNIT LANES", counts of each kind, and "clean ROUNDS
 * ALARMS". A fault that changed nothing (a bit that is stuck at what it should be) is not
 * effective.
 */
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "active/vote.h"
#include "base/parallel.h"
#include "base/random.h"
#include "base/span.h"
#include "test/inject.h"

enum {
	UNITS = 8,
	CHUNKS = 256, /* each with its own part of the numbers */
	WORDS = 64,
};

static const struct corruption_size size = {
	.steps = 64,
	.near_words = WORDS,
	.middle_words = WORDS,
	.far_words = WORDS,
};

struct score {
	uint64_t drawn, effective, detected, unit, lanes;
};

struct chunk {
	struct score scores[FAULT_KIND_COUNT];
	uint64_t rounds, alarms;
};

struct bench {
	uint64_t faults, rounds;
	struct chunk chunks[CHUNKS];
};

/* Kind and kernel of a fault that can be, by its number. */
static void draw(uint64_t number, enum fault_kind *ret_kind, enum corruption_kernel *ret_kernel)
{
	for (uint64_t i = 0;; i++) {
		*ret_kind = (enum fault_kind)(number % FAULT_KIND_COUNT);
		*ret_kernel =
			(enum corruption_kernel)(random_u64(number, i) % CORRUPTION_KERNEL_COUNT);
		if (fault_fits(*ret_kind, *ret_kernel) && corruption_has(*ret_kernel))
			return;
	}
}

static void inject(struct corruption_work *work, uint64_t number, struct score *scores)
{
	uint64_t digests[UNITS * CORRUPTION_LANES], reference[CORRUPTION_LANES];
	const size_t faulty = random_u64(number, 1000) % UNITS;
	enum corruption_kernel kernel;
	enum fault_kind kind;
	unsigned changes = 0;
	uint32_t odd[UNITS];
	bool is_found, is_alone = true;

	draw(number, &kind, &kernel);
	const struct fault fault = fault_draw(kind, kernel, &size, number);
	struct score *score = &scores[kind];

	work->seed = random_u64(number, 1001);
	for (size_t unit = 0; unit < UNITS; unit++) {
		uint64_t *lanes = &digests[unit * CORRUPTION_LANES];

		if (unit == faulty)
			changes = fault_run(work, kernel, &fault, lanes);
		else
			corruption_run(work, kernel, lanes);
	}
	score->drawn++;
	if (changes == 0)
		return;
	score->effective++;
	is_found = vote(digests, UNITS, CORRUPTION_LANES, reference, odd) != VOTE_AGREED;
	for (size_t unit = 0; unit < UNITS; unit++)
		is_alone = is_alone && (unit == faulty) == (odd[unit] != 0);
	score->detected += is_found;
	score->unit += is_found && is_alone;
	score->lanes += is_found && is_alone && odd[faulty] == fault_lanes(&fault);
}

static void run_clean(struct corruption_work *work, uint64_t number, struct chunk *chunk)
{
	work->seed = number;
	for (enum corruption_kernel kernel = 0; kernel < CORRUPTION_KERNEL_COUNT; kernel++) {
		uint64_t digests[UNITS * CORRUPTION_LANES], reference[CORRUPTION_LANES];
		uint32_t odd[UNITS];

		if (!corruption_has(kernel))
			continue;
		for (size_t unit = 0; unit < UNITS; unit++)
			corruption_run(work, kernel, &digests[unit * CORRUPTION_LANES]);
		chunk->alarms +=
			vote(digests, UNITS, CORRUPTION_LANES, reference, odd) != VOTE_AGREED;
	}
	chunk->rounds++;
}

static void run_chunk(void *context, size_t item, unsigned worker)
{
	struct bench *bench = context;
	alignas(64) uint64_t memory[WORDS] = { 0 };
	struct corruption_work work = { .size = size, .memory = memory };

	(void)worker;
	for (uint64_t number = item; number < bench->faults; number += CHUNKS)
		inject(&work, number, bench->chunks[item].scores);
	for (uint64_t number = item; number < bench->rounds; number += CHUNKS)
		run_clean(&work, number, &bench->chunks[item]);
}

static void print(const struct bench *bench)
{
	uint64_t rounds = 0, alarms = 0;

	for (unsigned kind = 0; kind < FAULT_KIND_COUNT; kind++) {
		struct score sum = { 0 };

		for (unsigned i = 0; i < CHUNKS; i++) {
			const struct score *score = &bench->chunks[i].scores[kind];

			sum.drawn += score->drawn;
			sum.effective += score->effective;
			sum.detected += score->detected;
			sum.unit += score->unit;
			sum.lanes += score->lanes;
		}
		printf("fault %s %llu %llu %llu %llu %llu\n", fault_kind_names[kind],
		       (unsigned long long)sum.drawn, (unsigned long long)sum.effective,
		       (unsigned long long)sum.detected, (unsigned long long)sum.unit,
		       (unsigned long long)sum.lanes);
	}
	for (unsigned i = 0; i < CHUNKS; i++) {
		rounds += bench->chunks[i].rounds;
		alarms += bench->chunks[i].alarms;
	}
	printf("clean %llu %llu\n", (unsigned long long)rounds, (unsigned long long)alarms);
}

int main(int count, char **words)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	uint64_t threads = 0;

	if (!bench || count != 4 || !span_to_u64(span_of(words[1]), &bench->faults) ||
	    !span_to_u64(span_of(words[2]), &bench->rounds) ||
	    !span_to_u64(span_of(words[3]), &threads)) {
		fputs("usage: sdc-inject FAULTS ROUNDS THREADS\n", stderr);
		return 64;
	}
	parallel_for(CHUNKS, (unsigned)threads, run_chunk, bench);
	print(bench);
	free(bench);
	return 0;
}
