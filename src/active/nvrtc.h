/*
 * NVIDIA's run-time compiler, found at run time (libnvrtc.so.13, .12 or .11.2) in a worker's child:
 * our own declarations of its binary interface. It makes kernels for the very GPU, where the driver
 * makes them of PTX for an older one.
 */
#pragma once

#include "active/kernels.h"
#include "host/library.h"
#include "host/worker.h"

struct nvrtc;

/* Opens the library; lives as long as the child. ERROR_MISSING when there is none, or it lacks a
 * function. */
bool nvrtc_open(struct worker_port *port, const struct nvrtc **ret_nvrtc, struct error *err);

/* 13000 is CUDA 13.0. */
unsigned nvrtc_version(const struct nvrtc *nvrtc);

/* Compiles the kernels: for "sm_90" to machine code, for "compute_90" to PTX. The image ends with a
 * NUL that is not counted, and is the caller's to free. ERROR_UNSUPPORTED when the compiler
 * refuses, as for a GPU that it does not know, with the first line of its log. */
bool nvrtc_compile(const struct nvrtc *nvrtc, const struct kernel_source *source,
		   const char *architecture, char **ret_image, size_t *ret_size, struct error *err);
