/*
 * How many transmission errors a PCIe link may show. The specification allows a bit error rate of
 * 1e-12 (PCI Express Base Specification 6.0); at the full speed of a lane that makes 0.15 errors a
 * minute for generation 1, and 0.3, 0.48, 0.96, 1.92 and 3.84 for the next (NVIDIA DCGM 4.6.0
 * judges replays by the same figures).
 */
#pragma once

#include <stdbool.h>

/* Errors a minute that a link of so many GT/s and lanes may have, rounded up; false when there is
 * no such speed or width. */
bool pcie_budget(double speed, double lanes, double *ret_per_minute);
