/*
 * What the stand-in for libcuda.so.1 shares: with the kernels, which are compiled as C into it (see
 * src/active/kernels/dialect.h), and with stand-ins for libraries above it (cublasLt, NCCL), which
 * link it. Memory of a device is memory of the process: its addresses may be used as they are, up
 * to stand_in_room() bytes of each allocation; what lies behind is never read nor written.
 *
 * Time is virtual: each stream has a clock that its work moves on, by speeds of the scenario.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct gpu_stream;

/* How an image begins that the stand-in for HIPRTC made; the name of its source is the rest. */
#define STAND_IN_CODE_OBJECT "code object of "

/* One thread of a launch. */
struct kernel_place {
	unsigned block, blocks, thread, threads;
	unsigned multiprocessor, multiprocessors;
	unsigned long long limit; /* of what one EACH goes through */
	bool begun;
	int gpu;
};

/* What a launch moves, and where. */
struct kernel_cost {
	double bytes;
	unsigned long long address;
};

/* Goes on to the next thread; false behind the last. */
bool kernel_next(struct kernel_place *place);

unsigned long long kernel_take(unsigned long long *at, unsigned long long value);
void kernel_lower(unsigned long long *at, unsigned long long value);

/* The value, or what a faulty multiprocessor makes of it: "sm_flip" of the scenario. */
unsigned long long kernel_computed(const struct kernel_place *place, unsigned long long value);

/* Moves the clock of a stream on; NULL is the default stream of the current context. */
void stand_in_spend(struct gpu_stream *stream, double seconds);

/* The clock of a stream, seconds. */
double stand_in_moment(struct gpu_stream *stream);

/* Number in the scenario of the GPU that a stream belongs to, that an address is of, or that is
 * current; -1 for none. */
int stand_in_gpu_of_stream(const struct gpu_stream *stream);
int stand_in_gpu_of_address(uint64_t address);
int stand_in_gpu(void);

/* A number of the scenario, as it is now; `otherwise` where the scenario has none. */
double stand_in_figure(int gpu, const char *key, double otherwise);

/* The number-th value of that key, "3 12.5", that holds now; NULL behind the last. */
const char *stand_in_line(int gpu, const char *key, unsigned number);

/* Whether a call may begin: false with *ret_status when the GPU vanished or the scenario has a
 * fault for it; a stall and a crash happen inside. */
bool stand_in_may(int gpu, const char *call, uint32_t *ret_status);

/* Bytes at the start of an allocation that are really there. */
uint64_t stand_in_room(int gpu);
