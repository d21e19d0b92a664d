/*
 * What figures of matrix products are held against, by the name of their device.
 */
#pragma once

#include "check/gpu/rates.h"

/* True when the part behind the GPU, "bf16:8192x8192x8192", is of that shape. */
bool gemm_is_shape(const char *part, const char *shape);

/* The query for the format that the part begins with; `title` and `size` are kept, not copied. */
struct reference_query gemm_query(const char *part, const char *title, const char *size);
