/* What the files of the stand-in for libcuda.so.1 share among themselves. */
#pragma once

#include "active/cuda_abi.h"

#include "cuda_stand_in.h"
#include "scenario.h"

enum {
	CUDA_PARTS_ALLOCATIONS = 512,
	CUDA_PARTS_EVENTS_MAXIMUM = 4096,
};

struct cuda_allocation {
	uint64_t offset, bytes;
};

/* What moves data one way and does one thing at a time. */
enum cuda_engine {
	CUDA_ENGINE_TO,   /* host to device */
	CUDA_ENGINE_FROM, /* device to host */
	CUDA_ENGINE_OUT,  /* to other GPUs */
	CUDA_ENGINE_IN,
	CUDA_ENGINE_COUNT,
};

struct gpu_stream {
	struct gpu_context *context;
	double now;
};

struct gpu_event {
	double at;
	bool is_marked;
};

/* A GPU and its primary context. */
struct gpu_context {
	int gpu;   /* in the scenario */
	int index; /* as the driver counts */
	unsigned users;
	unsigned char *base; /* of its memory, all of it reserved; NULL before it is used */
	uint64_t bytes;
	struct cuda_allocation allocations[CUDA_PARTS_ALLOCATIONS]; /* by offset */
	unsigned allocation_count;
	struct gpu_stream own;
	double busy[CUDA_ENGINE_COUNT]; /* until when */
	uint64_t peers;                 /* bit n: reaches the GPU of index n */
	unsigned writes, copies[CUDA_ENGINE_COUNT];
};

struct cuda_stand_in {
	struct scenario scenario;
	bool is_started;
	unsigned count;
	struct gpu_context contexts[SCENARIO_GPUS_MAXIMUM]; /* by index */
	struct gpu_context *current;
	double paced;                          /* virtual time that real time has followed */
	bool is_spent[SCENARIO_LINES_MAXIMUM]; /* faults that happen once */
};

extern struct cuda_stand_in cuda_stand_in;

/* How a function of a device begins; false when *ret_status is the whole answer. */
bool cuda_enter(const char *call, int device, uint32_t *ret_status);

/* The same of what needs a current context. */
bool cuda_enter_context(const char *call, struct gpu_context **ret_context, uint32_t *ret_status);

/* Applies the faults of memory after something was written. */
void cuda_age(struct gpu_context *context);

/* Adds work of so many seconds to a stream, on an engine of its GPU or none (negative). */
void cuda_work(struct gpu_stream *stream, int engine, double seconds);

/* NULL becomes the default stream. */
struct gpu_stream *cuda_stream_of(struct gpu_stream *stream, struct gpu_context *context);

/* The context whose memory has the address; NULL for memory of the host. */
struct gpu_context *cuda_owner(uint64_t address);

/* Lets real time pass for the stream's virtual time, where the scenario says so. */
void cuda_pace(const struct gpu_stream *stream);
