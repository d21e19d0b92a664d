/*
 * What the children of the tests of GPUs are asked, each "WORDS GPU", and what they answer:
 *
 *   name                        "name MULTIPROCESSORS NAME OF THE MODEL"
 *   time STEPS                  "took NANOSECONDS", of one round
 *   run FIRST COUNT STEPS POINT so many rounds from round FIRST on; "ran DIGEST" when all
 *                               multiprocessors gave the same, else "mixed"
 *   tell                        of the last run, a line for each kernel and multiprocessor that ran
 *                               all rounds: "KERNEL MULTIPROCESSOR DIGEST…", one digest a lane
 *
 * or "refused WHY" to any.
 */
#pragma once

#include "active/gpu_crew.h"

enum {
	CORRUPTION_GPU_LANES = 32,
	CORRUPTION_GPU_KERNELS = 11,
	CORRUPTION_GPU_KERNELS_OF_ALL = 6,    /* the first of them: no matrix unit is needed */
	CORRUPTION_GPU_MULTIPROCESSORS = 512, /* more are refused */
};

extern const char *const corruption_gpu_kernels[CORRUPTION_GPU_KERNELS]; /* "mma-bf16" */

/* A worker_function; context is the struct host whose clock is asked. */
void corruption_gpu_answer(struct worker_port *port, const char *request, void **state,
			   const void *context);

/* The line behind the word, of a result that has one; false when there is none. */
bool corruption_read_word(const struct worker_result *result, const char *word,
			  struct span *ret_rest);

struct corruption_gpu_line {
	unsigned kernel, multiprocessor;
	uint64_t lanes[CORRUPTION_GPU_LANES];
};

/* Reads a line of "tell"; false for what is none. */
bool corruption_read_line(struct span text, struct corruption_gpu_line *ret_line);
