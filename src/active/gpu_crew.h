/*
 * The GPUs of a node, NVIDIA's and AMD's, at work: one child each, so that a GPU that hangs,
 * crashes or vanishes is named and the others are measured. One that went that way is asked nothing
 * more, and one that hung not in later tests either (active/gpu_silence.h).
 */
#pragma once

#include "active/active.h"
#include "active/gpu_driver.h"

enum {
	GPU_REQUEST_SIZE = 512,
};

struct gpu_crew {
	struct active_run *run;
	const char *const *gpus; /* "gpu:0000:19:00.0", by address */
	size_t count;
	struct worker *workers;
	struct worker_result *results;
	bool *is_out;    /* did not come back from a request */
	bool *is_silent; /* had nothing to say of the last one */
};

/* The GPUs of NVIDIA and of AMD that the passive look has, by address. */
size_t gpu_list(const struct active_request *request, struct arena *arena,
		const char *const **ret_gpus);

/* Fills in what a step loads, "8 GPUs, …", and its time, which is that of one GPU when they work
 * all at once; or why it cannot be run. */
void gpu_plan(const struct active_request *request, struct arena *arena, struct active_step *step,
	      const char *loads, int64_t needed_ns);

/* One worker a GPU, none started yet. */
void gpu_crew_make(struct active_run *run, worker_function *function, const void *context,
		   struct gpu_crew *ret_crew);

/* Asks all that are not out at once, each "WORDS GPU"; takes what they say. `measure` of the GPU is
 * unknown when one does not come back. */
void gpu_crew_ask(struct gpu_crew *crew, const char *words, enum measure measure);

/* The same of one. */
void gpu_crew_ask_one(struct gpu_crew *crew, size_t which, const char *words, enum measure measure);

void gpu_crew_end(struct gpu_crew *crew);

/* The child's side: a GPU that is open, with its kernels. */
struct gpu_child {
	struct worker_port *port;
	struct gpu_driver driver;
	struct gpu_device device;
	struct gpu_kernels kernels;
};

/* "WORDS GPU": the part before the last blank, and the last word. False for anything else. */
bool gpu_request_read(const char *request, char ret_words[static GPU_REQUEST_SIZE],
		      char ret_gpu[static VENDOR_NAME_SIZE]);

/* Opens the GPU at the child's first request and keeps it in *state. */
struct gpu_child *gpu_child_open(struct worker_port *port, const char *gpu, void **state,
				 struct error *err);

/* Starts a kernel of memory.cu on the whole GPU; `work` is its argument. */
bool gpu_child_start(const struct gpu_child *child, const char *kernel, void *work,
		     struct gpu_stream *stream, struct error *err);
