/*
 * The driver of a node's GPUs, NVIDIA's or AMD's, for the child of a worker: the library is found
 * at run time (libcuda.so.1, libamdhip64.so), its functions stand in the table of
 * active/gpu_calls.h, and nothing is linked. Every call is announced with worker_calls() and the
 * GPU's name, so that one that hangs is known by both. Errors name the call, the GPU and the
 * library's word for its status; ERROR_MISSING is no driver or no GPU, ERROR_UNSUPPORTED one that
 * is too old (CUDA 12.0, which R525 serves, or ROCm 6.0 is needed) or a GPU in MIG mode,
 * ERROR_CONFLICT a GPU that another process holds exclusively, ERROR_LIMIT too little memory.
 */
#pragma once

#include "active/gpu_calls.h"
#include "active/kernels.h"
#include "host/library.h"
#include "host/worker.h"
#include "probe/vendor_say.h"

enum gpu_maker {
	GPU_NVIDIA,
	GPU_AMD,
};

/* The library in a worker's child. */
struct gpu_driver {
	struct worker_port *port;
	struct library library;
	enum gpu_maker maker;
	struct gpu_calls calls;
	unsigned version; /* 12080 is CUDA 12.8, 60200000 is HIP 6.2 */
	unsigned count;   /* GPUs */
};

/* Calls a function of the table (a member of struct gpu_calls) for a GPU's name, "" for none:
 * announces it, gives its status, and CUDA_STATUS_NOT_FOUND when the library lacks it. */
#define GPU_CALL(driver, gpu, member, ...)                                      \
	(gpu_announce((driver), (driver)->calls.member.name, (gpu)),            \
	 (driver)->calls.member.call ? (driver)->calls.member.call(__VA_ARGS__) \
				     : (uint32_t)CUDA_STATUS_NOT_FOUND)

/* The same, and judges the status: true for success, else *err as gpu_done has it. */
#define GPU_DO(driver, gpu, err, member, ...)                              \
	gpu_done((driver), GPU_CALL((driver), (gpu), member, __VA_ARGS__), \
		 (driver)->calls.member.name, (gpu), (err))

void gpu_announce(const struct gpu_driver *driver, const char *call, const char *gpu);

/* True for success; else the error that names the call, the GPU and the library's word. */
bool gpu_done(const struct gpu_driver *driver, uint32_t status, const char *call, const char *gpu,
	      struct error *err);

/* Opens the library and counts GPUs: NVIDIA's where there is one, else AMD's. `port` announces. */
bool gpu_driver_open(struct worker_port *port, struct gpu_driver *ret_driver, struct error *err);

struct gpu_device {
	const struct gpu_driver *driver;
	unsigned index;
	int handle;
	struct gpu_context *context; /* the primary one; current after gpu_device_open */
	char name[96];               /* "NVIDIA H100 80GB HBM3" */
	char gpu[VENDOR_NAME_SIZE];  /* "gpu:0000:19:00.0", as evidence has it */
	uint64_t memory_bytes;       /* that it says it has */
	uint64_t cache_bytes;        /* L2 */
	unsigned multiprocessors;
	unsigned capability; /* 90 is sm_90; AMD: 94 is gfx94… */
	unsigned clock_khz, memory_clock_khz, bus_bits;
	int numa; /* of the host; -1 when not told */
};

/* Opens GPU `index` and makes its context current. */
bool gpu_device_open(const struct gpu_driver *driver, unsigned index, struct gpu_device *ret_device,
		     struct error *err);

/* The one at an address, "gpu:0000:19:00.0". */
bool gpu_device_find(const struct gpu_driver *driver, const char *gpu,
		     struct gpu_device *ret_device, struct error *err);

/* Makes the context of a device that is open current again: for who works with several. */
bool gpu_device_use(const struct gpu_device *device, struct error *err);

void gpu_device_close(struct gpu_device *device);

/* Bytes that nobody has taken. */
bool gpu_memory_left(const struct gpu_device *device, uint64_t *ret_bytes, struct error *err);

/* Memory of the device; 256-byte aligned. What is not given back goes with the device. */
bool gpu_take(const struct gpu_device *device, uint64_t bytes, uint64_t *ret_address,
	      struct error *err);
void gpu_give(const struct gpu_device *device, uint64_t address);

/* Pinned memory of the host, mapped for all GPUs. */
bool gpu_take_host(const struct gpu_device *device, uint64_t bytes, void **ret_at,
		   struct error *err);
void gpu_give_host(const struct gpu_device *device, void *at);

/* A queue of work; NULL is the default one. */
struct gpu_stream;

/* Copies of `bytes`, waited for. */
bool gpu_to_host(const struct gpu_device *device, void *into, uint64_t from, uint64_t bytes,
		 struct error *err);
bool gpu_from_host(const struct gpu_device *device, uint64_t into, const void *from, uint64_t bytes,
		   struct error *err);

/* The same, only begun: they are done once the stream is waited for. Memory of the host is pinned.
 */
bool gpu_begin_to_host(const struct gpu_device *device, void *into, uint64_t from, uint64_t bytes,
		       struct gpu_stream *stream, struct error *err);
bool gpu_begin_from_host(const struct gpu_device *device, uint64_t into, const void *from,
			 uint64_t bytes, struct gpu_stream *stream, struct error *err);
/* Inside the device. */
bool gpu_begin_copy(const struct gpu_device *device, uint64_t into, uint64_t from, uint64_t bytes,
		    struct gpu_stream *stream, struct error *err);
/* From one device into another, in a stream of `from`. */
bool gpu_begin_peer_copy(const struct gpu_device *into, uint64_t into_address,
			 const struct gpu_device *from, uint64_t from_address, uint64_t bytes,
			 struct gpu_stream *stream, struct error *err);

/* From now on `device` reaches the memory of `peer`. *ret_can is false, and nothing done, where the
 * driver says that it cannot: copies between the two go through the host then. */
bool gpu_peer_enable(const struct gpu_device *device, const struct gpu_device *peer, bool *ret_can,
		     struct error *err);

bool gpu_stream_make(const struct gpu_device *device, struct gpu_stream **ret_stream,
		     struct error *err);
void gpu_stream_drop(const struct gpu_device *device, struct gpu_stream *stream);
bool gpu_wait(const struct gpu_device *device, struct gpu_stream *stream, struct error *err);

/* What is begun in `stream` from now on waits for the start, or the end, of the timer. */
bool gpu_wait_for_event(const struct gpu_device *device, struct gpu_stream *stream,
			struct gpu_event *event, struct error *err);

/* Marks the moment that the stream has come to. */
bool gpu_mark(const struct gpu_device *device, struct gpu_event *event, struct gpu_stream *stream,
	      struct error *err);

/* Time between two moments of a stream. */
struct gpu_timer {
	struct gpu_event *start, *end;
};

bool gpu_timer_make(const struct gpu_device *device, struct gpu_timer *ret_timer,
		    struct error *err);
void gpu_timer_drop(const struct gpu_device *device, struct gpu_timer *timer);
bool gpu_timer_start(const struct gpu_device *device, struct gpu_timer *timer,
		     struct gpu_stream *stream, struct error *err);
/* Marks the end, waits for it, and gives the seconds between. */
bool gpu_timer_end(const struct gpu_device *device, struct gpu_timer *timer,
		   struct gpu_stream *stream, double *ret_seconds, struct error *err);

/* A file of our kernels (active/kernels.h), compiled for this device: by the vendor's compiler
 * (active/gpu_compiler.h) from its source where that is found and can, else, for NVIDIA's alone, by
 * the driver from the PTX that is committed. */
struct gpu_kernels {
	struct gpu_module *module;
	bool by_compiler;
};

bool gpu_kernels_load(const struct gpu_device *device, const struct kernel_source *source,
		      struct gpu_kernels *ret_kernels, struct error *err);
void gpu_kernels_drop(const struct gpu_device *device, struct gpu_kernels *kernels);

/* Starts the kernel of that name with `blocks` blocks of `threads` threads; `arguments` are
 * addresses of its arguments, in order (kernels of ours take one, a struct). */
bool gpu_start(const struct gpu_device *device, const struct gpu_kernels *kernels, const char *name,
	       unsigned blocks, unsigned threads, void **arguments, struct gpu_stream *stream,
	       struct error *err);
