/*
 * The compiler of a GPU's maker, found at run time in a worker's child: NVIDIA's NVRTC
 * (libnvrtc.so.13, .12 or .11.2) or AMD's HIPRTC (libhiprtc.so.7 or .6), with our own declarations
 * of their binary interface, which is the same but for names. It makes kernels for the very GPU.
 */
#pragma once

#include "active/gpu_driver.h"

struct gpu_compiler;

/* Opens the library; lives as long as the child. ERROR_MISSING when there is none, or it lacks a
 * function. */
bool gpu_compiler_open(struct worker_port *port, enum gpu_maker maker,
		       const struct gpu_compiler **ret_compiler, struct error *err);

/* Compiles the kernels. NVIDIA: for "sm_90" to machine code, for "compute_90" to PTX. AMD: for
 * "gfx942", or with NULL for the device that is current, to a code object. The image ends with a
 * NUL that is not counted, and is the caller's to free. ERROR_UNSUPPORTED when the compiler
 * refuses, as for a GPU that it does not know, with the first line of its log. */
bool gpu_compile(const struct gpu_compiler *compiler, const struct kernel_source *source,
		 const char *architecture, char **ret_image, size_t *ret_size, struct error *err);
