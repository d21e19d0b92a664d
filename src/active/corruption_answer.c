#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "active/corruption_answer.h"
#include "host/affinity.h"
#include "host/system.h"

#define NS_PER_MS 1000000ll

/* What a child keeps between requests. */
struct unit {
	struct arena arena;
	struct corruption_work work;
	uint64_t digests[CORRUPTION_KERNEL_COUNT][CORRUPTION_LANES];
};

static struct unit *make_unit(const struct corruption_thread *thread, struct error *err)
{
	const size_t bytes = corruption_full.far_words * sizeof(uint64_t);
	const size_t line = CORRUPTION_LANES * sizeof(uint64_t);
	struct arena arena = { 0 };
	struct unit *unit;
	char *memory;

	/* Before it is touched: memory lies beside the processor that touches it first. */
	if (!affinity_pin(thread->number, err))
		return NULL;
	unit = ARENA_NEW(&arena, struct unit);
	memory = arena_take(&arena, bytes + line);
	unit->work.memory = (uint64_t *)(void *)(memory + (line - (uintptr_t)memory % line) % line);
	unit->work.size = corruption_full;
	unit->arena = arena;
	return unit;
}

/* All units wake at the same moment of the clock: what they draw rises as one step. */
static void wait_for_turn(const struct host *host, uint64_t period_ms)
{
	const int64_t period_ns = (int64_t)period_ms * NS_PER_MS;

	if (period_ns > 0)
		worker_wait(NULL, 0, period_ns - host_boot_ns(host) % period_ns);
}

static void run_round(struct unit *unit, struct worker_port *port, unsigned thread, uint64_t round,
		      bool is_first)
{
	unit->work.seed = round;
	for (enum corruption_kernel kernel = 0; kernel < CORRUPTION_KERNEL_COUNT; kernel++) {
		uint64_t lanes[CORRUPTION_LANES];

		if (!corruption_has(kernel))
			continue;
		worker_calls(port, "kernel %s cpu:%u", corruption_kernel_names[kernel], thread);
		corruption_run(&unit->work, kernel, lanes);
		for (unsigned lane = 0; lane < CORRUPTION_LANES; lane++)
			unit->digests[kernel][lane] =
				is_first
					? lanes[lane]
					: corruption_fold(unit->digests[kernel][lane], lanes[lane]);
	}
}

static void run(struct unit *unit, struct worker_port *port, const struct corruption_thread *thread,
		const uint64_t numbers[static 3])
{
	uint64_t all = 0;

	memset(unit->digests, 0, sizeof(unit->digests));
	for (uint64_t i = 0; i < numbers[1]; i++) {
		worker_calls(port, "waiting for a round cpu:%u", thread->number);
		wait_for_turn(thread->host, numbers[2]);
		run_round(unit, port, thread->number, numbers[0] + i, i == 0);
	}
	for (unsigned kernel = 0; kernel < CORRUPTION_KERNEL_COUNT; kernel++)
		all = corruption_fold(all, corruption_join(unit->digests[kernel]));
	worker_answers(port, "ran %" PRIu64, all);
}

static void tell(const struct unit *unit, struct worker_port *port)
{
	for (enum corruption_kernel kernel = 0; kernel < CORRUPTION_KERNEL_COUNT; kernel++) {
		const uint64_t *lanes = unit->digests[kernel];

		if (corruption_has(kernel))
			worker_answers(port,
				       "%s %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64
				       " %" PRIu64 " %" PRIu64 " %" PRIu64,
				       corruption_kernel_names[kernel], lanes[0], lanes[1],
				       lanes[2], lanes[3], lanes[4], lanes[5], lanes[6], lanes[7]);
	}
}

static bool read_numbers(struct span text, uint64_t *ret_numbers, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		struct span word = text;

		if (i + 1 < count && !span_cut(&text, ' ', &word))
			return false;
		if (!span_to_u64(word, &ret_numbers[i]))
			return false;
	}
	return true;
}

void corruption_answer(struct worker_port *port, const char *request, void **state,
		       const void *context)
{
	const struct corruption_thread *thread = context;
	struct span text = span_of(request), verb;
	uint64_t numbers[3];
	struct error err;

	if (!*state)
		*state = make_unit(thread, &err);
	if (!*state) {
		worker_answers(port, "refused %s", err.text);
		return;
	}
	if (span_is(text, "tell"))
		tell(*state, port);
	else if (span_cut(&text, ' ', &verb) && read_numbers(text, numbers, 3))
		run(*state, port, thread, numbers);
}

bool corruption_read_ran(const struct worker_result *result, uint64_t *ret_digest)
{
	struct span line, verb;

	if (result->end != WORKER_DONE || result->answer_count != 1)
		return false;
	line = result->answers[0];
	return span_cut(&line, ' ', &verb) && span_is(verb, "ran") && span_to_u64(line, ret_digest);
}

static bool read_line(struct span line, uint64_t *digests, bool *has)
{
	struct span name;

	if (!span_cut(&line, ' ', &name))
		return false;
	for (unsigned kernel = 0; kernel < CORRUPTION_KERNEL_COUNT; kernel++) {
		if (!span_is(name, corruption_kernel_names[kernel]))
			continue;
		has[kernel] =
			read_numbers(line, &digests[kernel * CORRUPTION_LANES], CORRUPTION_LANES);
		return has[kernel];
	}
	return false;
}

bool corruption_read_lanes(const struct worker_result *result, uint64_t *ret_digests)
{
	bool has[CORRUPTION_KERNEL_COUNT] = { false };

	if (result->end != WORKER_DONE)
		return false;
	for (size_t i = 0; i < result->answer_count; i++)
		if (!read_line(result->answers[i], ret_digests, has))
			return false;
	for (enum corruption_kernel kernel = 0; kernel < CORRUPTION_KERNEL_COUNT; kernel++)
		if (!has[kernel] && corruption_has(kernel))
			return false;
	return true;
}
