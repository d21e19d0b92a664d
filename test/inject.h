/*
 * The kernels of active/corruption.h with faults built in: for tests and measurements of what is
 * found, and in nothing that is installed.
 */
#pragma once

#include "active/corruption.h"

enum fault_kind {
	FAULT_BIT,          /* one bit of a result */
	FAULT_BITS,         /* several */
	FAULT_HELD,         /* one bit of a register between two instructions */
	FAULT_STUCK,        /* a bit of a lane, from some moment on */
	FAULT_WRONG,        /* one instruction errs in all lanes */
	FAULT_SIGN,         /* the highest bit */
	FAULT_EXPONENT,     /* a bit of the exponent */
	FAULT_NAN,          /* a result is not a number */
	FAULT_DROPPED,      /* a step does not happen */
	FAULT_LOAD,         /* a bit of what memory gives */
	FAULT_STORE,        /* a bit of what it is given */
	FAULT_INTERMITTENT, /* a bit of every so many results */
	FAULT_SWAP,         /* two bytes of a result change places */
	FAULT_NEIGHBOUR,    /* the result of the lane beside */
	FAULT_KIND_COUNT,
};

extern const char *const fault_kind_names[FAULT_KIND_COUNT];

/* False where the kind means nothing, as a load in a chain that has none. */
bool fault_fits(enum fault_kind kind, enum corruption_kernel kernel);

struct fault {
	enum fault_kind kind;
	unsigned lane;
	uint32_t at;   /* how many of the lane's results (steps, loads, …) come before it */
	uint64_t mask; /* which bits; chance for what else has to be chosen */
};

/* A fault that is drawn by number. `size` says how much the kernel does. */
struct fault fault_draw(enum fault_kind kind, enum corruption_kernel kernel,
			const struct corruption_size *size, uint64_t number);

/* corruption_run with the fault; NULL: without one. Returns how often it changed something: a bit
 * that is stuck at what it should be changes nothing. */
unsigned fault_run(struct corruption_work *work, enum corruption_kernel kernel,
		   const struct fault *fault, uint64_t ret_lanes[static CORRUPTION_LANES]);

/* The lanes that the fault is in, bit n for lane n. */
uint32_t fault_lanes(const struct fault *fault);
