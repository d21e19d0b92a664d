/* What the files of the stand-in for libamd_smi.so share. */
#pragma once

#include "probe/amd_smi_abi.h"

#include "scenario.h"

struct amd_smi_gpu {
	int number; /* in the scenario */
};

struct amd_smi_stand_in {
	struct scenario scenario;
	unsigned users;
	unsigned major, minor; /* of the release whose layout is played */
	unsigned count;
	struct amd_smi_gpu gpus[SCENARIO_GPUS_MAXIMUM];
	struct amd_smi_gpu *shown[SCENARIO_GPUS_MAXIMUM]; /* one socket each */
};

extern struct amd_smi_stand_in stand_in;

#define STAND_IN_UNKNOWN UINT32_MAX /* what the library says of a number that it has not */

/* How every function of a GPU begins. False when `ret_status` is the whole answer: not initialised,
 * no such GPU, nowhere to answer to, gone, or a fault of the scenario; rubbish is in `out` then. */
bool stand_in_enter(const char *call, const struct amd_smi_gpu *gpu, void *out, size_t size,
		    uint32_t *ret_status);

/* One number of the scenario; the status says whether it is there. */
uint32_t stand_in_number(const struct amd_smi_gpu *gpu, const char *key, double *ret_number);

/* The number times a scale, all ones of 32 bits where the scenario has none. */
uint64_t stand_in_number_or_ones(const struct amd_smi_gpu *gpu, const char *key, double scale);

uint64_t stand_in_number_or_0(const struct amd_smi_gpu *gpu, const char *key);

/* The PCI address of a GPU, as the library packs it. */
uint64_t stand_in_address(int gpu);
