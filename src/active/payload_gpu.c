#include "active/payload_gpu.h"

#include "active/kernels/payload.h"

enum {
	FLOAT_BYTES = 4,
	THREADS = 256,
	BLOCKS_PER_PROCESSOR = 8,
};

bool payload_gpu_open(const struct gpu_device *device, struct payload_gpu *ret_gpu,
		      struct error *err)
{
	struct payload_gpu gpu = { .device = device };

	if (!gpu_take(device, sizeof(struct payload_faults), &gpu.faults, err) ||
	    !gpu_kernels_load(device, &kernels_payload, &gpu.kernels, err))
		return false;
	*ret_gpu = gpu;
	return true;
}

/* No more threads than elements: most sizes are small. */
static bool start(const struct payload_gpu *gpu, const char *kernel, struct payload_work work,
		  struct error *err)
{
	uint64_t most = (uint64_t)gpu->device->multiprocessors * BLOCKS_PER_PROCESSOR;
	uint64_t blocks = (work.count + THREADS - 1) / THREADS;
	void *arguments[] = { &work };

	blocks = blocks < most ? blocks : most;
	return gpu_start(gpu->device, &gpu->kernels, kernel, blocks > 0 ? (unsigned)blocks : 1,
			 THREADS, arguments, NULL, err);
}

bool payload_gpu_write(const struct payload_gpu *gpu, unsigned rank, uint64_t into,
		       uint64_t elements, struct error *err)
{
	const struct payload_work work = { .at = into, .count = elements, .rank = rank };

	return start(gpu, "payload_write", work, err) && gpu_wait(gpu->device, NULL, err);
}

static struct payload_work work_of(const struct payload_piece *piece, uint64_t address)
{
	return (struct payload_work){
		.at = address + piece->at * FLOAT_BYTES,
		.count = piece->count,
		.first = piece->first,
		.rank = piece->rank,
		.ranks = piece->ranks,
	};
}

bool payload_gpu_prepare(const struct payload_gpu *gpu, const struct payload *payload,
			 uint64_t from, uint64_t into, struct error *err)
{
	for (unsigned i = 0; i < payload_pieces_sent(payload); i++) {
		const struct payload_piece piece = payload_piece_sent(payload, i);

		if (!start(gpu, "payload_write", work_of(&piece, from), err))
			return false;
	}
	for (unsigned i = 0; i < payload_pieces_received(payload); i++) {
		const struct payload_piece piece = payload_piece_received(payload, i);

		if (!start(gpu, "payload_wipe", work_of(&piece, into), err))
			return false;
	}
	return gpu_wait(gpu->device, NULL, err);
}

bool payload_gpu_verify(const struct payload_gpu *gpu, const struct payload *payload, uint64_t into,
			struct payload_verdict *ret_verdict, struct error *err)
{
	struct payload_faults faults = { .lowest = UINT64_MAX };
	struct payload_verdict verdict = { .source = PAYLOAD_NOBODY };

	if (!gpu_from_host(gpu->device, gpu->faults, &faults, sizeof(faults), err))
		return false;
	for (unsigned i = 0; i < payload_pieces_received(payload); i++) {
		const struct payload_piece piece = payload_piece_received(payload, i);
		struct payload_work work = work_of(&piece, into);

		work.result = gpu->faults;
		if (!start(gpu, "payload_verify", work, err))
			return false;
	}
	if (!gpu_wait(gpu->device, NULL, err) ||
	    !gpu_to_host(gpu->device, &faults, gpu->faults, sizeof(faults), err))
		return false;
	verdict.compared = faults.compared;
	verdict.wrong = faults.wrong;
	if (faults.wrong > 0) {
		verdict.first_wrong = (faults.lowest - into) / FLOAT_BYTES;
		(void)payload_expected(payload, verdict.first_wrong, &verdict.source);
	}
	*ret_verdict = verdict;
	return true;
}
