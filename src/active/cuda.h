/*
 * NVIDIA's driver interface, for the child of a worker: the library is found at run time
 * (libcuda.so.1), declared in active/cuda_abi.h and never linked. Every call is announced with
 * worker_calls() and the GPU's name, so that one that hangs is known by both. Errors name the call,
 * the GPU and the library's word for its status; ERROR_MISSING is no driver or no GPU,
 * ERROR_UNSUPPORTED one that is too old (the kernels need R525, CUDA 12.0) or a GPU in MIG mode,
 * ERROR_CONFLICT a GPU that another process holds exclusively, ERROR_LIMIT too little memory.
 */
#pragma once

#include "active/cuda_abi.h"
#include "active/kernels.h"
#include "host/library.h"
#include "host/worker.h"
#include "probe/vendor_say.h"

/* The library in a worker's child. */
struct cuda {
	struct worker_port *port;
	struct library library;
	struct cuda_calls calls; /* of cuda_abi.h */
	unsigned version;        /* that the driver serves: 12080 is CUDA 12.8 */
	unsigned count;          /* GPUs */
};

/* Calls a function of the table (a member of struct cuda_calls) for a GPU's name, "" for none:
 * announces it, gives its status, and CUDA_STATUS_NOT_FOUND when the library lacks it. */
#define CUDA_CALL(cuda, gpu, function, ...)                                     \
	(cuda_announce((cuda), #function, (gpu)),                               \
	 (cuda)->calls.function.call ? (cuda)->calls.function.call(__VA_ARGS__) \
				     : (uint32_t)CUDA_STATUS_NOT_FOUND)

void cuda_announce(const struct cuda *cuda, const char *call, const char *gpu);

/* True for success; else the error that names the call, the GPU and the library's word. */
bool cuda_done(const struct cuda *cuda, uint32_t status, const char *call, const char *gpu,
	       struct error *err);

/* Opens the library and counts GPUs. `port` announces. */
bool cuda_open(struct worker_port *port, struct cuda *ret_cuda, struct error *err);

struct cuda_device {
	const struct cuda *cuda;
	unsigned index;
	int handle;
	struct cuda_context *context; /* the primary one; current after cuda_device_open */
	char name[96];                /* "NVIDIA H100 80GB HBM3" */
	char gpu[VENDOR_NAME_SIZE];   /* "gpu:0000:19:00.0", as evidence has it */
	uint64_t memory_bytes;        /* that it says it has */
	uint64_t cache_bytes;         /* L2 */
	unsigned multiprocessors;
	unsigned capability; /* 90 is sm_90 */
	unsigned clock_khz, memory_clock_khz, bus_bits;
	int numa; /* of the host; -1 when not told */
};

/* Opens GPU `index` and makes its context current. */
bool cuda_device_open(const struct cuda *cuda, unsigned index, struct cuda_device *ret_device,
		      struct error *err);

/* The one at an address, "gpu:0000:19:00.0". */
bool cuda_device_find(const struct cuda *cuda, const char *gpu, struct cuda_device *ret_device,
		      struct error *err);

/* Makes the context of a device that is open current again: for who works with several. */
bool cuda_device_use(const struct cuda_device *device, struct error *err);

void cuda_device_close(struct cuda_device *device);

/* Bytes that nobody has taken. */
bool cuda_memory_left(const struct cuda_device *device, uint64_t *ret_bytes, struct error *err);

/* Memory of the device; 256-byte aligned. What is not given back goes with the device. */
bool cuda_take(const struct cuda_device *device, uint64_t bytes, uint64_t *ret_address,
	       struct error *err);
void cuda_give(const struct cuda_device *device, uint64_t address);

/* Pinned memory of the host, mapped for all GPUs. */
bool cuda_take_host(const struct cuda_device *device, uint64_t bytes, void **ret_at,
		    struct error *err);
void cuda_give_host(const struct cuda_device *device, void *at);

/* A queue of work; NULL is the default one. */
struct cuda_stream;

/* Copies of `bytes`, waited for. */
bool cuda_to_host(const struct cuda_device *device, void *into, uint64_t from, uint64_t bytes,
		  struct error *err);
bool cuda_from_host(const struct cuda_device *device, uint64_t into, const void *from,
		    uint64_t bytes, struct error *err);

/* The same, only begun: they are done once the stream is waited for. Memory of the host is pinned.
 */
bool cuda_begin_to_host(const struct cuda_device *device, void *into, uint64_t from, uint64_t bytes,
			struct cuda_stream *stream, struct error *err);
bool cuda_begin_from_host(const struct cuda_device *device, uint64_t into, const void *from,
			  uint64_t bytes, struct cuda_stream *stream, struct error *err);
/* Inside the device. */
bool cuda_begin_copy(const struct cuda_device *device, uint64_t into, uint64_t from, uint64_t bytes,
		     struct cuda_stream *stream, struct error *err);
/* From one device into another, in a stream of `from`. */
bool cuda_begin_peer_copy(const struct cuda_device *into, uint64_t into_address,
			  const struct cuda_device *from, uint64_t from_address, uint64_t bytes,
			  struct cuda_stream *stream, struct error *err);

/* From now on `device` reaches the memory of `peer`. *ret_can is false, and nothing done, where the
 * driver says that it cannot: copies between the two go through the host then. */
bool cuda_peer_enable(const struct cuda_device *device, const struct cuda_device *peer,
		      bool *ret_can, struct error *err);

bool cuda_stream_make(const struct cuda_device *device, struct cuda_stream **ret_stream,
		      struct error *err);
void cuda_stream_drop(const struct cuda_device *device, struct cuda_stream *stream);
bool cuda_wait(const struct cuda_device *device, struct cuda_stream *stream, struct error *err);

/* What is begun in `stream` from now on waits for the start, or the end, of the timer. */
bool cuda_wait_for_event(const struct cuda_device *device, struct cuda_stream *stream,
			 struct cuda_event *event, struct error *err);

/* Marks the moment that the stream has come to. */
bool cuda_mark(const struct cuda_device *device, struct cuda_event *event,
	       struct cuda_stream *stream, struct error *err);

/* Time between two moments of a stream. */
struct cuda_timer {
	struct cuda_event *start, *end;
};

bool cuda_timer_make(const struct cuda_device *device, struct cuda_timer *ret_timer,
		     struct error *err);
void cuda_timer_drop(const struct cuda_device *device, struct cuda_timer *timer);
bool cuda_timer_start(const struct cuda_device *device, struct cuda_timer *timer,
		      struct cuda_stream *stream, struct error *err);
/* Marks the end, waits for it, and gives the seconds between. */
bool cuda_timer_end(const struct cuda_device *device, struct cuda_timer *timer,
		    struct cuda_stream *stream, double *ret_seconds, struct error *err);

/* A file of our kernels (active/kernels.h), compiled for this device: by NVRTC (active/nvrtc.h)
 * from its source where that is found and can, else by the driver from the PTX that is committed.
 */
struct cuda_kernels {
	struct cuda_module *module;
	bool by_nvrtc;
};

bool cuda_kernels_load(const struct cuda_device *device, const struct kernel_source *source,
		       struct cuda_kernels *ret_kernels, struct error *err);
void cuda_kernels_drop(const struct cuda_device *device, struct cuda_kernels *kernels);

/* Starts the kernel of that name with `blocks` blocks of `threads` threads; `arguments` are
 * addresses of its arguments, in order (kernels of ours take one, a struct). */
bool cuda_start(const struct cuda_device *device, const struct cuda_kernels *kernels,
		const char *name, unsigned blocks, unsigned threads, void **arguments,
		struct cuda_stream *stream, struct error *err);
