#include "active/collective_rank.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "active/nccl.h"
#include "active/payload_gpu.h"

enum {
	FLOAT_BYTES = 4,
	NAME_SIZE = 64,
};

/* Kept in the child between requests. */
struct rank {
	struct worker_port *port;
	struct gpu_driver driver;
	struct gpu_device device;
	struct nccl nccl;
	struct gpu_stream *stream;
	struct gpu_timer timer;
	struct payload_gpu payload;
	uint64_t from, into, bytes;
	bool is_open;
	bool is_broken; /* an operation failed: the communicator is aborted, not closed */
};

static bool next_number(struct span *rest, uint64_t maximum, uint64_t *ret_number)
{
	struct span word;

	return span_cut(rest, ' ', &word) && span_to_u64(word, ret_number) &&
	       *ret_number <= maximum;
}

static bool misunderstood(struct error *err)
{
	return fail(err, ERROR_INVALID, "a request that is none");
}

/* "NCCL_P2P_DISABLE=1,NCCL_SHM_DISABLE=1"; before the library reads its environment. A comma
 * inside a value is written as ';'. */
static bool set_environment(struct span settings, struct error *err)
{
	struct span one, name;

	if (span_is(settings, "-"))
		return true;
	while (span_cut(&settings, ',', &one)) {
		char name_text[NAME_SIZE], value[1024];

		if (!span_cut(&one, '=', &name) || name.length >= sizeof(name_text) ||
		    one.length >= sizeof(value) || !span_starts(name, "NCCL_"))
			return misunderstood(err);
		(void)snprintf(name_text, sizeof(name_text), "%.*s", SPAN_ARGS(name));
		(void)snprintf(value, sizeof(value), "%.*s", SPAN_ARGS(one));
		for (char *at = value; *at; at++)
			*at = *at == ';' ? ',' : *at;
		if (setenv(name_text, value, 1) != 0)
			return fail(err, ERROR_IO, "the environment takes no %s", name_text);
	}
	return true;
}

/* As many as are asked for, and no more than four fifths of what nobody has taken. */
static bool take_buffers(struct rank *rank, uint64_t wanted, struct error *err)
{
	uint64_t left, most;

	if (!gpu_memory_left(&rank->device, &left, err))
		return false;
	most = left / 5 * 2 / (1 << 20) * (1 << 20);
	rank->bytes = wanted < most ? wanted : most;
	if (rank->bytes < FLOAT_BYTES * 1024)
		return fail(err, ERROR_LIMIT, "%s has only %llu bytes left", rank->device.gpu,
			    (unsigned long long)left);
	return gpu_take(&rank->device, rank->bytes, &rank->from, err) &&
	       gpu_take(&rank->device, rank->bytes, &rank->into, err) &&
	       gpu_stream_make(&rank->device, &rank->stream, err) &&
	       gpu_timer_make(&rank->device, &rank->timer, err);
}

static bool serve_open(struct rank *rank, struct span rest, struct error *err)
{
	struct span gpu, word;
	char name[NAME_SIZE];
	uint64_t bytes;

	if (!span_cut(&rest, ' ', &gpu) || gpu.length >= sizeof(name) ||
	    !next_number(&rest, UINT64_MAX / 4, &bytes) || !span_cut(&rest, ' ', &word))
		return misunderstood(err);
	(void)snprintf(name, sizeof(name), "%.*s", SPAN_ARGS(gpu));
	if (!set_environment(word, err) || !gpu_driver_open(rank->port, &rank->driver, err) ||
	    !gpu_device_find(&rank->driver, name, &rank->device, err) ||
	    !take_buffers(rank, bytes, err) ||
	    !payload_gpu_open(&rank->device, &rank->payload, err) ||
	    !nccl_open(rank->port, &rank->nccl, err))
		return false;
	rank->is_open = true;
	worker_answers(rank->port, "opened %llu %u %s", (unsigned long long)rank->bytes,
		       rank->nccl.version, rank->nccl.is_rccl ? "rccl" : "nccl");
	return true;
}

static bool serve_id(struct rank *rank, struct span rest, struct error *err)
{
	char text[2 * NCCL_ID_BYTES + 1];
	struct nccl_id id;

	(void)rest;
	if (!nccl_make_id(&rank->nccl, &id, err))
		return false;
	nccl_id_write(&id, text);
	worker_answers(rank->port, "id %s", text);
	return true;
}

static bool serve_join(struct rank *rank, struct span rest, struct error *err)
{
	struct span hex;
	struct nccl_id id;
	uint64_t ranks, number;

	if (!span_cut(&rest, ' ', &hex) || !nccl_id_read(hex, &id) ||
	    !next_number(&rest, PAYLOAD_RANKS_MAXIMUM, &ranks) ||
	    !next_number(&rest, PAYLOAD_RANKS_MAXIMUM, &number) || number >= ranks)
		return misunderstood(err);
	nccl_leave(&rank->nccl, rank->is_broken);
	rank->is_broken = false;
	if (!nccl_join(&rank->nccl, &id, (unsigned)ranks, (unsigned)number, err) ||
	    !payload_gpu_write(&rank->payload, rank->nccl.rank, rank->from,
			       rank->bytes / FLOAT_BYTES, err))
		return false;
	worker_answers(rank->port, "joined");
	return true;
}

static bool read_work(const struct rank *rank, struct span *rest, struct nccl_work *ret_work,
		      struct error *err)
{
	struct nccl_work work = { .from = rank->from, .into = rank->into };
	struct span name;
	uint64_t elements, to, of;

	if (!rank->nccl.comm)
		return fail(err, ERROR_INVALID, "no communicator is open");
	if (!span_cut(rest, ' ', &name) || !collective_find(name, &work.collective) ||
	    !next_number(rest, rank->bytes / FLOAT_BYTES, &elements) || elements == 0 ||
	    !next_number(rest, UINT32_MAX, &to) || !next_number(rest, UINT32_MAX, &of))
		return misunderstood(err);
	work.elements = elements;
	work.to = (unsigned)to;
	work.of = (unsigned)of;
	*ret_work = work;
	return true;
}

/* One block of operations, one after the other, and the time of one by the clock of the GPU. */
static bool time_block(struct rank *rank, const struct nccl_work *work, unsigned iterations,
		       double *ret_seconds, struct error *err)
{
	const char *name = collective_names[work->collective];
	double seconds = 0;

	if (!gpu_timer_start(&rank->device, &rank->timer, rank->stream, err))
		return false;
	worker_calls(rank->port, "%s of %zu B: begun", name, work->elements * FLOAT_BYTES);
	for (unsigned i = 0; i < iterations; i++)
		if (!nccl_enqueue(&rank->nccl, work, rank->stream, err))
			return false;
	if (!gpu_timer_end(&rank->device, &rank->timer, rank->stream, &seconds, err))
		return false;
	*ret_seconds = seconds / iterations;
	return nccl_is_well(&rank->nccl, err);
}

static bool serve_measure(struct rank *rank, struct span rest, struct error *err)
{
	struct nccl_work work = { .collective = COLLECTIVE_COUNT };
	uint64_t blocks, iterations;
	SCOPED_TEXT(times);

	if (!read_work(rank, &rest, &work, err))
		return false;
	if (!next_number(&rest, RANK_BLOCKS_MAXIMUM, &blocks) || blocks == 0 ||
	    !next_number(&rest, RANK_ITERATIONS_MAXIMUM, &iterations) || iterations == 0)
		return misunderstood(err);
	for (uint64_t i = 0; i < blocks; i++) {
		double seconds;

		if (!time_block(rank, &work, (unsigned)iterations, &seconds, err))
			return false;
		text_format(&times, " %.9g", seconds);
	}
	worker_answers(rank->port, "times%s", text_string(&times));
	return true;
}

static bool serve_verify(struct rank *rank, struct span rest, struct error *err)
{
	struct payload_verdict verdict = { .source = PAYLOAD_NOBODY };
	struct nccl_work work = { .collective = COLLECTIVE_COUNT };
	double seconds;

	if (!read_work(rank, &rest, &work, err))
		return false;
	const struct payload payload = {
		.collective = work.collective,
		.ranks = rank->nccl.ranks,
		.rank = rank->nccl.rank,
		.of = work.collective == COLLECTIVE_BROADCAST ? 0 : work.of,
		.elements = work.elements,
	};
	if (!payload_gpu_prepare(&rank->payload, &payload, work.from, work.into, err) ||
	    !time_block(rank, &work, 1, &seconds, err) ||
	    !payload_gpu_verify(&rank->payload, &payload, work.into, &verdict, err))
		return false;
	worker_answers(rank->port, "compared %llu wrong %llu source %u",
		       (unsigned long long)verdict.compared, (unsigned long long)verdict.wrong,
		       verdict.source);
	return true;
}

static struct nccl_work work_of(const struct rank *rank, const struct rank_block *block)
{
	return (struct nccl_work){
		.collective = block->collective,
		.from = rank->from,
		.into = rank->into,
		.elements = block->elements,
	};
}

static struct payload payload_of(const struct rank *rank, const struct rank_block *block)
{
	return (struct payload){
		.collective = block->collective,
		.ranks = rank->nccl.ranks,
		.rank = rank->nccl.rank,
		.elements = block->elements,
	};
}

/* What failed once is aborted when it is left. */
static bool note(struct rank *rank, bool is_well)
{
	rank->is_broken |= !is_well;
	return is_well;
}

bool rank_begin(void *state, const struct rank_block *block, struct error *err)
{
	struct rank *rank = state;
	const struct nccl_work work = work_of(rank, block);
	const struct payload payload = payload_of(rank, block);

	if (!rank->nccl.comm)
		return fail(err, ERROR_INVALID, "no communicator is open");
	if (block->is_compared &&
	    !note(rank, payload_gpu_prepare(&rank->payload, &payload, work.from, work.into, err)))
		return false;
	if (!note(rank, gpu_mark(&rank->device, rank->timer.start, rank->stream, err)))
		return false;
	worker_calls(rank->port, "%s of %zu B: begun", collective_names[block->collective],
		     work.elements * FLOAT_BYTES);
	for (unsigned i = 0; i < block->iterations; i++)
		if (!note(rank, nccl_enqueue(&rank->nccl, &work, rank->stream, err)))
			return false;
	return note(rank, gpu_mark(&rank->device, rank->timer.end, rank->stream, err));
}

bool rank_is_over(void *state, const struct rank_block *block, bool *ret_is_over,
		  double *ret_seconds, struct error *err)
{
	struct rank *rank = state;
	float milliseconds = 0;
	uint32_t status = GPU_CALL(&rank->driver, rank->device.gpu, ask_event, rank->timer.end);

	*ret_is_over = false;
	if (!note(rank, nccl_is_well(&rank->nccl, err)))
		return false;
	if (status == CUDA_STATUS_NOT_READY)
		return true;
	if (!note(rank, gpu_done(&rank->driver, status, rank->driver.calls.ask_event.name,
				 rank->device.gpu, err)))
		return false;
	status = GPU_CALL(&rank->driver, rank->device.gpu, time_between, &milliseconds,
			  rank->timer.start, rank->timer.end);
	if (!note(rank, gpu_done(&rank->driver, status, rank->driver.calls.time_between.name,
				 rank->device.gpu, err)))
		return false;
	*ret_is_over = true;
	*ret_seconds = (double)milliseconds / 1e3 / block->iterations;
	return true;
}

bool rank_compare(void *state, const struct rank_block *block, struct payload_verdict *ret_verdict,
		  struct error *err)
{
	struct rank *rank = state;
	const struct payload payload = payload_of(rank, block);
	struct payload_verdict verdict = { .source = PAYLOAD_NOBODY };

	if (!note(rank, payload_gpu_verify(&rank->payload, &payload, rank->into, &verdict, err)))
		return false;
	*ret_verdict = verdict;
	return true;
}

void rank_abort(void *state)
{
	struct rank *rank = state;

	nccl_leave(&rank->nccl, true);
}

static bool serve_leave(struct rank *rank, struct span rest, struct error *err)
{
	(void)rest;
	(void)err;
	nccl_leave(&rank->nccl, rank->is_broken);
	worker_answers(rank->port, "left");
	return true;
}

void rank_serve(struct worker_port *port, const char *request, void **state, const void *context)
{
	static const struct {
		const char *word;
		bool needs_open;
		bool (*serve)(struct rank *rank, struct span rest, struct error *err);
	} verbs[] = {
		{ "open", false, serve_open },    { "id", true, serve_id },
		{ "join", true, serve_join },     { "measure", true, serve_measure },
		{ "verify", true, serve_verify }, { "leave", true, serve_leave },
	};
	struct span rest = span_of(request), word = SPAN("");
	struct error err = { .code = ERROR_INVALID, .text = "a request that is none" };
	struct rank *rank = *state;

	(void)context;
	if (!rank) {
		rank = calloc(1, sizeof(*rank));
		if (!rank)
			memory_exhausted(sizeof(*rank));
		*state = rank;
	}
	rank->port = port;
	(void)span_cut(&rest, ' ', &word);
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (!span_is(word, verbs[i].word) || (verbs[i].needs_open && !rank->is_open))
			continue;
		if (verbs[i].serve(rank, rest, &err))
			return;
		rank->is_broken = true;
		break;
	}
	worker_answers(port, "error %d %s", err.code, err.text);
}
