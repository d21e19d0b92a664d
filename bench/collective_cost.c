/*
 * What the runner adds to one operation: two ranks (active/collective_rank.h) that measure an
 * all-reduce, and two processes that call the same library in a bare loop, on the stand-in, which
 * really exchanges the data. Wall time of one operation, the best of several rounds that take
 * turns; prints their ratio, "collective/overhead:SIZE". ASSAY_SCENARIO is of two GPUs at least.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "active/collective_rank.h"
#include "active/nccl.h"
#include "host/system.h"

enum {
	RANKS = 2,
	ROUNDS = 9,
	BLOCKS = 6,
	FLOAT_BYTES = 4,
	BUFFER_BYTES = 4 << 20,
};

#define LIMIT_NS INT64_C(30000000000)

static const struct {
	const char *name;
	unsigned bytes, iterations; /* of one block */
} sizes[] = {
	{ "8B", 8, 4000 },
	{ "64KiB", 64 << 10, 1000 },
	{ "4MiB", 4 << 20, 20 },
};

static const char *const gpus[RANKS] = { "gpu:0000:1b:00.0", "gpu:0000:43:00.0" };

/* The bare loop's side: what it needs to call the library, and no more. */
struct bare {
	struct gpu_driver driver;
	struct gpu_device device;
	struct nccl nccl;
	uint64_t from, into;
};

static bool open_bare(struct worker_port *port, struct span gpu, struct bare *bare,
		      struct error *err)
{
	char name[VENDOR_NAME_SIZE];

	(void)snprintf(name, sizeof(name), "%.*s", SPAN_ARGS(gpu));
	return gpu_driver_open(port, &bare->driver, err) &&
	       gpu_device_find(&bare->driver, name, &bare->device, err) &&
	       gpu_take(&bare->device, BUFFER_BYTES, &bare->from, err) &&
	       gpu_take(&bare->device, BUFFER_BYTES, &bare->into, err) &&
	       nccl_open(port, &bare->nccl, err);
}

static bool join_bare(struct bare *bare, struct span rest, struct error *err)
{
	struct span hex = SPAN(""), ranks = SPAN("");
	uint64_t rank;
	struct nccl_id id;

	return span_cut(&rest, ' ', &hex) && nccl_id_read(hex, &id) &&
	       span_cut(&rest, ' ', &ranks) && span_to_u64(rest, &rank) &&
	       nccl_join(&bare->nccl, &id, RANKS, (unsigned)rank, err);
}

static bool loop_bare(struct bare *bare, struct span rest)
{
	struct span word = SPAN("");
	uint64_t elements, count;
	uint32_t refused = 0;

	if (!bare->nccl.calls.ncclAllReduce || !span_cut(&rest, ' ', &word) ||
	    !span_to_u64(word, &elements) || !span_to_u64(rest, &count))
		return false;
	for (uint64_t i = 0; i < count; i++)
		refused |= bare->nccl.calls.ncclAllReduce(
			(const void *)(uintptr_t)bare->from, (void *)(uintptr_t)bare->into,
			elements, NCCL_TYPE_FLOAT32, NCCL_SUM, bare->nccl.comm, NULL);
	return refused == NCCL_STATUS_SUCCESS;
}

static void serve_bare(struct worker_port *port, const char *request, void **state,
		       const void *context)
{
	struct bare *bare = *state ? *state : calloc(1, sizeof(*bare));
	struct span rest = span_of(request), word = SPAN("");
	struct error err = { .code = ERROR_NONE };
	char hex[2 * NCCL_ID_BYTES + 1];
	struct nccl_id id;
	bool good = false;

	(void)context;
	if (!bare)
		return;
	*state = bare;
	(void)span_cut(&rest, ' ', &word);
	if (span_is(word, "open")) {
		(void)span_cut(&rest, ' ', &word);
		good = open_bare(port, word, bare, &err);
	} else if (span_is(word, "id")) {
		good = nccl_make_id(&bare->nccl, &id, &err);
		nccl_id_write(&id, hex);
		worker_answers(port, "id %s", hex);
	} else if (span_is(word, "join")) {
		good = join_bare(bare, rest, &err);
	} else if (span_is(word, "loop")) {
		good = loop_bare(bare, rest);
	}
	if (!good)
		worker_answers(port, "error %s", err.text);
}

static void end(const char *words)
{
	(void)fprintf(stderr, "collective-cost: %s\n", words);
	exit(1);
}

/* Asks all that have a request, at once; the first answer of the first. */
static struct span ask(struct worker *workers, char requests[RANKS][1024], unsigned count,
		       struct arena *arena)
{
	struct span first = SPAN("");
	struct error err;
	int ignored;

	for (unsigned i = 0; i < count; i++)
		if (!worker_send(&workers[i], requests[i], &ignored, &err))
			end(err.text);
	for (unsigned i = 0; i < count; i++) {
		const struct worker *one = &workers[i];
		struct worker_result result;
		bool finished = false;

		while (!finished) {
			worker_wait(&one, 1, LIMIT_NS / 1000);
			if (!worker_receive(&workers[i], arena, &finished, &result, &err))
				end(err.text);
		}
		if (result.end != WORKER_DONE)
			end(result.call);
		if (result.answer_count > 0 && span_starts(result.answers[0], "error"))
			end(arena_string(arena, result.answers[0]));
		if (i == 0 && result.answer_count > 0)
			first = result.answers[0];
	}
	return first;
}

static void meet(struct worker *workers, struct arena *arena)
{
	char requests[RANKS][1024];
	struct span id;

	for (unsigned i = 0; i < RANKS; i++)
		(void)snprintf(requests[i], sizeof(requests[i]), "open %s %d -", gpus[i],
			       BUFFER_BYTES);
	(void)ask(workers, requests, RANKS, arena);
	(void)snprintf(requests[0], sizeof(requests[0]), "id");
	id = ask(workers, requests, 1, arena);
	if (!span_starts(id, "id "))
		end("no id");
	for (unsigned i = 0; i < RANKS; i++)
		(void)snprintf(requests[i], sizeof(requests[i]), "join %.*s %d %u",
			       (int)id.length - 3, id.at + 3, RANKS, i);
	(void)ask(workers, requests, RANKS, arena);
}

static double seconds_of(struct worker *workers, bool is_runner, unsigned size,
			 const struct host *host)
{
	unsigned elements = sizes[size].bytes / FLOAT_BYTES;
	unsigned count = sizes[size].iterations * BLOCKS;
	char requests[RANKS][1024];
	int64_t start_ns;
	SCOPED_ARENA(arena);

	for (unsigned i = 0; i < RANKS; i++)
		if (is_runner)
			(void)snprintf(requests[i], sizeof(requests[i]),
				       "measure all-reduce %u 0 0 %d %u", elements, BLOCKS,
				       sizes[size].iterations);
		else
			(void)snprintf(requests[i], sizeof(requests[i]), "loop %u %u", elements,
				       count);
	start_ns = host_boot_ns(host);
	(void)ask(workers, requests, RANKS, &arena);
	return (double)(host_boot_ns(host) - start_ns) / 1e9 / count;
}

int main(void)
{
	const struct host host = { .root = "/" };
	struct worker runner[RANKS], bare[RANKS];
	SCOPED_ARENA(arena);

	for (unsigned i = 0; i < RANKS; i++) {
		runner[i] = (struct worker){
			.host = &host,
			.function = rank_serve,
			.call_limit_ns = LIMIT_NS,
			.total_limit_ns = LIMIT_NS,
			.name = "collective",
		};
		bare[i] = runner[i];
		bare[i].function = serve_bare;
	}
	meet(runner, &arena);
	meet(bare, &arena);
	for (unsigned size = 0; size < sizeof(sizes) / sizeof(sizes[0]); size++) {
		double own = 1e9, theirs = 1e9;

		for (int i = 0; i < ROUNDS; i++) {
			double one = seconds_of(runner, true, size, &host);
			double other = seconds_of(bare, false, size, &host);

			own = one < own ? one : own;
			theirs = other < theirs ? other : theirs;
		}
		(void)fprintf(stderr, "%s: %.3f us by the runner, %.3f us bare\n", sizes[size].name,
			      own * 1e6, theirs * 1e6);
		(void)printf("collective/overhead:%s %.3f ratio <= 1.1\n", sizes[size].name,
			     own / theirs);
	}
	for (unsigned i = 0; i < RANKS; i++) {
		worker_end(&runner[i]);
		worker_end(&bare[i]);
	}
	return 0;
}
