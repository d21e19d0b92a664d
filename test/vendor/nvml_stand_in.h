/* What the files of the stand-in for libnvidia-ml.so.1 share. */
#pragma once

#include "probe/nvml_abi.h"

#include "scenario.h"

enum {
	STAND_IN_SLICES_MAXIMUM = 7, /* MIG slices of a GPU */
};

struct nvml_device {
	int gpu;        /* in the scenario; what NVML counts leaves out GPUs that vanished */
	unsigned slice; /* from 1; 0 is the GPU itself */
};

struct nvml_stand_in {
	struct scenario scenario;
	unsigned users; /* nvmlInit less nvmlShutdown */
	unsigned count;
	struct nvml_device *shown[SCENARIO_GPUS_MAXIMUM];
	struct nvml_device devices[SCENARIO_GPUS_MAXIMUM][STAND_IN_SLICES_MAXIMUM + 1];
};

extern struct nvml_stand_in stand_in;

/* How every function of a GPU begins. False when `ret_status` is the whole answer: not initialised,
 * no such GPU, nowhere to answer to, lost, or a fault of the scenario; rubbish is in `out` then. */
bool stand_in_enter(const char *call, const struct nvml_device *device, void *out, size_t size,
		    uint32_t *ret_status);

/* One number of the scenario; the status says whether it is there. */
uint32_t stand_in_number(const struct nvml_device *device, int link, const char *key,
			 double *ret_number);

/* A number that is 0 where the scenario has none. */
double stand_in_number_or_0(const struct nvml_device *device, int link, const char *key);

/* Whole functions: enter, and answer a key times a scale, or a text. */
uint32_t stand_in_give(const char *call, const struct nvml_device *device, const char *key,
		       double scale, uint32_t *out);
uint32_t stand_in_give_long(const char *call, const struct nvml_device *device, const char *key,
			    double scale, uint64_t *out);
uint32_t stand_in_give_text(const char *call, const struct nvml_device *device, const char *key,
			    char *out, uint32_t length);

/* Fills in an address written as "0000:1b:00.0"; false when it is none. */
bool stand_in_pci(const char *text, struct nvml_pci *ret_pci);
