/*
 * GPUs of one model: their multiprocessors are units that are compared with each other. Which GPUs
 * belong together, what they told and who differed; apart from asking them, so that it can be tried
 * without a GPU.
 */
#pragma once

#include "active/corruption_gpu_answer.h"
#include "active/corruption_tally.h"

struct corruption_model_gpu {
	const char *name;  /* "gpu:0000:19:00.0" */
	const char *model; /* "132 NVIDIA H100 80GB HBM3": with how many multiprocessors */
	unsigned multiprocessors;
};

struct corruption_model {
	size_t first, count; /* of the GPUs that it was made of */
	unsigned multiprocessors;
	struct corruption_tally tally;
	/* private: */
	uint64_t *digests; /* [kernel][gpu][multiprocessor][lane] */
	bool *is_present;  /* [kernel][gpu][multiprocessor] */
	uint32_t *odd;
	uint64_t reference[CORRUPTION_GPU_KERNELS][CORRUPTION_GPU_LANES];
};

/* Reads the answer to "name"; false, and the GPU as it was, for any other. */
bool corruption_model_read(const struct worker_result *result, struct arena *arena,
			   struct corruption_model_gpu *ret_gpu);

/* How many of the GPUs from the first on are of its model. */
size_t corruption_model_alike(const struct corruption_model_gpu *gpus, size_t count);

/* A model of `count` GPUs that are alike, the first of which is number `first`. `test` stays. */
void corruption_model_start(struct corruption_model *model, const char *test,
			    const struct corruption_model_gpu *gpus, size_t first, size_t count,
			    struct arena *arena);

size_t corruption_model_units(const struct corruption_model *model);

/* True when each of the results tells that all multiprocessors gave one thing, and the same as
 * those of the others. NULL stands for a GPU that is not asked. */
bool corruption_model_ran_alike(const struct worker_result *const *results, size_t count);

/* Takes what GPU `which` of the model told; of one that told nothing, or something else than
 * digests, no multiprocessor takes part in the vote. NULL: it was not asked. */
void corruption_model_take(struct corruption_model *model, size_t which,
			   const struct worker_result *result);

/* Votes on each kernel by what was taken. */
void corruption_model_vote(struct corruption_model *model, enum corruption_point point);

/* True when some kernel of the GPU differed and has not been run again yet. */
bool corruption_model_wants_rerun(const struct corruption_model *model, size_t which);

/* What was taken of GPU `which` now is of the same rounds once more: each multiprocessor that
 * differed is held to the majority, beside one of the same GPU that did not. */
void corruption_model_count_rerun(struct corruption_model *model, size_t which);
