/*
 * A list of matrix products, each made on all GPUs of the node at once.
 */
#pragma once

#include "active/gemm_child.h"

/* Makes them one after the other and adds what was measured, and of fixed shapes how far the GPUs
 * are apart. A GPU that cannot be opened, hangs or dies is named and left out from then on. */
void gemm_cases_run(struct active_run *run, const struct gemm_case *cases, size_t count);

/* What they are expected to take. */
int64_t gemm_cases_time_ns(const struct gemm_case *cases, size_t count);
